package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.Tree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two watchers on one spool at once, as if nothing had kept the second one out: each job runs once all the same.
 * {@code -Dgpuspool.sweep=all}: at every call. */
class TwoWatchersTest {
    private static final boolean ALL = "all".equals(System.getProperty("gpuspool.sweep"));
    private static final int ENDLESS = 2000;

    /** Before its k-th call the first watcher is held up while the second does all it can. */
    @Test
    void second_comesWhileTheFirstIsHeldUp() throws IOException {
        sweep(false, 0);
    }

    @Test
    void second_worksOnWhileTheFirstIsHeldUp() throws IOException {
        sweep(true, 0);
    }

    /** The second stops in the middle of its own work, the first goes on, then both. */
    @Test
    void second_isItselfHeldUp() throws IOException {
        for (int turns = 1; turns <= 5; turns++) {
            sweep(turns % 2 == 0, turns);
        }
    }

    @Test
    void both_letJobsShareACard() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (int k = 1; k < ENDLESS; k += ALL ? 1 : 11) {
            try (FaultBed bed = FaultBed.simulated(1)) {
                bed.dropSharing("a.job", 30);
                bed.dropSharing("b.job", 40);
                bed.dropSharing("c.job", 30);
                bed.drop("whole.job", 1, 0);
                Duel duel = new Duel(bed, k, k % 4);
                duel.fight(k % 2 == 0);
                if (!duel.cameToIt()) {
                    break;
                }
                bed.checker().check().forEach(violation -> wrong.add(duel + ": " + violation + "; log: " + bed.log()));
            }
        }
        assertEquals("", String.join("\n", wrong));
    }

    private static void sweep(boolean thereBefore, int turns) throws IOException {
        List<String> wrong = new ArrayList<>();
        int k = 1;
        int stride = ALL ? 1 : turns == 0 ? 3 : 8;
        for (k += turns % stride; k < ENDLESS; k += stride) {
            try (FaultBed bed = FaultBed.simulated(3)) {
                bed.drop("one.job", 1, 0);
                bed.drop("two.job", 2, 0);
                bed.dropBad("bad.toml");
                bed.drop("fails.job", 1, 3);
                Duel duel = new Duel(bed, k, turns);
                duel.fight(thereBefore);
                if (!duel.cameToIt()) {
                    break;
                }
                List<String> violations = new ArrayList<>(bed.checker().check());
                violations.addAll(bed.sim().hurt());
                if (!violations.isEmpty()) {
                    wrong.add(duel + ": " + violations + "; log: " + bed.log());
                    continue;
                }
                String before = Tree.fingerprint(bed.spool());
                bed.drain();
                assertEquals(before, Tree.fingerprint(bed.spool()), duel::toString);
            }
        }
        System.out.println("two watchers: " + k + " calls, the second "
                + (thereBefore ? "there from the start" : "comes later")
                + (turns == 0 ? "" : ", for " + turns + " turns"));
        assertTrue(k > 50 && k < ENDLESS);
        assertEquals("", String.join("\n", wrong));
    }
}
