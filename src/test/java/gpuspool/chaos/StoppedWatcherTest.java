package gpuspool.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A watcher that is stopped for a while (SIGSTOP, a suspended laptop, a debugger) in the middle of a burst, while jobs end and their
 * time runs out: nothing is lost, and limits are enforced late, but enforced.
 */
@Tag("chaos")
final class StoppedWatcherTest {
    private static final long SEED = Long.getLong("gpuspool.chaos.seed", System.nanoTime() & 0xffffff);
    private static final int STOPS = Integer.getInteger("gpuspool.chaos.stops", 2);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void stoppedAndContinued_losesNothingAndEnforcesLimits() throws Exception {
        Random random = new Random(SEED);
        try (SpoolTestBed bed = SpoolTestBed.create(SEED);
                WatcherProcess watcher = bed.watch()) {
            watcher.awaitWatching(bed.spool());
            for (int i = 0; i < STOPS; i++) {
                TestJob late = bed.submit(1, JobScripts.Kind.DEAF).get(0);
                for (int n = 0; n < 6; n++) {
                    bed.dropAny();
                }
                Awaitility.await("the one with a limit runs")
                        .atMost(LIMIT)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> started(bed, late));
                TimeUnit.MILLISECONDS.sleep(random.nextInt(100));
                List<ProcTable.Proc> stopped = bed.processes().stream()
                        .filter(p -> p.pid() == watcher.pid())
                        .toList();
                assertEquals(1, stopped.size());
                SpoolTestBed.signal("STOP", stopped);
                for (int n = 0; n < 6; n++) {
                    bed.dropAny();
                }
                // Its time of one second is over in the meantime.
                assertFalse(watcher.endsWithin(Duration.ofMillis(1500)));
                assertTrue(bed.running().containsKey(late.token()), "nobody is there to stop it");
                SpoolTestBed.signal("CONT", stopped);
            }
            bed.awaitAllFiled(LIMIT);
            assertEquals(List.of(), bed.checker().check(), "seed " + SEED + "\n" + watcher.output());
            for (TestJob job : bed.jobs()) {
                if (job.ending().equals(TestJob.TIMED_OUT)) {
                    Map<String, String> status = Tree.status(directoryOf(bed, job));
                    assertTrue(
                            Long.parseLong(status.getOrDefault("elapsed", "0")) >= 1000,
                            job + " " + status + "\n" + watcher.output());
                }
            }
            bed.passed();
        }
    }

    /** By its text: several may be called the same. */
    private static Path directoryOf(SpoolTestBed bed, TestJob job) throws IOException {
        for (Path directory : Tree.list(bed.spool().resolve("failed"))) {
            Path file = directory.resolve(job.name());
            if (Files.exists(file) && Files.readString(file).contains(job.token() + "\n")) {
                return directory;
            }
        }
        throw new AssertionError(job + " is not in failed/");
    }

    private static boolean started(SpoolTestBed bed, TestJob job) throws Exception {
        return bed.ledger().read().events().stream()
                .anyMatch(event ->
                        event.what().equals(Ledger.START) && event.token().equals(job.token()));
    }
}
