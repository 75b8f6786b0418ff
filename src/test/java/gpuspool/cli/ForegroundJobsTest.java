package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.posix.ProcFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the verbs say of jobs that are somebody's own process. */
final class ForegroundJobsTest {
    private static final long US = ProcessHandle.current().pid();

    @TempDir
    private Path temp;

    private CliSpool spool;

    @BeforeEach
    void open() throws IOException {
        spool = new CliSpool(temp);
    }

    private Path dir(String where, String mark, String facts) throws IOException {
        Path dir = spool.jobDir(where, "exp1.1", mark, "", facts);
        Files.delete(dir.resolve("output.log"));
        Files.move(dir.resolve("exp1.job"), dir.resolve("exp1.toml"));
        return dir;
    }

    private static String process() {
        return "foreground = " + US + " " + ProcFiles.startTicks(US).orElseThrow() + "\n";
    }

    private Path granted() throws IOException {
        Path dir = dir("running", "token", process() + "claimed = 2026-01-01T00:00:00.000Z\n");
        return Files.writeString(dir.resolve("granted"), "id = exp1.1\n").getParent();
    }

    private void running(String facts) throws IOException {
        dir("running", "foreground", facts + "started = 2026-01-01T00:00:00.000Z\npid = " + US + "\n");
    }

    private void released() throws IOException {
        dir("done", "foreground", process() + "ending = released\nelapsed = 61000\npid = " + US + "\n");
    }

    private String row() throws IOException {
        return spool.run()
                .out()
                .lines()
                .filter(line -> line.startsWith("exp1.1"))
                .findFirst()
                .orElseThrow();
    }

    private String shown() throws IOException {
        return spool.run("show", "exp1").out();
    }

    @Test
    void granted_isShownAsStarting() throws IOException {
        granted();
        assertTrue(row().startsWith("exp1.1  starting  "), row());
        assertTrue(row().contains("(granted to process " + US + ", which takes its GPUs)"), row());
        String why = spool.run("why", "exp1").out();
        assertTrue(why.startsWith("exp1.1 is starting for ") && why.contains(": granted to process " + US), why);
    }

    @Test
    void grantedAndCancelled_isStopping() throws IOException {
        Path dir = granted();
        assertEquals(0, spool.run("cancel", "exp1").status());
        assertTrue(Files.exists(dir.resolve("cancel")));
        assertTrue(row().startsWith("exp1.1  stopping: cancelled  "), row());
    }

    @Test
    void running_isShownSo() throws IOException {
        running(process());
        assertTrue(row().startsWith("exp1.1  running  "), row());
        assertTrue(shown().contains("state       running\n"), shown());
        assertTrue(shown().contains("foreground  of process " + US + "\n"), shown());
        assertTrue(spool.run("why", "exp1").out().startsWith("exp1.1 runs on GPU 0,1 for "), "why");
    }

    @Test
    void runningOnInWhatItLeft_isShownWithWhy() throws IOException {
        running("foreground = " + US + " 7\n");
        assertTrue(row().contains("(process " + US + " has ended; what it started may have its GPUs)"), row());
    }

    @Test
    void released_isShownSo() throws IOException {
        released();
        assertTrue(row().startsWith("exp1.1  released  "), row());
        assertTrue(shown().contains("done: released"), shown());
    }

    @Test
    void released_waitEndsWithZero() throws IOException {
        released();
        CliSpool.Result result = spool.run("wait", "exp1");
        assertEquals(
                new CliSpool.Result(0, "", "gpuspool wait: exp1.1: released; whoever started it has its exit code\n"),
                result);
    }

    @Test
    void log_saysWhereItsOutputWent() throws IOException {
        released();
        CliSpool.Result result = spool.run("log", "exp1");
        assertEquals(1, result.status());
        assertEquals(
                "gpuspool log: exp1.1 ran in the foreground: what it prints goes where it was started, and no log of it"
                        + " is kept\n",
                result.err());
    }

    @Test
    void logOfOneThatRuns_doesNotWait() throws IOException {
        running(process());
        assertTrue(
                spool.run("log", "-f", "exp1").err().startsWith("gpuspool log: exp1.1 runs in the foreground: "),
                "log -f");
    }

    @Test
    void retry_isRefusedWithWhatToDo() throws IOException {
        released();
        CliSpool.Result result = spool.run("retry", "exp1");
        assertEquals(1, result.status());
        assertEquals(
                "gpuspool retry: exp1.1 ran in the foreground, and only whoever started it can do so again:"
                        + " gpuspool run -- python train.py\n",
                result.err());
        assertEquals(
                "", String.join(" ", spool.root.resolve("incoming").toFile().list()));
    }

    @Test
    void retryOfAllThatFailed_leavesItOut() throws IOException {
        dir("failed", "foreground", process() + "ending = timed out\n");
        spool.failed("other.1", 3);
        CliSpool.Result result = spool.run("retry", "--failed");
        assertEquals("other.job: queued again (was other.1: exit 3)\n", result.out());
        assertEquals(0, result.status());
    }

    @Test
    void timedOut_isNotToBeRetried() throws IOException {
        dir("failed", "foreground", process() + "ending = timed out\nelapsed = 1000\n");
        assertEquals(
                "exp1.1 was stopped: its time was over after 1.0s. To run it again: start it once more where you did\n",
                spool.run("why", "exp1").out());
    }
}
