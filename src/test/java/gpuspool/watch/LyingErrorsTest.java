package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.Tree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Error numbers decide nothing: whatever is reported for whichever call, done or not, the job runs once and is filed, by this very
 * watcher, as soon as the times that it keeps away after trouble are over. {@code -Dgpuspool.sweep=all}: every error at every call.
 */
class LyingErrorsTest {
    private static final boolean ALL = "all".equals(System.getProperty("gpuspool.sweep"));
    private static final int ENDLESS = 2000;
    /** Calls between two lies of one kind; with six kinds at different offsets, every fifth call is lied about. */
    private static final int STRIDE = 29;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyCall_reportedAsFailed(boolean done) throws IOException {
        List<String> left = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        int runs = 0;
        int length = ENDLESS;
        for (LieAt.Lie lie : LieAt.Lie.values()) {
            int first = ALL ? 1 : 1 + 5 * List.of(LieAt.Lie.values()).indexOf(lie) + (done ? 2 : 0);
            for (int k = first; k < length; k += ALL ? 1 : STRIDE) {
                LieAt lies = new LieAt(lie, done, k);
                try (FaultBed bed = FaultBed.simulated(2)) {
                    Ordeal ordeal = Ordeal.lay(bed);
                    boolean judged = true;
                    try (Life life = bed.life(lies)) {
                        judged = recovers(life);
                        if (judged) {
                            ordeal.live(life);
                        }
                    } catch (IOException e) {
                        left.add(lies + ": " + e);
                        judged = false;
                    } catch (AssertionError e) {
                        wrong.add(lies + ": " + e.getMessage());
                        continue;
                    }
                    if (!judged) {
                        ordeal.finish();
                    }
                    if (!lies.hit()) {
                        length = k;
                        break;
                    }
                    runs++;
                    List<String> violations = new ArrayList<>(bed.checker().check());
                    if (lies.hitStatus()) {
                        // A failed append stops nothing, so the words of an ending may be missing; the mark has the
                        // code.
                        violations.removeIf(LyingErrorsTest::isOnlyAboutWords);
                    }
                    // tmp/ is tidied by the next watcher.
                    violations.removeIf(violation -> violation.startsWith("left in tmp/"));
                    violations.addAll(bed.sim().hurt());
                    if (!violations.isEmpty()) {
                        wrong.add(lies + ": " + violations + "; log: " + bed.log());
                        continue;
                    }
                    bed.drain();
                    String before = Tree.fingerprint(bed.spool());
                    bed.drain();
                    assertEquals(before, Tree.fingerprint(bed.spool()), lies::toString);
                    assertEquals(0, Tree.list(bed.spool().resolve("tmp")).size(), lies::toString);
                }
            }
        }
        System.out.println("lying errors: " + runs + (done ? ", done" : ", not done"));
        assertTrue(runs > 30);
        assertEquals("", String.join("\n", wrong), "broken promises");
        assertEquals("", String.join("\n", left), "the watcher left because of one error");
    }

    /** Before everything has been judged nothing may be claimed: a watcher that cannot look does not start. */
    private static boolean recovers(Life life) {
        try {
            life.recover();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether only words in status are missing, which a failed append may cost; the mark has the code. */
    static boolean isOnlyAboutWords(String violation) {
        return violation.matches(".*(no ended in status|the ending is null, .*|exit in status is null"
                + "|in done/ with the mark exit.0 and the ending |the ending is , must be (exited|refused|cancelled))");
    }
}
