package gpuspool.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A small disk that really fills up while jobs wait, run and end, and is emptied again. {@code -Dgpuspool.chaos.fulldisks=50}: so
 * many times, the same watcher all along; by default once, and then another one comes, which need not wait ten seconds.
 */
@Tag("chaos")
final class FullDiskTest {
    private static final long SEED = Long.getLong("gpuspool.chaos.seed", System.nanoTime() & 0xffffff);
    private static final int FILLS = Integer.getInteger("gpuspool.chaos.fulldisks", 0);
    private static final Duration LIMIT = Duration.ofSeconds(90);
    /** Little output, so that it fits into what a file has already. */
    private static final List<JobScripts.Kind> KINDS = List.of(
            JobScripts.Kind.TRUE,
            JobScripts.Kind.FAILS,
            JobScripts.Kind.NAP,
            JobScripts.Kind.TWO_CARDS,
            JobScripts.Kind.NO_CARD,
            JobScripts.Kind.TOML,
            JobScripts.Kind.REFUSED);

    @Test
    void diskFull_runningJobsEndTrulyAndTheOthersStartWhenThereIsRoom() throws Exception {
        Path root = Files.createTempDirectory("gpuspool-full-");
        Path disk = Files.createDirectory(root.resolve("disk"));
        mountOrSkip(disk);
        Random random = new Random(SEED);
        SpoolTestBed bed = SpoolTestBed.create(root, disk, SEED);
        try {
            WatcherProcess watcher = bed.watch("--set", "min_free_disk=0B");
            try {
                watcher.awaitWatching(bed.spool());
                for (int i = 0; i < Math.max(1, FILLS); i++) {
                    bed.submit(2, JobScripts.Kind.LONG);
                    bed.submit(1 + random.nextInt(6), KINDS.get(random.nextInt(KINDS.size())));
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(400));
                    Path filler = fill(disk);
                    List<TestJob> queued = new ArrayList<>();
                    for (int n = 0; n < 4; n++) {
                        dropWhereThereIsRoom(bed, bed.scripts().make(KINDS.get(random.nextInt(KINDS.size()))), queued);
                    }
                    assertFalse(watcher.endsWithin(Duration.ofMillis(2500)), "the watcher ended by itself");
                    Files.delete(filler);
                    if (FILLS == 0) {
                        assertTrue(watcher.kill());
                        watcher = bed.watch("--set", "min_free_disk=0B");
                    }
                }
                bed.awaitAllFiled(LIMIT);
                List<String> violations = new ArrayList<>(bed.checker().check());
                // What a job could not print is the job's own loss; so are words of an ending that has a code.
                violations.removeIf(violation -> violation.matches(".*(output.log has .*|no ended in status"
                        + "|the ending is null, .*|exit in status is null"
                        + "|the ending is , must be (exited|refused)|in done/ with the mark exit.0 and the ending )"));
                assertEquals(List.of(), violations, "seed " + SEED + "\n" + watcher.output());
                bed.passed();
            } finally {
                watcher.close();
            }
        } finally {
            SpoolTestBed.signal("KILL", bed.processes());
            umount(disk);
            bed.close();
        }
    }

    private static void dropWhereThereIsRoom(SpoolTestBed bed, TestJob job, List<TestJob> queued) throws IOException {
        try {
            if (bed.drop(job)) {
                queued.add(job);
            }
        } catch (IOException e) {
            Files.deleteIfExists(bed.spool().resolveSibling("staging").resolve(job.name()));
        }
    }

    private static Path fill(Path disk) throws IOException {
        Path filler = disk.resolve("filler");
        byte[] block = new byte[1024];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("No space left"), e.toString());
        }
        return filler;
    }

    private static void mountOrSkip(Path disk) throws IOException, InterruptedException {
        Process mount = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=1m", "none", disk.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assumeTrue(mount.waitFor() == 0, "needs root, to mount a small disk: " + said);
    }

    private static void umount(Path disk) throws IOException, InterruptedException {
        Process umount =
                new ProcessBuilder("umount", "-l", disk.toString()).inheritIO().start();
        assertEquals(0, umount.waitFor());
    }
}
