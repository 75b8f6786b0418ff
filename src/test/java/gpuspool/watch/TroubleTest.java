package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes wrong all day is said once, and once more when it is over. */
class TroubleTest {
    private final List<String> log = new ArrayList<>();
    private final Trouble trouble = new Trouble(log::add);

    @Test
    void sameTrouble_isSaidOnceAndCounted() {
        trouble.is("disk", "cannot write x.1: full");
        trouble.is("disk", "cannot write x.2: full");
        trouble.is("disk", "cannot write x.3: full");
        trouble.isOver("disk", "can write again");
        assertEquals(List.of("cannot write x.1: full", "can write again (after 3 tries that failed alike)"), log);
    }

    @Test
    void troubleThatChanges_isSaidAgain() {
        trouble.is("disk", "full");
        trouble.is("disk", "read-only");
        trouble.is("net", "down");
        trouble.isOver("disk", "can write again");
        trouble.is("disk", "full");
        assertEquals(List.of("full", "read-only", "down", "can write again", "full"), log);
    }

    @Test
    void noTrouble_isNeverOver() {
        trouble.isOver("disk", "can write again");
        trouble.is("disk", "full");
        trouble.forget("disk");
        trouble.isOver("disk", "can write again");
        assertEquals(List.of("full"), log);
    }

    private static long count(FaultBed bed, String words) {
        return bed.log().stream().filter(line -> line.contains(words)).count();
    }

    /** Of a real engine: its start fails at every try. */
    @Test
    void startThatAlwaysFails_isSaidOnce() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            boolean[] full = {true};
            int[] tries = {0};
            bed.drop("x.job", 1, 0);
            try (Life life = bed.life((step, call) -> {
                if (full[0] && step.is(Step.Kind.CREATE)) {
                    tries[0]++;
                    throw new IOException(step.path() + ": No space left on device");
                }
                return call.run();
            })) {
                life.recover();
                boolean unused = life.settle(50);
                assertTrue(tries[0] > 3, () -> tries[0] + " tries; " + bed.log());
                assertEquals(1, count(bed, "cannot start jobs"), bed.log()::toString);
                full[0] = false;
                life.drain();
            }
            assertEquals(1, count(bed, "jobs can be started again (after "), bed.log()::toString);
        }
    }

    @Test
    void jobThatCannotBeStarted_isSaidOnce() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            bed.drop("x.job", 1, 0);
            boolean unused = bed.life(KillAt.at(Step.Kind.OVERWRITE, 1, false)).run();
            Path script = Files.createDirectory(
                    bed.spool().resolve("running/x.1." + FaultBed.HOST).resolve("script"));
            try (Life life = bed.life(Meddler.none())) {
                life.recover();
                boolean unusedToo = life.settle(60);
                assertEquals(1, count(bed, "attention x.1: "), bed.log()::toString);
                Files.delete(script);
                life.drain();
            }
        }
    }
}
