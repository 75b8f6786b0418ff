package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A watcher that grants cards to processes, killed at every single step, while these go on as far as they come, die or are cancelled:
 * no card is ever had twice, and each is filed by what it did. {@code -Dgpuspool.sweep=all}: with all steps of theirs.
 */
final class ForegroundKillTest {
    private static final boolean ALL = "all".equals(System.getProperty("gpuspool.sweep"));
    private static final int ENDLESS = 1000;
    /** The steps of a process from its wait to its end, and some more. */
    private static final int MOST_STEPS = SimTaker.Act.values().length * 2;

    private interface Deed {
        void on(FaultBed bed, SimTaker first, int steps) throws IOException;
    }

    private static void sweep(KillAt.Moment moment, boolean endless, Deed deed) throws IOException {
        int k = 1;
        for (boolean through = false; !through && k < ENDLESS; k++) {
            for (int steps = ALL ? 0 : k % 7; steps < MOST_STEPS; steps += ALL ? 1 : 7) {
                try (FaultBed bed = FaultBed.simulated(2)) {
                    SimTaker first = bed.dropTaker("a.toml", 1, endless);
                    SimTaker second = bed.dropTaker("b.toml", 2, false);
                    bed.drop("c.job", 1, 0);
                    KillAt kill = new KillAt(moment, k);
                    through = endless
                            ? runUntilBegun(bed, kill, first)
                            : bed.life(kill).run();
                    for (int i = 0; i < steps; i++) {
                        boolean unused = bed.sim().step();
                    }
                    deed.on(bed, first, steps);
                    bed.assertKept(kill + ", " + steps + " steps further");
                    assertTrue(second.began(), "the second one had its turn");
                }
            }
        }
        assertTrue(k > 10 && k < ENDLESS, k + " kills");
    }

    /** Whether it came to that before it was killed. */
    private static boolean runUntilBegun(FaultBed bed, KillAt kill, SimTaker taker) throws IOException {
        try (Life life = bed.life(kill)) {
            life.recover();
            for (int i = 0; i < 400 && !taker.began(); i++) {
                boolean unused = life.turn();
            }
            return taker.began() && !kill.hit();
        } catch (Killed e) {
            return false;
        }
    }

    /** A kill before one change is one after the change before it. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BEFORE")
    void killed_processesGoOnMeanwhile(KillAt.Moment moment) throws IOException {
        sweep(moment, false, (bed, first, steps) -> {});
    }

    @Test
    void killed_oneDiesMeanwhile() throws IOException {
        sweep(KillAt.Moment.AFTER, false, (bed, first, steps) -> {
            if (!first.isDead()) {
                first.die();
            }
        });
    }

    @Test
    void killed_oneIsCancelledMeanwhile() throws IOException {
        sweep(KillAt.Moment.AFTER, true, (bed, first, steps) -> cancel(bed));
    }

    /** Where it lies in the queue yet, a watcher is waited for. */
    private static void cancel(FaultBed bed) throws IOException {
        Optional<Path> directory = directory(bed);
        for (int i = 0; i < 400 && directory.isEmpty(); i++) {
            try (Life life = bed.life(Meddler.none())) {
                life.recover();
                boolean unused = life.turn();
            }
            directory = directory(bed);
        }
        Files.createFile(directory.orElseThrow().resolve("cancel"));
    }

    private static Optional<Path> directory(FaultBed bed) throws IOException {
        return Tree.list(bed.spool().resolve("running")).stream()
                .filter(path -> Files.exists(path.resolve("a.toml")))
                .findFirst();
    }
}
