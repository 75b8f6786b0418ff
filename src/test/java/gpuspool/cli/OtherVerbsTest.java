package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** cancel, wait, log, show, check and init on a spool that was made by hand. */
class OtherVerbsTest {
    @TempDir
    Path directory;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
    }

    @Test
    void cancelQueued_filesItAsCancelled() throws IOException {
        spool.done("exp1.4");
        spool.queue("exp1.job", "true\n");
        assertEquals(
                new CliSpool.Result(0, "exp1: cancelled before it started; filed as failed/exp1.5.HOST\n", ""),
                spool.run("cancel", "exp1"));
        Path dir = spool.root.resolve("failed/exp1.5." + CliSpool.host());
        assertTrue(Files.exists(dir.resolve("exp1.job")));
        String status = Files.readString(dir.resolve("status"));
        assertTrue(status.contains("\nending = cancelled\n"), status);
        assertEquals(1, spool.run("wait", "exp1").status());
        assertEquals(
                "gpuspool wait: exp1.5: cancelled\n",
                spool.run("wait", "exp1.5").err());
    }

    @Test
    void cancelHeld_worksToo() throws IOException {
        Files.move(spool.queue("h.job", "true\n"), spool.root.resolve("held/h.job"));
        assertEquals(0, spool.run("cancel", "h.job").status());
    }

    @Test
    void cancelRunning_asks() throws IOException {
        Path dir = spool.jobDir("running", "exp1.1", "started", "pid=1\ngo 2\n", "");
        spool.watched("sim:0");
        assertEquals(new CliSpool.Result(0, "exp1.1: asked to stop\n", ""), spool.run("cancel", "exp1"));
        assertTrue(Files.exists(dir.resolve("cancel")));
        assertEquals(
                "exp1.1: asked to stop before; still stopping\n",
                spool.run("cancel", "exp1.1").out());
        assertTrue(
                spool.run().out().contains("exp1.1  stopping: cancelled"),
                spool.run().out());
    }

    @Test
    void cardsOfADriver_areTold_byNumberInStatusAndWholeInShow() throws IOException {
        Path dir = spool.jobDir("done", "exp1.1", "exit.0", "", "ending = exited\nelapsed = 1000\n");
        String uuids = "GPU-5f0c2a1b-7d31-4c8e-9a52-000000000003 MIG-5f0c2a1b-7d31-4c8e-9a52-000000000004";
        Files.writeString(
                dir.resolve("status"),
                Files.readString(dir.resolve("status")).replaceAll("devices = .*", "devices = " + uuids)
                        + "indices = 3 -\ngpu.0 = 3; 00000000:3B:00.0; NVIDIA 570.86.15; NVIDIA H200\n");
        assertTrue(spool.run().out().contains("  3,MIG-5f0c2a1b  "), spool.run().out());
        String shown = spool.run("show", "exp1").out();
        assertTrue(shown.matches("(?s).*\ncards +3,MIG-5f0c2a1b\n.*"), shown);
        assertTrue(
                shown.matches("(?s).*\nGPUs +3; 00000000:3B:00\\.0; NVIDIA 570\\.86\\.15; NVIDIA H200; GPU-5f0c2a1b"
                        + "-7d31-4c8e-9a52-000000000003\n.*"),
                shown);
    }

    @Test
    void cancelAmbiguous_isRefusedWithTheList() throws IOException {
        spool.queue("a b.job", "true\n");
        spool.queue("a_b.toml", "command = \"true\"\n");
        CliSpool.Result result = spool.run("cancel", "a_b");
        assertEquals(1, result.status());
        assertTrue(
                result.err().equals("gpuspool cancel: a_b could be any of a b.job, a_b.toml; name one of them\n")
                        || result.err()
                                .equals("gpuspool cancel: a_b could be any of a_b.toml, a b.job; name one of them\n"),
                result.err());
        assertEquals(0, spool.run("cancel", "a b.job").status());
        assertTrue(Files.exists(spool.root.resolve("incoming/a_b.toml")));
    }

    @Test
    void cancelEndedOrUnknown_endsWithOne() throws IOException {
        spool.done("exp1.1");
        assertEquals(
                new CliSpool.Result(1, "", "gpuspool cancel: exp1.1 has ended already; see: gpuspool show exp1.1\n"),
                spool.run("cancel", "exp1"));
        assertEquals(
                new CliSpool.Result(1, "", "gpuspool cancel: no job x in SPOOL; see: gpuspool status\n"),
                spool.run("cancel", "x"));
    }

    @Test
    void waitForOne_endsAsTheJobDid() throws IOException {
        spool.done("a.1");
        spool.failed("b.1", 3);
        spool.jobDir("failed", "c.1", "exit.143", "", "ending = timed out\nexit = 143\n");
        assertEquals(new CliSpool.Result(0, "", ""), spool.run("wait", "a"));
        assertEquals(new CliSpool.Result(3, "", ""), spool.run("wait", "b.1"));
        assertEquals(
                new CliSpool.Result(1, "", "gpuspool wait: c.1: timed out\n"),
                spool.run("wait", "c.1." + CliSpool.host()));
    }

    @Test
    void whatAJobAskedFor_isShown() throws IOException {
        Path dir = spool.jobDir("done", "exp1.1", "exit.0", "", "ending = exited\nelapsed = 1000\n");
        Files.writeString(dir.resolve("status"), """

                time = 60000
                signal = 10 5000
                gpu_mem = 21474836480
                retry_on = 1 SIGKILL
                group = sw.1.box
                member = 3
                notify = its own
                """, StandardOpenOption.APPEND);
        String shown = spool.run("show", "exp1").out().replaceAll(" +", " ");
        for (String row : List.of(
                "signal SIGUSR1, 5.0s before its time is over",
                "gpu_mem 20GiB",
                "retry_on 1 SIGKILL",
                "group sw.1.box",
                "member 3",
                "notify its own")) {
            assertTrue(shown.contains("\n" + row + "\n"), () -> row + " in " + shown);
        }
    }

    @Test
    void waitForASweep_hasNoCodeAndSaysOnlyWhatFailed() throws IOException {
        spool.jobDir("done", "a.1", "group", "", "ending = all done\n");
        spool.jobDir("failed", "b.1", "group", "", "ending = some failed\n");
        assertEquals(new CliSpool.Result(0, "", ""), spool.run("wait", "a"));
        assertEquals(new CliSpool.Result(1, "", "gpuspool wait: b.1: some failed\n"), spool.run("wait", "b"));
        assertEquals(new CliSpool.Result(1, "", "gpuspool wait: b.1: some failed\n"), spool.run("wait", "a", "b"));
    }

    @Test
    void logOfASweep_leadsToThoseOfItsJobs() throws IOException {
        spool.jobDir("running", "a.1", "group", "", "members = 2\n");
        assertEquals(
                new CliSpool.Result(
                        1,
                        "",
                        "gpuspool log: a.1 is a sweep, and prints nothing itself; what the first of its jobs printed:"
                                + " gpuspool log a-00001\n"),
                spool.run("log", "-f", "a"));
    }

    @Test
    void waitForMany_isZeroOnlyIfAllAreDone() throws IOException {
        spool.done("a.1");
        spool.done("b.1");
        spool.failed("c.1", 3);
        assertEquals(0, spool.run("wait", "a", "b").status());
        assertEquals(new CliSpool.Result(1, "", "gpuspool wait: c.1: exit 3\n"), spool.run("wait", "a", "c"));
        assertEquals(
                "[{\"job\":\"c.1\",\"id\":\"c.1.HOST\",\"ended\":true,\"ending\":\"exited\",\"exit\":3}]\n",
                spool.run("wait", "--json", "c").out());
    }

    @Test
    void logOfAJobWithAFileOfItsOwn_isThatFile() throws IOException {
        Path log = Files.writeString(spool.directory.resolve("a b.log"), "its own\n");
        Path errors = Files.writeString(spool.directory.resolve("e.log"), "errors\n");
        spool.jobDir("done", "a.1", "exit.0", "", "ending = exited\nlog = " + log + "\nerror_log = " + errors + "\n");
        assertEquals(new CliSpool.Result(0, "its own\n", ""), spool.run("log", "a"));
        assertEquals(new CliSpool.Result(0, "errors\n", ""), spool.run("log", "--stderr", "a"));
        Files.delete(log);
        assertTrue(spool.run("log", "a").err().contains("which is not there any more"));
    }

    private void handed(String name, String file) throws IOException {
        Path status = spool.failed(name, 3).resolve("status");
        Files.writeString(
                status,
                "again_for = retry\nagain_file = " + file + "\nagain = handed\n",
                java.nio.file.StandardOpenOption.APPEND);
    }

    @Test
    void waitForARunThatIsRetried_endsAsTheLastDid() throws IOException {
        handed("a.1", "1:2:3:4");
        spool.jobDir("failed", "a.2", "exit.7", "", "previous = a.1." + CliSpool.host() + "\nending = exited\n");
        assertEquals(new CliSpool.Result(7, "", ""), spool.run("wait", "a.1"));
        handed("b.1", "1:2:3:4");
        assertEquals(3, spool.run("wait", "b.1").status(), "nothing of what was queued again is there");
        handed("c.1", "1:2:3:4");
        spool.jobDir("failed", "c.2", "exit.9", "", "inode = 1:2\nending = cancelled\n");
        assertEquals(1, spool.run("wait", "c.1").status(), "cancelled in the queue");
    }

    @Test
    void waitForARunThatIsRetried_followsTheFileInTheQueue() throws IOException {
        Path file = spool.queue("a.job", "true\n");
        var facts = gpuspool.posix.FileFacts.of(file).orElseThrow();
        long modified = facts.modified().to(java.util.concurrent.TimeUnit.NANOSECONDS);
        handed("a.1", facts.identity() + ":" + facts.size() + ":" + modified);
        assertEquals(
                new CliSpool.Result(124, "", "gpuspool wait: not ended after 300ms: a\n"),
                spool.run("wait", "--timeout", "300ms", "a.1"));
    }

    @Test
    void waitTooLong_endsWith124() throws IOException {
        spool.queue("a.job", "true\n");
        assertEquals(
                new CliSpool.Result(124, "", "gpuspool wait: not ended after 300ms: a\n"),
                spool.run("wait", "--timeout", "300ms", "a"));
        assertEquals(2, spool.run("wait", "--timeout", "5", "a").status());
    }

    @Test
    void waitForQueued_followsTheFileIntoItsDirectory() throws Exception {
        spool.failed("a.1", 9);
        Path file = spool.queue("a.job", "true\n");
        CompletableFuture<CliSpool.Result> waiting = CompletableFuture.supplyAsync(() -> run("wait", "a"));
        Thread.sleep(300);
        String inode = gpuspool.posix.FileFacts.of(file).orElseThrow().identity();
        Path dir = spool.jobDir("running", "a.2", "token", "", "inode = " + inode + "\n");
        Files.delete(dir.resolve("a.job"));
        Files.move(file, dir.resolve("a.job"));
        Thread.sleep(300);
        assertFalse(waiting.isDone());
        Files.move(dir.resolve("token"), dir.resolve("exit.5"));
        Files.writeString(dir.resolve("status"), Files.readString(dir.resolve("status")) + "ending = exited\n");
        Files.move(dir, spool.root.resolve("failed/a.2." + CliSpool.host()));
        assertEquals(new CliSpool.Result(5, "", ""), waiting.get());
    }

    @Test
    void waitForRemoved_saysSo() throws Exception {
        Path file = spool.queue("a.job", "true\n");
        CompletableFuture<CliSpool.Result> waiting = CompletableFuture.supplyAsync(() -> run("wait", "a"));
        Thread.sleep(300);
        Files.delete(file);
        assertEquals(new CliSpool.Result(1, "", "gpuspool wait: a: removed before it ran\n"), waiting.get());
    }

    private CliSpool.Result run(String... args) {
        try {
            return spool.run(args);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void log_printsBytesUntouched() throws IOException {
        Path dir = spool.done("a.1");
        Files.write(dir.resolve("output.log"), new byte[] {'x', 0x1b, '\r', '\n', 'y'});
        assertEquals(new CliSpool.Result(0, "x\u001b\r\ny", ""), spool.run("log", "a"));
        assertEquals(
                "gpuspool log: stdout and stderr of a.1 are in one log; leave out --stderr\n",
                spool.run("log", "--stderr", "a").err());
    }

    @Test
    void logOfSplitOutput_isStdoutUnlessAskedForStderr() throws IOException {
        Path dir = spool.done("a.1");
        Files.move(dir.resolve("output.log"), dir.resolve("stdout.log"));
        Files.writeString(dir.resolve("stderr.log"), "oops\n");
        assertEquals("line 1\nline 2\n", spool.run("log", "a").out());
        assertEquals("oops\n", spool.run("log", "--stderr", "a").out());
    }

    @Test
    void logFollowed_goesOnAcrossTheFiling() throws Exception {
        Path dir = spool.jobDir("running", "a.1", "started", "go\n", "");
        CompletableFuture<CliSpool.Result> following = CompletableFuture.supplyAsync(() -> run("log", "-f", "a"));
        Thread.sleep(300);
        Path moved = spool.root.resolve("done/a.1." + CliSpool.host());
        Files.writeString(dir.resolve("output.log"), "line 1\nline 2\nline 3\n");
        Files.move(dir.resolve("started"), dir.resolve("exit.0"));
        Files.move(dir, moved);
        assertEquals(new CliSpool.Result(0, "line 1\nline 2\nline 3\n", ""), following.get());
    }

    @Test
    void logOfQueued_saysItHasNotStarted() throws IOException {
        spool.queue("a.job", "true\n");
        assertEquals(
                new CliSpool.Result(1, "", "gpuspool log: a has not started yet; to wait for it: gpuspool log -f a\n"),
                spool.run("log", "a"));
    }

    @Test
    void show_tellsAllOfARun() throws IOException {
        spool.failed("a.1", 137);
        CliSpool.Result result = spool.run("show", "a", "--lines", "1");
        assertEquals("""
                job        a.1
                id         a.1.HOST
                state      failed: 137 (SIGKILL, or exit 137)
                ran        1.0s
                directory  SPOOL/failed/a.1.HOST
                user       root
                cards      0,1
                command    python train.py
                gpus       2
                --- output.log
                line 2
                """, result.out());
        assertTrue(spool.run("show", "--json", "a")
                .out()
                .startsWith("{\"job\":\"a.1\",\"id\":\"a.1.HOST\",\"state\":\"failed: exit 137\""));
    }

    @Test
    void showOfQueued_tellsWhyItWaitsAndItsText() throws IOException {
        spool.queue("a.job", "one\ntwo\n");
        spool.waiting("2026-01-01T00:00:00.000Z", "a.job", "behind b");
        String shown = spool.run("show", "a").out();
        assertTrue(shown.contains("file   SPOOL/incoming/a.job\nwhy    behind b\n--- text\none\ntwo\n"), shown);
    }

    @Test
    void check_tellsEveryProblemOrTheFacts() throws IOException {
        Files.writeString(directory.resolve("ok.toml"), "command = \"python x.py\"\ngpus = 2\ntime = \"4h\"\n");
        Files.writeString(directory.resolve("bad.job"), "#GPUSPOOL gpus=x\ntrue\n");
        assertEquals(
                new CliSpool.Result(0, "ok.toml: ok: 2 GPUs, bash, at most 4h00m: python x.py\n", ""),
                spool.run("check", "ok.toml"));
        assertEquals(
                new CliSpool.Result(1, "bad.job:1:16: gpus is the string \"x\"; write an integer, 0 to 1024\n", ""),
                spool.run("check", "bad.job"));
        assertEquals(
                "gpuspool check: there is no file none; name job files that are there\n",
                spool.run("check", "none").err());
    }

    @Test
    void init_saysWhereAndWhatNext() throws IOException {
        Path place = directory.resolve("new");
        assertEquals(
                new CliSpool.Result(0, """
                        made the spool HERE/new
                        next, in one terminal:   gpuspool watch --spool HERE/new
                        and in another:          echo nvidia-smi > HERE/new/incoming/first.job
                        """, ""),
                spool.run("init", "--spool", spool.directory.resolve("new").toString()));
        assertTrue(spool.run("init", "--spool", place.toString()).out().contains("is a spool already"));
        Files.createDirectories(directory.resolve("full/x"));
        CliSpool.Result refused = spool.runIn(
                Map.of(), "init", "--spool", directory.resolve("full").toString());
        assertEquals(4, refused.status());
        assertTrue(refused.err().contains("neither empty nor a spool: it holds x"), refused.err());
    }

    @Test
    void unknownVerb_isAnsweredWithWhatWasMeant() throws IOException {
        assertEquals(
                new CliSpool.Result(2, "", "gpuspool: unknown verb stauts; did you mean status?\n"),
                spool.run("stauts"));
        assertEquals(
                "gpuspool: unknown verb frobnicate; the verbs: gpuspool --help\n",
                spool.run("frobnicate").err());
    }
}
