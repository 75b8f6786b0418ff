package gpuspool.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Power cuts on a real file system: everything is stopped in mid-work, the disk is copied as it is at that moment, and a machine
 * with another boot id goes on with the copy. What the page cache had not written is lost. The ledger, on another disk, knows
 * what had really started.
 */
@Tag("chaos")
final class PowerCutTest {
    private static final long SEED = Long.getLong("gpuspool.chaos.seed", System.nanoTime() & 0xffffff);
    private static final int CUTS = Integer.getInteger("gpuspool.chaos.powercuts", 4);
    private static final Duration DRAIN = Duration.ofMinutes(2);

    @Test
    void whatHadStarted_isNeverLostAndNeverStartsAgain() throws Exception {
        int started = 0;
        for (int cut = 0; cut < CUTS; cut++) {
            started += cutOnce(SEED + cut);
        }
        System.out.printf("chaos: seed %d: %d power cuts on ext4, %d jobs had started%n", SEED, CUTS, started);
        assertTrue(started > 0, "no job had started at any of the power cuts");
    }

    private static int cutOnce(long seed) throws Exception {
        Random random = new Random(seed);
        Path root = Files.createTempDirectory("gpuspool-power-");
        Path image = root.resolve("disk.img");
        Path after = root.resolve("after.img");
        Path mount = root.resolve("disk");
        LoopDisk disk = mountOrSkip(image, mount);
        SpoolTestBed bed = SpoolTestBed.create(root, mount, seed);
        Set<String> before;
        try (disk;
                WatcherProcess watcher = bed.watch()) {
            watcher.awaitWatching(bed.spool());
            long end = System.nanoTime() + (100 + random.nextInt(1500)) * 1_000_000L;
            while (System.nanoTime() < end) {
                bed.drop(bed.scripts().any());
                assertFalse(watcher.endsWithin(Duration.ofMillis(10)), "the watcher ended by itself");
            }
            SpoolTestBed.signal("STOP", bed.processes());
            Files.copy(image, after);
            before = tokensStarted(bed);
            bed.cutPower();
        }
        LoopDisk copy = LoopDisk.mount(after, mount);
        try (copy) {
            bed.bootId(UUID.randomUUID().toString());
            before.forEach(token -> bed.harm(token, SpoolChecker.Harm.POWER_LOST));
            assertEquals(0, bed.once(DRAIN), "seed " + seed + ", kept in " + root);
            check(bed, before, "seed " + seed + ", kept in " + root);
            bed.passed();
        }
        bed.close();
        return before.size();
    }

    private static LoopDisk mountOrSkip(Path image, Path mount) throws InterruptedException {
        try {
            return LoopDisk.make(image, mount);
        } catch (IOException e) {
            assumeTrue(false, "needs root, mkfs.ext4 and loop devices: " + e.getMessage());
            throw new AssertionError(e);
        }
    }

    private static Set<String> tokensStarted(SpoolTestBed bed) throws IOException {
        Set<String> tokens = new HashSet<>();
        for (Ledger.Event event : bed.ledger().read().events()) {
            if (event.what().equals(Ledger.START)) {
                tokens.add(event.token());
            }
        }
        return tokens;
    }

    private static void check(SpoolTestBed bed, Set<String> before, String where) throws IOException {
        Map<String, Integer> starts = new HashMap<>();
        for (Ledger.Event event : bed.ledger().read().events()) {
            if (event.what().equals(Ledger.START)) {
                starts.merge(event.token(), 1, Integer::sum);
            }
        }
        List<String> wrong = new ArrayList<>();
        for (TestJob job : bed.jobs()) {
            int count = starts.getOrDefault(job.token(), 0);
            int places = placesOf(bed, job).size();
            if (count > 1) {
                wrong.add(job.name() + " was started " + count + " times");
            }
            if (before.contains(job.token()) && places != 1) {
                wrong.add(job.name() + " had started and now lies in " + placesOf(bed, job));
            }
            if (places > 1) {
                wrong.add(job.name() + " lies in " + placesOf(bed, job));
            }
        }
        assertEquals(List.of(), wrong, where);
    }

    private static List<Path> placesOf(SpoolTestBed bed, TestJob job) throws IOException {
        List<Path> places = new ArrayList<>();
        for (String place : List.of("incoming", "running", "done", "failed", "tmp")) {
            try (var files = Files.walk(bed.spool().resolve(place), 2)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    if (Tree.isDrop(file.getFileName().toString())
                            && Files.readString(file).equals(job.text())) {
                        places.add(bed.spool().relativize(file));
                    }
                }
            }
        }
        return places;
    }
}
