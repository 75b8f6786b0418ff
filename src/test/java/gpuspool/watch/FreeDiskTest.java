package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.TestJob;
import gpuspool.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code min_free_disk}: nothing new starts on a disk that is nearly full, and what runs is filed. */
class FreeDiskTest {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final String FULL = "512 MiB free on the spool's file system, min_free_disk is 1.0 GiB; nothing new"
            + " starts until there is more";

    private long free = 512 * MIB;
    private int asked;

    private Meddler disk() {
        return (step, call) -> {
            if (!step.is(Step.Kind.SPACE)) {
                return call.run();
            }
            asked++;
            if (free < 0) {
                throw new IOException("Input/output error");
            }
            return free;
        };
    }

    private static List<Path> below(Path directory) throws IOException {
        try (var all = Files.list(directory)) {
            return all.toList();
        }
    }

    private static long said(FaultBed bed, String words) {
        return bed.log().stream().filter(line -> line.contains(words)).count();
    }

    @Test
    void belowTheLimit_nothingIsClaimed_aboveItAllRuns() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            bed.set(FaultBed.settings(Settings.Durability.FULL, GIB));
            TestJob job = bed.drop("x.job", 1, 0);
            bed.dropBad("bad.toml");
            try (Life life = bed.life(disk())) {
                life.recover();
                boolean drained = life.settle(60);
                assertTrue(!drained, "both wait");
                assertEquals(List.of(), below(bed.spool().resolve("running")));
                assertEquals(List.of(), below(bed.spool().resolve("failed")));
                assertEquals(FULL, life.engine().starting().haltedBecause().orElse(""));
                assertEquals(
                        List.of(FULL + "; running jobs run on"), bed.attention().lines());
                assertEquals(1, said(bed, "min_free_disk"), bed.log()::toString);
                free = GIB;
                life.drain();
                assertEquals(List.of(), bed.attention().lines());
                assertEquals(1, said(bed, "there is room again"));
            }
            assertEquals(1, bed.starts(job));
            assertEquals(List.of(), bed.checker().check());
        }
    }

    /** It runs when the disk gets full, and ends. */
    @Test
    void runningJob_isFiled() throws IOException {
        free = 2 * GIB;
        try (FaultBed bed = FaultBed.simulated(1)) {
            bed.set(FaultBed.settings(Settings.Durability.FULL, GIB));
            TestJob job = bed.drop("x.job", 1, 3);
            TestJob next = bed.drop("y.job", 1, 0);
            try (Life life = bed.life(disk())) {
                life.recover();
                bed.turnUntilStarted(life, job);
                free = 0;
                // What was seen a moment ago counts.
                bed.sim().advanceTo(bed.sim().clocks().nanos() + 1_000_000_000L);
                bed.sim().finish();
                boolean unused = life.settle(20);
                assertTrue(
                        Files.exists(bed.spool().resolve("failed/x.1." + FaultBed.HOST + "/exit.3")),
                        bed.log()::toString);
                assertEquals(0, bed.starts(next));
                // Lowered while it waits.
                bed.set(FaultBed.settings(Settings.Durability.FULL, 0));
                life.drain();
            }
            assertEquals(1, bed.starts(next));
        }
    }

    @Test
    void claimedBefore_isNotStarted() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            bed.set(FaultBed.settings(Settings.Durability.FULL, GIB));
            TestJob job = bed.drop("x.job", 1, 0);
            free = GIB;
            boolean unused =
                    bed.life(disk().over(KillAt.at(Step.Kind.LAUNCH, 1, false))).run();
            free = 0;
            try (Life life = bed.life(disk())) {
                life.recover();
                boolean unusedToo = life.settle(40);
                assertEquals(0, bed.starts(job));
                free = GIB;
                life.drain();
            }
            assertEquals(1, bed.starts(job));
        }
    }

    @Test
    void roomThatCannotBeAsked_isNotRoom() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            bed.set(FaultBed.settings(Settings.Durability.FULL, GIB));
            TestJob job = bed.drop("x.job", 1, 0);
            free = -1;
            try (Life life = bed.life(disk())) {
                life.recover();
                boolean unused = life.settle(40);
                assertEquals(0, bed.starts(job));
                assertEquals(1, said(bed, "cannot be asked: Input/output error"), bed.log()::toString);
                free = GIB;
                life.drain();
            }
        }
    }

    /** Nobody asks where there is nothing to start, nor twice in a second; while it blocks, every five. */
    @Test
    void asking_isRare() throws IOException {
        free = GIB;
        try (FaultBed bed = FaultBed.simulated(1)) {
            bed.set(FaultBed.settings(Settings.Durability.FULL, GIB));
            try (Life life = bed.life(disk())) {
                life.recover();
                boolean unused = life.settle(1);
                assertEquals(0, asked);
                for (int i = 0; i < 20; i++) {
                    bed.drop("j" + i + ".job", 1, 0);
                }
                long before = bed.world().clocks().nanos();
                life.drain();
                long seconds = (bed.world().clocks().nanos() - before) / 1_000_000_000L;
                assertTrue(asked >= 1 && asked <= seconds + 1, asked + " times in " + seconds + " s");
                free = 0;
                asked = 0;
                bed.drop("last.job", 1, 0);
                before = bed.world().clocks().nanos();
                boolean unusedToo = life.settle(60);
                seconds = (bed.world().clocks().nanos() - before) / 1_000_000_000L;
                assertTrue(asked >= 2 && asked <= seconds / 5 + 1, asked + " times in " + seconds + " s");
            }
        }
    }

    @Test
    void sizes_areRoundedDown() {
        assertEquals("0 MiB", FreeDisk.size(MIB - 1));
        assertEquals("1023 MiB", FreeDisk.size(GIB - 1));
        assertEquals("1.0 GiB", FreeDisk.size(GIB));
        assertEquals("1.4 GiB", FreeDisk.size(GIB + GIB / 2 - 1));
        assertEquals("20.0 GiB", FreeDisk.size(20 * GIB));
    }
}
