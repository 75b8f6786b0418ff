package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A watcher killed at every single step it takes: k = 1, 2, 3 … until a run does not come that far. The next one finishes
 * everything, each job runs once, and the one after that finds nothing to do. {@code -Dgpuspool.sweep=all}: all pairs of kills.
 */
class KillSweepTest {
    private static final boolean ALL = "all".equals(System.getProperty("gpuspool.sweep"));
    /** Enough for every step of a run; a run has no more. */
    private static final int ENDLESS = 1000;

    private static void dropAll(FaultBed bed) throws IOException {
        bed.drop("one.job", 1, 0);
        bed.drop("two.job", 2, 0);
        bed.dropBad("bad.toml");
        bed.drop("fails.job", 1, 3);
    }

    /** A kill before one change is one after the change before it, so the dear jobs are spared those. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BEFORE")
    void killedOnce_withRealJobs(KillAt.Moment moment) throws IOException {
        killOnce(moment, true);
    }

    @ParameterizedTest
    @EnumSource(KillAt.Moment.class)
    void killedOnce(KillAt.Moment moment) throws IOException {
        killOnce(moment, false);
    }

    private static void killOnce(KillAt.Moment moment, boolean real) throws IOException {
        int k = 1;
        for (; k < ENDLESS; k++) {
            try (FaultBed bed = real ? FaultBed.real(3) : FaultBed.simulated(3)) {
                dropAll(bed);
                KillAt kill = new KillAt(moment, k);
                boolean through = bed.life(kill).run();
                bed.assertKept(kill.toString());
                if (through) {
                    break;
                }
            }
        }
        System.out.println("kill sweep, " + (real ? "real" : "simulated") + " jobs: " + (k - 1) + " kills " + moment);
        assertTrue(k > 10 && k < ENDLESS);
    }

    /** What is declared on a card is never more than it has, whoever starts the rest. */
    @Test
    void killedOnce_jobsShareACard() throws IOException {
        int k = 1;
        for (boolean through = false; !through && k < ENDLESS; k += ALL ? 1 : 9) {
            try (FaultBed bed = FaultBed.simulated(1)) {
                bed.dropSharing("a.job", 30);
                bed.dropSharing("b.job", 40);
                bed.drop("whole.job", 1, 0);
                bed.dropSharing("c.job", 30);
                bed.dropSharing("d.job", 10);
                KillAt kill = new KillAt(KillAt.Moment.AFTER, k);
                through = bed.life(kill).run();
                for (int i = 0; i < k % 4; i++) {
                    boolean unused = bed.sim().step();
                }
                bed.assertKept(kill.toString());
            }
        }
        System.out.println("kill sweep, jobs share a card: up to kill " + k);
        assertTrue(k > 10 && k < ENDLESS);
    }

    @ParameterizedTest
    @EnumSource(KillAt.Moment.class)
    void killedTwice(KillAt.Moment moment) throws IOException {
        int pairs = 0;
        int k = 1;
        for (boolean through = false; !through; k += ALL ? 1 : 11) {
            for (int m = 1 + (ALL ? 0 : k % 5); ; m += ALL ? 1 : 9) {
                KillAt first = new KillAt(moment, k);
                KillAt second = new KillAt(KillAt.Moment.AFTER, m);
                try (FaultBed bed = FaultBed.simulated(3)) {
                    dropAll(bed);
                    through = bed.life(first).run();
                    boolean secondThrough = bed.life(second).run();
                    bed.assertKept(first + ", then " + second);
                    pairs++;
                    if (through || secondThrough) {
                        break;
                    }
                }
            }
        }
        System.out.println("kill sweep, pairs: " + pairs + " with the first " + moment);
        assertTrue(pairs > 10);
    }

    /** While the first one is away, jobs come to their end, or only as far as their first instruction. */
    @Test
    void killedOnce_jobsLiveOnMeanwhile() throws IOException {
        List<Integer> lengths = new ArrayList<>();
        for (int steps = 0; steps <= 8; steps++) {
            int k = ALL ? 1 : 1 + steps % 7;
            for (; k < ENDLESS; k += ALL ? 1 : 7) {
                try (FaultBed bed = FaultBed.simulated(3)) {
                    dropAll(bed);
                    KillAt kill = new KillAt(KillAt.Moment.AFTER, k);
                    boolean through = bed.life(kill).run();
                    for (int i = 0; i < steps; i++) {
                        boolean unused = bed.sim().step();
                    }
                    bed.assertKept(kill + ", jobs " + steps + " steps further");
                    if (through) {
                        break;
                    }
                }
            }
            lengths.add(k);
        }
        System.out.println("kill sweep, jobs live on, runs until change " + lengths);
    }
}
