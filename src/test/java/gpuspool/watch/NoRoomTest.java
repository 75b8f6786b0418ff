package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.Tree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A disk that fills up anywhere in a watcher's life, for one call or for many: no job is lost, none runs twice, and once there is
 * room again this very watcher files them all with their true codes. {@code -Dgpuspool.sweep=all}: at every call.
 */
class NoRoomTest {
    private static final boolean ALL = "all".equals(System.getProperty("gpuspool.sweep"));
    private static final int ENDLESS = 1000;

    @ParameterizedTest
    @CsvSource({"1, false", "1, true", "7, false", "20, true"})
    void diskFull_thenRoomAgain(int calls, boolean halves) throws IOException {
        List<String> wrong = new ArrayList<>();
        int runs = 0;
        for (int k = 1; k < ENDLESS; k += ALL ? 1 : 4) {
            NoRoom disk = new NoRoom(k, calls, halves);
            try (FaultBed bed = FaultBed.simulated(2)) {
                Ordeal ordeal = Ordeal.lay(bed);
                try (Life life = bed.life(disk)) {
                    life.recover();
                    ordeal.live(life);
                } catch (IOException | AssertionError e) {
                    wrong.add(disk + ": " + e);
                    continue;
                }
                if (!disk.hit()) {
                    break;
                }
                runs++;
                List<String> violations = new ArrayList<>(bed.checker().check());
                if (disk.hitStatus()) {
                    violations.removeIf(LyingErrorsTest::isOnlyAboutWords);
                }
                violations.removeIf(violation -> violation.startsWith("left in tmp/"));
                violations.addAll(bed.sim().hurt());
                if (!violations.isEmpty()) {
                    wrong.add(disk + ": " + violations + "; log: " + bed.log());
                    continue;
                }
                bed.drain();
                String before = Tree.fingerprint(bed.spool());
                bed.drain();
                assertEquals(before, Tree.fingerprint(bed.spool()), disk::toString);
            }
        }
        System.out.println("disk full for " + calls + " calls" + (halves ? ", writes half done: " : ": ") + runs);
        assertTrue(runs > 10);
        assertEquals("", String.join("\n", wrong), "broken promises");
    }
}
