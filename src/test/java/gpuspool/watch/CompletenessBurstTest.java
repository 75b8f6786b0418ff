package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many files at once, and files that come while nobody looks yet. */
@Timeout(90)
final class CompletenessBurstTest {
    private static final int BURST = 2000;

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

    /** More events than inotify's queue and the library hold. All but a few can never run, which is the quickest to see. */
    @Test
    void twoThousandFilesAtOnce_noneIsLost() throws Exception {
        Process watcher = bed.watch("sim:1");
        Files.createFile(bed.spool.resolve("control/pause"));
        List<Thread> writers = new ArrayList<>();
        for (int w = 0; w < 4; w++) {
            int first = w * BURST / 4;
            writers.add(new Thread(() -> {
                for (int i = first; i < first + BURST / 4; i++) {
                    write(bed.incoming("j" + i + ".job"), "#GPUSPOOL gpus=" + (i % 200 == 0 ? 1 : 0) + "\ntrue\n");
                }
            }));
        }
        writers.forEach(Thread::start);
        for (Thread writer : writers) {
            writer.join();
        }
        bed.await("all are in the queue", () -> bed.waiting().contains("… and " + (BURST - 1000) + " more"));
        // Most are taken out again: the watcher must notice that as well.
        for (int i = 0; i < BURST; i++) {
            if (i % 50 != 0) {
                Files.delete(bed.incoming("j" + i + ".job"));
            }
        }
        Files.delete(bed.spool.resolve("control/pause"));
        bed.await("the rest has run", () -> bed.names("done").size() == BURST / 50);
        assertEquals(List.of(), bed.names("incoming"));
        assertTrue(watcher.isAlive());
    }

    @Test
    void droppedWhileTheWatcherStarts_noneIsLost() throws Exception {
        assertEquals(0, bed.once("sim:2"));
        int dropped = 0;
        for (int round = 0; round < 3; round++) {
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
