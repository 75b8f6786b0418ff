package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many files at once, and files that come while nobody looks. Of the burst only a sample runs: {@code -Dgpuspool.burst.run=50000}
 * makes a campaign of it, as {@code -Dgpuspool.burst.starts=1000} does of the watcher's starts.
 */
final class CompletenessBurstTest {
    private static final int BURST = Integer.getInteger("gpuspool.burst", 20_000);
    private static final int RUN = Integer.getInteger("gpuspool.burst.run", 50);
    private static final int STARTS = Integer.getInteger("gpuspool.burst.starts", 2);

    @TempDir
    private Path temp;

    private WatcherBed bed;

    @BeforeEach
    void open() throws IOException {
        bed = new WatcherBed(temp);
    }

    @AfterEach
    void close() throws IOException {
        bed.close();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void drop(int from, int to) throws InterruptedException {
        List<Thread> writers = new ArrayList<>();
        for (int w = 0; w < 4; w++) {
            int first = from + w;
            writers.add(new Thread(() -> {
                for (int i = first; i < to; i += 4) {
                    write(bed.incoming("j" + i + ".job"), "#GPUSPOOL gpus=" + (i % 200 == 0 ? 1 : 0) + "\ntrue\n");
                }
            }));
        }
        writers.forEach(Thread::start);
        for (Thread writer : writers) {
            writer.join();
        }
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        String pid = Long.toString(process.pid());
        assertEquals(0, new ProcessBuilder("kill", "-" + name, pid).start().waitFor());
    }

    /** More events than inotify's queue and the library hold, half of them while the watcher is stopped. */
    @Test
    @Timeout(24 * 60 * 60)
    void burstOfFiles_noneIsLost() throws Exception {
        Process watcher = bed.watch("sim:1");
        Path pause = Files.createFile(bed.spool.resolve("control/pause"));
        drop(0, BURST / 2);
        signal("STOP", watcher);
        drop(BURST / 2, BURST);
        signal("CONT", watcher);
        awaitLong("all are in the queue", () -> bed.waiting().contains("… and " + (BURST - 1000) + " more"));
        // Most are taken out again: the watcher must notice that as well.
        for (int i = 0; i < BURST; i++) {
            if (i % (BURST / RUN) != 0) {
                Files.delete(bed.incoming("j" + i + ".job"));
            }
        }
        Files.delete(pause);
        awaitLong("the rest has run", () -> bed.names("done").size() == RUN);
        assertEquals(List.of(), bed.names("incoming"));
        assertTrue(watcher.isAlive());
    }

    private void awaitLong(String what, Callable<Boolean> condition) {
        Awaitility.await(what + " in " + bed.spool)
                .atMost(Duration.ofSeconds(60).plusMillis(RUN * 50L))
                .pollInterval(Duration.ofMillis(200))
                .until(condition);
    }

    @Test
    @Timeout(24 * 60 * 60)
    void droppedWhileTheWatcherStarts_noneIsLost() throws Exception {
        assertEquals(0, bed.once("sim:2"));
        int dropped = 0;
        for (int round = 0; round < STARTS; round++) {
            Process watcher = bed.start("sim:2");
            boolean watching = false;
            while (!watching) {
                watching = bed.log().contains("watching ");
                bed.drop("d" + ++dropped + ".job", "#GPUSPOOL gpus=0\ntrue\n");
                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            }
            int all = dropped;
            bed.await("all of them are done", () -> bed.names("done").size() == all);
            WatcherBed.kill(watcher);
        }
    }
}
