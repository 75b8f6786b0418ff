package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A round of starts that finds everything as it was. */
final class QuietRoundTest {
    @Test
    void nothingChangedSinceTheLastRound_nothingIsTouched() throws IOException {
        try (FaultBed bed = FaultBed.simulated(2)) {
            List<String> steps = new ArrayList<>();
            Meddler witness = (step, call) -> {
                steps.add(step.toString());
                return call.run();
            };
            try (Life life = bed.life(witness)) {
                bed.dropEndless("long.job", 1);
                life.recover();
                life.work();
                bed.drop("both.job", 2, 0);
                bed.drop("behind.job", 1, 0);
                life.tell(new Inbox.Rescan());
                life.work();
                assertEquals(
                        "both.job",
                        life.engine().starting().blocked().orElseThrow().name());
                assertEquals(1, life.engine().book().kept().size(), "it gathers");
                assertTrue(steps.size() > 20, "what is done is seen: " + steps);
                steps.clear();
                for (int i = 0; i < 3; i++) {
                    life.engine().turn();
                }
                // Requests are looked for before every round, by the contract.
                assertEquals(3, steps.size(), steps.toString());
                assertEquals(Set.of("LIST spool/control"), Set.copyOf(steps));
            }
        }
    }
}
