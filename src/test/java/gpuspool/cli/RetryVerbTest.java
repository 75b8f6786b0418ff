package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.posix.FileFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** retry on a spool that was made by hand. */
class RetryVerbTest {
    @TempDir
    Path directory;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
        spool.watched("sim:0");
    }

    private Path incoming(String name) {
        return spool.root.resolve("incoming").resolve(name);
    }

    private String queue() throws IOException {
        try (Stream<Path> files = Files.list(spool.root.resolve("incoming"))) {
            return new TreeSet<>(
                            files.map(file -> file.getFileName().toString()).toList())
                    .toString();
        }
    }

    private Path ended(String name, String ending) throws IOException {
        return spool.jobDir("failed", name, "token", "", "ending = " + ending + "\n");
    }

    private static CliSpool.Result refused(String message) {
        return new CliSpool.Result(1, "", "gpuspool retry: " + message + "\n");
    }

    @Test
    void stem_queuesItsNewestRunAgain() throws IOException {
        spool.done("exp1.1");
        Path newest = spool.failed("exp1.2", 1);
        Files.writeString(newest.resolve("exp1.job"), "second\n");
        assertEquals(
                new CliSpool.Result(0, "exp1.job: queued again (was exp1.2: exit 1)\n", ""),
                spool.run("retry", "exp1"));
        assertEquals("second\n", Files.readString(incoming("exp1.job")));
        assertEquals("second\n", Files.readString(newest.resolve("exp1.job")), "the record keeps its own");
        assertEquals("[exp1.job]", queue());
    }

    @Test
    void copy_isAFileOfItsOwnThatIsCompleteAtOnce() throws IOException {
        Path newest = spool.failed("exp1.1", 1);
        Files.setPosixFilePermissions(newest.resolve("exp1.job"), PosixFilePermissions.fromString("rw-------"));
        spool.run("retry", "exp1");
        FileFacts copy = FileFacts.of(incoming("exp1.job")).orElseThrow();
        assertFalse(copy.identity()
                .equals(FileFacts.of(newest.resolve("exp1.job")).orElseThrow().identity()));
        assertTrue(copy.changed().compareTo(copy.modified()) > 0, "named after its last write: " + copy);
        assertEquals(
                PosixFilePermissions.fromString("rw-------"),
                Files.getPosixFilePermissions(incoming("exp1.job")),
                "what only its owner may read stays so");
    }

    @Test
    void namedRunsAndFullIds_queueThose() throws IOException {
        spool.done("exp1.1");
        spool.failed("exp1.2", 1);
        spool.jobDir("running", "exp1.3", "started", "pid=1\ngo 2\n", "");
        spool.failed("exp2.1", 137);
        assertEquals(
                """
                exp1.job: queued again (was exp1.1: exit 0)
                exp2.job: queued again (was exp2.1: 137 (SIGKILL, or exit 137))
                """, spool.run("retry", "exp1.1", "exp2.1." + CliSpool.host()).out());
    }

    @Test
    void foreignHostsRecord_canBeRunAgain() throws IOException {
        Path own = spool.failed("exp1.1", 1);
        Files.move(own, own.resolveSibling("exp1.1.elsewhere"));
        assertEquals(
                "exp1.job: queued again (was exp1.1: exit 1)\n",
                spool.run("retry", "exp1.1.elsewhere").out());
    }

    @Test
    void livingJob_isRefused() throws IOException {
        spool.failed("q.1", 1);
        spool.failed("h.1", 1);
        spool.failed("r.1", 1);
        spool.queue("q.job", "true\n");
        Files.move(spool.queue("h.job", "true\n"), spool.root.resolve("held/h.job"));
        spool.jobDir("running", "r.2", "started", "pid=1\ngo 2\n", "");
        assertEquals(refused("q.job is queued already"), spool.run("retry", "q"));
        assertEquals(refused("h.job is held; release it instead"), spool.run("retry", "h"));
        assertEquals(
                refused("r.2 is running now; to run the job once more beside it, name a run that has ended"),
                spool.run("retry", "r"));
        assertEquals(refused("q.job is queued already"), spool.run("retry", "q.1"), "a name is never replaced");
        assertEquals(refused("h.job is held; release it instead"), spool.run("retry", "h.1"));
        assertEquals("[q.job]", queue());
        assertEquals(refused("no job x in SPOOL; see: gpuspool status"), spool.run("retry", "x"));
    }

    @Test
    void oneThatCannot_doesNotStopTheOthers() throws IOException {
        spool.failed("a.1", 1);
        spool.queue("a.job", "true\n");
        spool.failed("b.1", 1);
        assertEquals(
                new CliSpool.Result(
                        1, "b.job: queued again (was b.1: exit 1)\n", "gpuspool retry: a.job is queued already\n"),
                spool.run("retry", "a", "b"));
    }

    @Test
    void failed_queuesNewestRunsThatFailedInTheirOldOrder() throws IOException {
        spool.failed("again.1", 1);
        spool.jobDir("failed", "again.2", "exit.3", "", "ending = exited\nqueued = 2026-01-01T00:00:02.000Z\n");
        spool.jobDir("failed", "early.1", "token", "", "ending = interrupted\nqueued = 2026-01-01T00:00:01.000Z\n");
        spool.failed("mended.1", 1);
        spool.done("mended.2");
        spool.failed("queued.1", 1);
        spool.queue("queued.job", "true\n");
        spool.failed("held.1", 1);
        Files.move(spool.queue("held.toml", "true\n"), spool.root.resolve("held/held.toml"));
        spool.failed("runs.1", 1);
        spool.jobDir("running", "runs.2", "started", "pid=1\ngo 2\n", "");
        ended("c1.1", "cancelled");
        ended("c2.1", "cancelled");
        ended("bad.1", "refused");
        String left = "gpuspool retry: 2 cancelled and 1 refused left out; name them to run them again\n";
        assertEquals(new CliSpool.Result(0, """
                        early.job: would be queued again (was early.1: interrupted)
                        again.job: would be queued again (was again.2: exit 3)
                        """, left), spool.run("retry", "--failed", "--dry-run"));
        assertEquals("[queued.job]", queue());
        assertEquals(new CliSpool.Result(0, """
                        early.job: queued again (was early.1: interrupted)
                        again.job: queued again (was again.2: exit 3)
                        """, left), spool.run("retry", "--failed"));
        assertEquals("[again.job, early.job, queued.job]", queue());
        assertEquals(new CliSpool.Result(0, "", left), spool.run("retry", "--failed"), "they are queued now");
        assertEquals(0, spool.run("retry", "bad").status(), "named, it is run again");
    }

    @Test
    void failedWithNone_saysSo() throws IOException {
        spool.done("a.1");
        assertEquals(
                new CliSpool.Result(
                        0,
                        "",
                        "gpuspool retry: there is no job whose newest run failed, and that is not queued, held or"
                                + " running again\n"),
                spool.run("retry", "--failed"));
    }

    @Test
    void nothingNamed_isAUsageError() throws IOException {
        assertEquals(2, spool.run("retry").status());
    }

    @Test
    void rawNames_areKeptByteByByte() throws Exception {
        Path dir = spool.failed("caf_.1", 1);
        Files.delete(dir.resolve("caf_.job"));
        // Another file of that kind, which the job made, must not be taken for the one that was dropped.
        assertEquals(
                0,
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "printf 'true # \\377\\n' > \"$(printf 'caf\\351.job')\"; echo other > a.job;"
                                        + " echo 'name = caf\\xe9.job' >> status")
                        .directory(dir.toFile())
                        .start()
                        .waitFor());
        assertEquals(
                new CliSpool.Result(0, "caf\\xe9.job: queued again (was caf_.1: exit 1)\n", ""),
                spool.run("retry", "caf_"));
        assertEquals(
                0,
                new ProcessBuilder("sh", "-c", "cmp \"$(printf 'caf\\351.job')\" \"$1\"/caf*.job", "sh", dir.toString())
                        .directory(spool.root.resolve("incoming").toFile())
                        .start()
                        .waitFor());
    }

    @Test
    void recordWithoutItsFile_saysWhatToDo() throws IOException {
        Path dir = spool.failed("a.1", 1);
        Files.delete(dir.resolve("a.job"));
        assertEquals(
                refused("SPOOL/failed/a.1.HOST holds no job file; copy the one that is meant to incoming/ by hand"),
                spool.run("retry", "a"));
        Files.createSymbolicLink(dir.resolve("a.job"), Path.of("/etc/passwd"));
        assertEquals(
                refused("the job file is a symbolic link; only a regular file can be queued"), spool.run("retry", "a"));
        assertEquals("[]", queue());
    }

    @Test
    void withoutAWatcher_saysThatNothingStarts() throws IOException {
        Files.delete(spool.root.resolve("hosts/" + CliSpool.host() + "/watcher"));
        spool.failed("a.1", 1);
        assertEquals(
                List.of("gpuspool retry: note: no watcher runs; what is queued starts once one does: gpuspool watch"),
                spool.run("retry", "a").err().lines().toList());
    }
}
