package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.TestJob;
import gpuspool.chaos.Tree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Jobs that come after one another, one chain that succeeds and one that does not, and a circle: whatever call their watcher is killed at, none starts too
 * early, none twice, and all are filed as if nothing had been. {@code -Dgpuspool.sweep=all}: all pairs of kills.
 */
class AfterSweepTest {
    private static final boolean ALL = "all".equals(System.getProperty("gpuspool.sweep"));
    /** Enough for every step of a run; a run has no more. */
    private static final int ENDLESS = 2000;

    /** What is to run, in this order. */
    private static List<TestJob> dropAll(FaultBed bed) throws IOException {
        TestJob good3 = bed.dropWith("after=good2", "good3.job", 0);
        TestJob good2 = bed.dropWith("after=good1", "good2.job", 0);
        TestJob good1 = bed.drop("good1.job", 1, 0);
        bed.dropInVain("after=bad2", "bad3.job");
        bed.dropInVain("after=bad1", "bad2.job");
        bed.drop("bad1.job", 1, 3);
        bed.dropInVain("after=tied2", "tied1.job");
        bed.dropInVain("after=tied1", "tied2.job");
        return List.of(good1, good2, good3);
    }

    private static void assertKept(FaultBed bed, List<TestJob> chain, String what) throws IOException {
        bed.assertKept(what);
        List<String> lines = new ArrayList<>();
        bed.ledger().read().events().forEach(event -> lines.add(event.what() + " " + event.token()));
        int before = -1;
        for (TestJob job : chain) {
            int start = lines.indexOf("start " + job.token());
            assertTrue(start > before, () -> what + ": too early: " + lines + "; log: " + bed.log());
            before = lines.indexOf("end " + job.token());
        }
    }

    @ParameterizedTest
    @EnumSource(KillAt.Moment.class)
    void killedOnce(KillAt.Moment moment) throws IOException {
        // Between them the moments meet every step.
        int k = 1 + (ALL ? 0 : List.of(KillAt.Moment.values()).indexOf(moment) % 3);
        for (boolean through = false; !through && k < ENDLESS; k += ALL ? 1 : 7) {
            try (FaultBed bed = FaultBed.simulated(2)) {
                List<TestJob> chain = dropAll(bed);
                KillAt kill = new KillAt(moment, k);
                through = bed.life(kill).run();
                assertKept(bed, chain, kill.toString());
            }
        }
        System.out.println("dependants, kills " + moment + ": " + (k - 2));
        assertTrue(k > 10 && k < ENDLESS);
    }

    @Test
    void killedTwice() throws IOException {
        int pairs = 0;
        int k = 1;
        for (boolean through = false; !through && k < ENDLESS; k += ALL ? 1 : 17) {
            for (int m = 1 + (ALL ? 0 : k % 11); m < ENDLESS; m += ALL ? 1 : 11) {
                KillAt first = new KillAt(KillAt.Moment.AFTER, k);
                KillAt second = new KillAt(KillAt.Moment.AFTER, m);
                try (FaultBed bed = FaultBed.simulated(2)) {
                    List<TestJob> chain = dropAll(bed);
                    through = bed.life(first).run();
                    boolean secondThrough = bed.life(second).run();
                    assertKept(bed, chain, first + ", then " + second);
                    pairs++;
                    if (through || secondThrough) {
                        break;
                    }
                }
            }
        }
        System.out.println("dependants, pairs of kills: " + pairs);
        assertTrue(pairs > 10);
    }

    /** The machine stops as well: what was running is interrupted, and refuses what comes after it; nothing starts that should not. */
    @Test
    void killedAndRebooted_whatComesAfterTheInterruptedIsRefused() throws IOException {
        int refused = 0;
        int k = 1;
        for (boolean through = false; !through && k < ENDLESS; k += ALL ? 1 : 7) {
            try (FaultBed bed = FaultBed.simulated(2)) {
                List<TestJob> chain = dropAll(bed);
                through = bed.life(new KillAt(KillAt.Moment.AFTER, k)).run();
                bed.sim().powerOff();
                try (Life life = bed.lifeAfterBoot(Meddler.none(), "22222222-boot")) {
                    life.recover();
                    life.drain();
                }
                assertEquals(List.of(), Tree.list(bed.places().running()), bed.log()::toString);
                assertEquals(List.of(), Tree.list(bed.places().incoming()), bed.log()::toString);
                for (TestJob job : chain) {
                    assertTrue(bed.starts(job) <= 1, () -> job.name() + " twice; log: " + bed.log());
                }
                boolean interrupted = bed.log().stream().anyMatch(line -> line.contains("good1.1 was interrupted"));
                if (interrupted) {
                    refused++;
                    assertEquals(0, bed.starts(chain.get(2)), bed.log()::toString);
                }
            }
        }
        System.out.println("dependants, refused after a reboot: " + refused);
        assertTrue(refused > 0);
    }
}
