package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.posix.QuickStart;
import gpuspool.spool.DiskFs;
import gpuspool.spool.Layout;
import gpuspool.spool.Removal;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records are cleaned away under the eyes of those who read them, and a clean is killed. */
class CleanRacesTest {
    private static final Duration HOW_LONG = Duration.ofSeconds(3);

    @TempDir
    Path directory;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
        spool.watched("sim:0");
    }

    private interface Work {
        void once(int round) throws IOException;
    }

    private static Thread repeat(AtomicBoolean over, AtomicReference<Throwable> thrown, Work work) {
        Thread thread = new Thread(() -> {
            try {
                for (int round = 1; !over.get(); round++) {
                    work.once(round);
                }
            } catch (IOException | RuntimeException | Error e) {
                thrown.set(e);
            }
        });
        thread.start();
        return thread;
    }

    /** Files a run as a watcher does: a cancel may want the same number, and one of the two gives way. */
    private void fileNext(int run, AtomicBoolean over) throws IOException {
        DiskFs fs = new DiskFs();
        Path dir = spool.jobDir("running", "a." + run, "exit.1", "", "ending = exited\n");
        Path filed = spool.root.resolve("failed").resolve(dir.getFileName());
        if (Files.exists(filed)) {
            fs.rename(dir, spool.root.resolve("tmp").resolve(dir.getFileName()));
            return;
        }
        Files.writeString(dir.resolve("reason"), "because\n");
        while (!over.get()) {
            try {
                fs.renameToFree(dir, filed);
                return;
            } catch (FileAlreadyExistsException e) {
                // A cancel looks for the number in running/ after it has made its directory, and takes that away again.
                assertTrue(Files.exists(dir), e.toString());
            }
        }
    }

    @Test
    void readers_neverStumbleOverWhatIsCleaned() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        threads.add(repeat(over, thrown, round -> {
            fileNext(round, over);
            Files.deleteIfExists(spool.root.resolve("incoming/a.job"));
        }));
        threads.add(repeat(
                over,
                thrown,
                round -> assertEquals("", spool.run("clean", "--keep", "0").err())));
        int seen = 0;
        long end = System.nanoTime() + HOW_LONG.toNanos();
        for (int i = 0; System.nanoTime() < end && thrown.get() == null; i++) {
            CliSpool.Result status = spool.run("status");
            assertEquals(0, status.status(), status.err());
            seen += status.out().contains("  failed: exit 1  ") ? 1 : 0;
            String verb = List.of("show", "log", "retry", "cancel").get(i % 4);
            CliSpool.Result result = spool.run(verb, "a");
            assertTrue(result.status() <= 1, result.toString());
            for (String line : result.err().lines().toList()) {
                assertTrue(
                        line.matches(
                                "gpuspool \\w+: (no job a in .*|a.* has ended already; .*|.* its record was removed"
                                        + " meanwhile.*|.* is (queued already|running now; .*)|a\\.\\d+ printed nothing.*"
                                        + "|a moves too fast .*|a could be any of .*"
                                        // What was cancelled may be cleaned away before it is recorded.
                                        + "|note: it is not in the record: .*; the cancel stands"
                                        // The directory is made file by file here.
                                        + "|a.* has not started yet; .*|a.* was removed before it ran)"),
                        line);
            }
        }
        over.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        if (thrown.get() != null) {
            throw new AssertionError("a thread failed", thrown.get());
        }
        assertTrue(seen > 0, "some were seen before they went");
    }

    private static List<Path> list(Path place) throws IOException {
        try (Stream<Path> entries = Files.list(place)) {
            return entries.toList();
        }
    }

    @Test
    void killedClean_leavesWholeRecordsAndASweepTidiesTheRest() throws Exception {
        int records = 160;
        int files = 4;
        for (int i = 1; i <= records; i++) {
            Path dir = spool.done("a." + i);
            for (int file = 0; file < files; file++) {
                Files.writeString(dir.resolve("file-" + file), "x");
            }
        }
        Path done = spool.root.resolve("done");
        ProcessBuilder builder = new ProcessBuilder(
                        QuickStart.program("clean", "--keep", "0", "--spool", spool.root.toString()))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("words").toFile());
        Process clean = builder.start();
        try {
            Awaitility.await("it has begun")
                    .atMost(Duration.ofSeconds(30))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> list(done).size() < records || !clean.isAlive());
        } finally {
            clean.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        }
        assertTrue(list(done).size() < records, Files.readString(directory.resolve("words")));
        for (Path record : list(done)) {
            assertEquals(files + 4, list(record).size(), record + " is whole");
        }
        Removal.sweepTmp(new Layout(spool.root), new DiskFs());
        assertEquals(List.of(), list(spool.root.resolve("tmp")));
        assertFalse(Files.readString(directory.resolve("words")).contains("not removed"));
    }
}
