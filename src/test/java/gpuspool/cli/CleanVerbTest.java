package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.spool.Times;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** clean on a spool that was made by hand. */
class CleanVerbTest {
    @TempDir
    Path directory;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
    }

    private Path ended(String where, String name, int daysAgo) throws IOException {
        String ended = Times.format(Instant.now().minus(Duration.ofDays(daysAgo)));
        return spool.jobDir(where, name, "exit.0", "", "ended = " + ended + "\n");
    }

    private String records() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        for (String where : new String[] {"running", "done", "failed", "tmp"}) {
            try (Stream<Path> files = Files.list(spool.root.resolve(where))) {
                files.forEach(file ->
                        names.add(where + "/" + file.getFileName().toString().replaceFirst("\\.[^.]*$", "")));
            }
        }
        return names.toString();
    }

    private static CliSpool.Result refused(int status, String message) {
        return new CliSpool.Result(status, "", "gpuspool clean: " + message + "\n");
    }

    @Test
    void older_removesThoseAndTellsHowMuch() throws IOException {
        Path old = ended("done", "a.1", 31);
        ended("failed", "b.1", 40);
        ended("done", "c.1", 29);
        Files.write(old.resolve("model.bin"), new byte[5 * 1024 * 1024]);
        assertEquals(new CliSpool.Result(0, """
                        done/a.1.HOST, ended 31d00h ago
                        failed/b.1.HOST, ended 40d00h ago
                        would remove 2 records
                        """, ""), spool.run("clean", "--older", "30d", "--dry-run"));
        assertEquals("[done/a.1, done/c.1, failed/b.1]", records());
        assertEquals(new CliSpool.Result(0, "removed 2 records, 5.0 MiB\n", ""), spool.run("clean", "--older", "30d"));
        assertEquals("[done/c.1]", records());
        assertTrue(spool.run("clean", "--older", "30d").out().startsWith("removed 0 records, 0 bytes"));
    }

    @Test
    void failedOrDone_isOnlyThat() throws IOException {
        ended("done", "a.1", 31);
        ended("failed", "b.1", 31);
        spool.run("clean", "--older", "30d", "--failed");
        assertEquals("[done/a.1]", records());
        spool.run("clean", "--older", "30d", "--done");
        assertEquals("[]", records());
    }

    @Test
    void keep_leavesTheNewest() throws IOException {
        for (int i = 1; i <= 4; i++) {
            ended(i % 2 == 0 ? "done" : "failed", "a." + i, 50 - i);
        }
        spool.run("clean", "--older", "48d", "--keep", "1");
        assertEquals("[done/a.4, failed/a.3]", records());
        assertEquals(0, spool.run("clean", "--keep", "1").status());
        assertEquals("[done/a.4]", records());
        spool.run("clean", "--keep", "0");
        assertEquals("[]", records());
    }

    @Test
    void names_removeThoseHoweverYoung() throws IOException {
        ended("done", "a.1", 0);
        ended("failed", "a.2", 0);
        ended("done", "b.1", 0);
        spool.jobDir("running", "b.2", "started", "pid=1\ngo 2\n", "");
        spool.jobDir("running", "c.1", "started", "pid=1\ngo 2\n", "");
        spool.queue("d.job", "true\n");
        assertEquals(
                new CliSpool.Result(1, "removed 0 records, 0 bytes\n", """
                        gpuspool clean: a has 2 records: a.2.HOST, a.1.HOST; name those that are to go, or add --all-runs
                        gpuspool clean: c.1 has not ended: it is running; to end it: gpuspool cancel c.1
                        gpuspool clean: d has not ended: it is queued; to end it: gpuspool cancel d
                        gpuspool clean: no job x in SPOOL; see: gpuspool status
                        """), spool.run("clean", "a", "c", "d", "x"));
        assertEquals("[done/a.1, done/b.1, failed/a.2, running/b.2, running/c.1]", records());
        assertEquals(0, spool.run("clean", "a.1", "b").status());
        assertEquals("[failed/a.2, running/b.2, running/c.1]", records());
        ended("done", "a.3", 0);
        assertEquals(0, spool.run("clean", "--all-runs", "a").status());
        assertEquals("[running/b.2, running/c.1]", records());
        assertEquals(1, spool.run("clean", "--all-runs", "b").status());
        assertEquals("[running/b.2, running/c.1]", records(), "what runs is never touched");
    }

    @Test
    void withoutAnyWord_saysWhatToWrite() throws IOException {
        ended("done", "a.1", 9999);
        assertEquals(
                refused(
                        2,
                        "which records? Write --older 30d, --keep 1000 or the names of jobs; or set keep in spool.toml"),
                spool.run("clean"));
        assertEquals(2, spool.run("clean", "--older", "30").status());
        assertEquals(2, spool.run("clean", "--keep", "-1").status());
        assertEquals(2, spool.run("clean", "--older", "1d", "a").status());
        assertEquals(2, spool.run("clean", "--failed", "a").status());
        assertEquals(2, spool.run("clean", "--all-runs").status());
        assertEquals("[done/a.1]", records());
    }

    @Test
    void recordThatCannotBeRemoved_isToldAndTheOthersGo() throws IOException {
        Path dir = ended("done", "a.1", 31);
        ended("done", "b.1", 31);
        Files.delete(dir.resolve("status"));
        Files.createDirectory(dir.resolve("status"));
        CliSpool.Result result = spool.run("clean", "--older", "30d");
        assertEquals(1, result.status());
        assertTrue(result.err().startsWith("gpuspool clean: done/a.1.HOST was not removed: "), result.err());
        assertEquals("[done/a.1]", records());
    }

    @Test
    void onATerminal_shortWorkShowsNoProgress() throws IOException {
        ended("done", "a.1", 31);
        assertEquals("", spool.onATerminal().run("clean", "--older", "30d").err());
    }

    @Test
    void followedLogWhoseRecordIsRemoved_endsWithAMessage() throws Exception {
        Path dir = spool.jobDir("running", "a.1", "started", "go\n", "");
        CompletableFuture<CliSpool.Result> following = CompletableFuture.supplyAsync(() -> run("log", "-f", "a"));
        Awaitility.await("the log is open")
                .atMost(Duration.ofSeconds(20))
                .until(() -> isOpen(dir.resolve("output.log")));
        Files.move(dir, spool.root.resolve("tmp/clean-0.a.1." + CliSpool.host()));
        spool.run("clean", "--keep", "0");
        assertFalse(Files.exists(spool.root.resolve("tmp/clean-0.a.1." + CliSpool.host())));
        assertEquals(
                new CliSpool.Result(
                        1,
                        "line 1\nline 2\n",
                        "gpuspool log: a.1: its record was removed meanwhile; this is what it had printed\n"),
                following.get());
    }

    @Test
    void waitForAJobWhoseRecordIsRemoved_doesNotSayHowItEnded() {
        assertEquals(
                "its record was removed; how it ended is not known",
                new WaitResult("a.1", true, Optional.empty()).describe());
    }

    private static boolean isOpen(Path file) throws IOException {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.anyMatch(fd -> {
                try {
                    return Files.readSymbolicLink(fd).equals(file);
                } catch (IOException e) {
                    return false;
                }
            });
        }
    }

    private CliSpool.Result run(String... args) {
        try {
            return spool.run(args);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
