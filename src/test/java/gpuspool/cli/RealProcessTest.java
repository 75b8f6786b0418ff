package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.posix.QuickStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs with a real watcher, and what a plain {@code gpuspool} loads. */
class RealProcessTest {
    @TempDir
    Path directory;

    private CliSpool spool;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
    }

    @AfterEach
    void endAll() throws Exception {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
        watcherPid()
                .filter(pid -> pid != ProcessHandle.current().pid())
                .flatMap(ProcessHandle::of)
                .ifPresent(ProcessHandle::destroyForcibly);
    }

    private java.util.Optional<Long> watcherPid() throws IOException {
        Path note = spool.root.resolve("hosts/" + CliSpool.host() + "/watcher");
        return Files.exists(note)
                ? Files.readAllLines(note).stream()
                        .filter(line -> line.startsWith("pid = "))
                        .map(line -> Long.valueOf(line.substring("pid = ".length())))
                        .findFirst()
                : java.util.Optional.empty();
    }

    private Process start(String... args) throws IOException {
        return start(List.of(), args);
    }

    private Process start(List<String> jvm, String... args) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(QuickStart.program(jvm, List.of(args)))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("words").toFile());
        builder.environment().put("GPUSPOOL_SPOOL", spool.root.toString());
        builder.environment()
                .put("GPUSPOOL_LOCK_DIR", directory.resolve("locks").toString());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private String words() throws IOException {
        return Files.readString(directory.resolve("words"));
    }

    private void awaitStatus(String part) {
        Awaitility.await("status shows " + part)
                .atMost(Duration.ofSeconds(20))
                .until(() -> spool.run().out().contains(part));
    }

    @Test
    void addedJob_runsAndItsCodeComesBack() throws Exception {
        start("watch", "--devices", "sim:2");
        awaitStatus("watcher on ");
        Files.writeString(directory.resolve("go.sh"), "echo $CUDA_VISIBLE_DEVICES; exit 7\n");
        assertEquals(new CliSpool.Result(0, "go\n", ""), spool.run("add", "-n", "2", "go.sh"));
        assertEquals(new CliSpool.Result(7, "", ""), spool.run("wait", "go"));
        assertEquals(new CliSpool.Result(0, "0,1\n", ""), spool.run("log", "-f", "go"));
        assertTrue(
                spool.run().out().contains("go.1  failed: exit 7  "),
                spool.run().out());
    }

    @Test
    void cancelledJob_isStopped() throws Exception {
        start("watch", "--devices", "sim:2");
        awaitStatus("watcher on ");
        spool.run("add", "--", "sleep", "100");
        awaitStatus("sleep.1  running");
        assertEquals(new CliSpool.Result(0, "sleep.1: asked to stop\n", ""), spool.run("cancel", "sleep"));
        assertEquals(new CliSpool.Result(1, "", "gpuspool wait: sleep.1: cancelled\n"), spool.run("wait", "sleep"));
    }

    @Test
    void stopJobs_filesThemAndLeaves() throws Exception {
        Process watcher = start("watch", "--devices", "sim:1", "--stop-jobs");
        spool.run("add", "--", "sleep", "100");
        spool.run("add", "--", "sleep", "200");
        awaitStatus("sleep.1  ");
        awaitStatus("  running");
        watcher.destroy();
        assertTrue(watcher.waitFor(20, TimeUnit.SECONDS), words());
        assertTrue(spool.run().out().contains("sleep.1  cancelled"), spool.run().out());
        assertTrue(Files.exists(spool.root.resolve("incoming/sleep-2.toml")), "nothing more is started");
        assertFalse(watcherPid().isPresent());
    }

    @Test
    void stopJobsToldTwice_leavesAtOnce() throws Exception {
        Process watcher = start("watch", "--devices", "sim:1", "--stop-jobs");
        Files.writeString(directory.resolve("deaf.sh"), "trap '' TERM\necho deaf\nwhile :; do sleep 0.1; done\n");
        spool.run("add", "--grace", "60s", "deaf.sh");
        Awaitility.await("job runs")
                .atMost(Duration.ofSeconds(20))
                .until(() -> spool.run("log", "deaf").out().equals("deaf\n"));
        watcher.destroy();
        awaitStatus("stopping: cancelled");
        assertTrue(watcher.isAlive());
        watcher.destroy();
        assertTrue(watcher.waitFor(5, TimeUnit.SECONDS), words());
        // The next watcher takes over; it is told to kill at once by nobody, so the test does it.
        Files.readAllLines(spool.root.resolve("running/deaf.1." + CliSpool.host() + "/started")).stream()
                .filter(line -> line.startsWith("go "))
                .map(line -> ProcessHandle.of(Long.parseLong(line.substring(3).strip())))
                .forEach(job -> job.ifPresent(ProcessHandle::destroyForcibly));
    }

    @Test
    void detachedWatcher_isUpWhenTheVerbReturns() throws Exception {
        Process verb = start("watch", "--devices", "sim:1", "--detach");
        assertEquals(0, verb.waitFor(), words());
        long pid = watcherPid().orElseThrow();
        Path log = spool.root.resolve("hosts/" + CliSpool.host() + "/watcher.log");
        assertTrue(words().endsWith("watcher " + pid + " runs in the background; its log: " + log + "\n"), words());
        Process second = start("watch", "--devices", "sim:1", "--detach");
        assertEquals(75, second.waitFor());
        assertEquals(
                "gpuspool watch: " + spool.root + " is already watched on this host by process " + pid + "\n", words());
        assertTrue(
                Files.readString(log)
                        .lines()
                        .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d .*")),
                Files.readString(log));
        ProcessHandle.of(pid).orElseThrow().destroy();
        awaitStatus("NO WATCHER");
    }

    @Test
    void detachedWatchersLog_isPutAsideAndNeverStopsIt() throws Exception {
        Path hosts = spool.root.resolve("hosts/" + CliSpool.host());
        Path log = hosts.resolve("watcher.log");
        Process verb =
                start("watch", "--devices", "sim:1", "--set", "log_size=64KiB", "--set", "log_keep=1", "--detach");
        assertEquals(0, verb.waitFor(), words());
        long pid = watcherPid().orElseThrow();
        Files.writeString(log, "x".repeat(70_000) + "\n");
        spool.run("add", "--", "true");
        assertEquals(0, spool.run("wait", "true").status());
        Awaitility.await("it is put aside")
                .atMost(Duration.ofSeconds(20))
                .until(() -> Files.exists(hosts.resolve("watcher.log.1")) && Files.exists(log));
        // The Java machine's own words: a list of its threads, for SIGQUIT.
        assertEquals(
                0,
                new ProcessBuilder("kill", "-QUIT", Long.toString(pid)).start().waitFor());
        Awaitility.await("it speaks into the new log")
                .atMost(Duration.ofSeconds(20))
                .until(() -> Files.readString(log).contains("Full thread dump"));
        Files.delete(log);
        Files.createDirectory(log);
        spool.run("add", "--", "true");
        assertEquals(0, spool.run("wait", "true").status());
        Files.delete(log);
        ProcessHandle.of(pid).orElseThrow().destroy();
        awaitStatus("NO WATCHER");
        Awaitility.await("it says what it could not say")
                .atMost(Duration.ofSeconds(20))
                .until(() -> Files.readString(log).contains(" lines before this one could not be written here: "));
    }

    @Test
    void readerOfItsWordsGone_watcherGoesOn() throws Exception {
        Process watcher = new ProcessBuilder(QuickStart.program(
                        "watch",
                        "--devices",
                        "sim:1",
                        "--spool",
                        spool.root.toString(),
                        "--lock-dir",
                        directory.resolve("locks").toString()))
                .redirectErrorStream(true)
                .start();
        started.add(watcher);
        awaitStatus("watcher on ");
        watcher.getInputStream().close();
        for (int run = 1; run <= 2; run++) {
            spool.run("add", "--", "true");
            assertEquals(0, spool.run("wait", "true").status());
        }
        assertTrue(watcher.isAlive());
    }

    @Test
    void detachedWatcherThatCannotStart_tellsWhy() throws Exception {
        Path locks = Files.createFile(directory.resolve("notADirectory"));
        Process verb = start("watch", "--devices", "sim:1", "--detach", "--lock-dir", locks.toString());
        assertEquals(1, verb.waitFor());
        assertTrue(words().contains("the watcher did not come up; its log "), words());
        assertTrue(words().contains("notADirectory"), words());
    }

    @Test
    void withoutNativeCode_nothingStartsAndTheWayOutIsTold() throws Exception {
        Process watch = start(
                List.of("-Djna.nounpack=true", "-Djna.nosys=true", "-Djna.boot.library.path=" + directory),
                "watch",
                "--devices",
                "sim:1",
                "--once");
        assertEquals(1, watch.waitFor(), words());
        assertTrue(words().startsWith("gpuspool: cannot call the C library: "), words());
        assertEquals(1, words().lines().count(), words());
    }

    @Test
    void plainStatus_loadsNothingItDoesNotNeed() throws Exception {
        spool.done("old.1");
        spool.queue("q.job", "true\n");
        spool.watched("sim:0");
        spool.jobDir("running", "live.1", "started", "pid=1\ngo 2\n", "started = 2026-01-01T00:00:00.000Z\n");
        for (List<String> args : List.of(List.<String>of(), List.of("status"), List.of("status", "--spool", "spool"))) {
            Process status = start(List.of("-Xlog:class+load"), args.toArray(String[]::new));
            assertEquals(0, status.waitFor(), words());
            assertTrue(words().contains("old.1"), words());
            for (String costly : List.of(
                    "picocli",
                    "org.jline",
                    "gpuspool.top",
                    "com.sun.jna",
                    "jackson",
                    "slf4j",
                    "java.util.regex.Matcher ",
                    "java.util.stream.ReferencePipeline ",
                    "java.util.Formatter ",
                    "java.time.format.DateTimeFormatter ")) {
                assertFalse(words().contains(costly), costly);
            }
            // The JDK has some of its own, depending on its version.
            assertTrue(
                    words().lines().noneMatch(line -> line.matches(".* gpuspool\\S+\\$\\$Lambda.*")),
                    "a lambda of ours");
        }
    }
}
