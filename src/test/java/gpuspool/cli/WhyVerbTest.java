package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code gpuspool why}, in the exact words; how long something took stands as TIME. */
class WhyVerbTest {
    private static final String LONG_AGO = "2026-01-01T00:00:00.000Z";

    @TempDir
    Path directory;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
    }

    private String why(String job) throws IOException {
        CliSpool.Result result = spool.run("why", job);
        assertEquals(0, result.status(), result.err());
        assertEquals("", result.err());
        return result.out()
                .replaceAll("\\b(\\d+(ms|[.]\\ds|[dhms]))(\\d+[hms])*\\b", "TIME")
                .strip();
    }

    @Test
    void queuedWithoutWatcher_needsOne() throws IOException {
        spool.queue("exp1.job", "true\n");
        assertEquals(
                "exp1.job is queued for TIME: no watcher serves this spool. To start one: gpuspool watch", why("exp1"));
    }

    @Test
    void queuedWhoseWatcherIsGone_hasItsLastWord() throws IOException {
        spool.queue("exp1.job", "true\n");
        spool.waiting(LONG_AGO, "exp1.job", "behind exp0.job");
        assertEquals(
                "exp1.job is queued for TIME: no watcher serves this spool (the last one said, TIME ago: behind exp0.job)."
                        + " To start one: gpuspool watch",
                why("exp1.job"));
    }

    @Test
    void queued_hasItsWatchersReason() throws IOException {
        spool.watched("sim:0");
        spool.queue("exp1.job", "true\n");
        spool.waiting(LONG_AGO, "exp1.job", "needs 2 GPUs, 1 free; GPU 0: used by exp0.1");
        assertEquals("exp1.job is queued for TIME: needs 2 GPUs, 1 free; GPU 0: used by exp0.1", why("exp1"));
    }

    @Test
    void queuedAndNotToldOf_saysSo() throws IOException {
        spool.watched("sim:0");
        spool.queue("exp1.job", "true\n");
        assertEquals(
                "exp1.job is queued for TIME: no watcher has told of it yet, or more than 1,000 are before it",
                why("exp1"));
    }

    @Test
    void queuedForSeveralHosts_hasTheReasonOfEach() throws IOException {
        spool.watched("sim:0");
        spool.queue("exp1.job", "true\n");
        spool.waiting(LONG_AGO, "exp1.job", "behind exp0.job");
        Path other = Files.createDirectories(spool.root.resolve("hosts/other"));
        Files.writeString(other.resolve("watcher"), "pid = 1\n");
        Files.writeString(other.resolve("waiting"), "as of " + LONG_AGO + "\nexp1.job\tneeds 2 GPUs, 1 free\n");
        assertEquals(
                "exp1.job is queued for TIME: on " + CliSpool.host()
                        + " behind exp0.job; on other needs 2 GPUs, 1 free (so it wrote TIME ago)",
                why("exp1"));
    }

    @Test
    void queuedForAnotherHost_hasTheReasonOfThatOne() throws IOException {
        spool.watched("sim:0");
        spool.queue("exp1.job", "true\n");
        spool.waiting(LONG_AGO, "exp1.job", "for host other; this is " + CliSpool.host());
        assertEquals("exp1.job is queued for TIME: for host other; this is " + CliSpool.host(), why("exp1"));
        Path other = Files.createDirectories(spool.root.resolve("hosts/other"));
        Files.writeString(other.resolve("watcher"), "pid = 1\n");
        Files.writeString(other.resolve("waiting"), "as of " + LONG_AGO + "\nexp1.job\tneeds 2 GPUs, 1 free\n");
        assertEquals("exp1.job is queued for TIME: on other needs 2 GPUs, 1 free (so it wrote TIME ago)", why("exp1"));
        assertTrue(
                spool.run().out().contains("(needs 2 GPUs, 1 free)"),
                spool.run().out());
    }

    @ParameterizedTest
    @CsvSource({"pause", "drain"})
    void queuedWhileNothingStarts_needsResume(String request) throws IOException {
        spool.watched("sim:0");
        spool.queue("exp1.job", "true\n");
        Files.createFile(spool.root.resolve("control").resolve(request));
        assertEquals(
                "exp1.job is queued for TIME: control/" + request
                        + " lies there, so nothing starts. To go on: gpuspool resume",
                why("exp1"));
    }

    @Test
    void held_needsRelease() throws IOException {
        Files.writeString(spool.root.resolve("held/exp1.job"), "true\n");
        assertEquals(
                "exp1.job is held for TIME: it lies in held/. To have it run: gpuspool release exp1.job", why("exp1"));
    }

    @Test
    void running_tellsWhereAndHowLongItMay() throws IOException {
        long pid = ProcessHandle.current().pid();
        long start = gpuspool.posix.ProcFiles.startTicks(pid).orElseThrow();
        spool.jobDir(
                "running",
                "exp1.1",
                "started",
                "pid=" + pid + "\ngo 2\n",
                "pid = " + pid + "\npid_start = " + start
                        + "\nindices = 0 1\nclaimed = " + LONG_AGO + "\nstarted = " + LONG_AGO
                        + "\ntime = 94608000000\n");
        assertEquals("exp1.1 runs on GPU 0,1 for TIME; its time is over in TIME", why("exp1"));
    }

    @Test
    void claimedAndNotStarted_hasItsWatchersReason() throws IOException {
        spool.watched("sim:0");
        spool.jobDir("running", "exp1.1", "token", "", "claimed = " + LONG_AGO + "\n");
        spool.waiting(LONG_AGO, "exp1.1." + CliSpool.host(), "needs 2 GPUs, 0 free");
        assertEquals("exp1.1 is starting for TIME: needs 2 GPUs, 0 free", why("exp1"));
    }

    @Test
    void succeeded_saysSo() throws IOException {
        spool.done("exp1.1");
        assertEquals("exp1.1 succeeded after TIME", why("exp1"));
    }

    @Test
    void failed_hasItsCodeAndLastWords() throws IOException {
        spool.failed("exp1.2", 137);
        assertEquals(
                "exp1.2 failed: 137 (SIGKILL, or exit 137) after TIME; its last words: line 2."
                        + " To run it again: gpuspool retry exp1.2",
                why("exp1"));
    }

    private String ended(String word, String reason) throws IOException {
        Path dir = spool.jobDir("failed", "exp1.1", "started", "", "ending = " + word + "\nelapsed = 1000\n");
        if (!reason.isEmpty()) {
            Files.writeString(dir.resolve("reason"), reason);
        }
        return why("exp1");
    }

    @Test
    void refused_hasEveryMistake() throws IOException {
        assertEquals(
                "exp1.1 was refused: exp1.toml:1:1: unknown key \"x\"; exp1.toml:2:1: no. Correct its file and drop it"
                        + " again",
                ended("refused", "exp1.toml:1:1: unknown key \"x\"\nexp1.toml:2:1: no\n"));
    }

    @Test
    void refusedSinceAnotherFailed_hasItsRemedyOnce() throws IOException {
        assertEquals(
                "exp1.1 was refused: exp1.job:1:17: after \"a\": a.1 failed (exit 3); retry it and drop this again",
                ended("refused", "exp1.job:1:17: after \"a\": a.1 failed (exit 3); retry it and drop this again\n"));
    }

    @Test
    void openSweep_tellsHowFarItHasCome() throws IOException {
        Path dir = spool.jobDir("running", "exp1.1", "group", "", "claimed = " + LONG_AGO + "\nmembers = 6\n");
        Files.writeString(dir.resolve("progress"), "made 3, done 1, failed 0 of 6\n");
        assertEquals("exp1.1 is a sweep, open for TIME: made 3, done 1, failed 0 of 6", why("exp1"));
    }

    @Test
    void endedSweep_tellsOfItsJobs() throws IOException {
        spool.jobDir("done", "exp1.1", "group", "", "ending = all done\n");
        assertEquals("exp1.1 succeeded: all jobs of this sweep did", why("exp1"));
        Path dir = spool.jobDir("failed", "exp2.1", "group", "", "ending = some failed\n");
        Files.writeString(dir.resolve("reason"), "made 2, done 1, failed 1 of 2; to run the failed ones again: X\n");
        assertEquals(
                "exp2.1 is a sweep of which some jobs failed: made 2, done 1, failed 1 of 2;"
                        + " to run the failed ones again: X",
                why("exp2"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            timed out   | exp1.1 was stopped: its time was over after TIME; its last words: line 2. To run it again: gpuspool retry exp1.1
            cancelled   | exp1.1 was cancelled after TIME. To run it again: gpuspool retry exp1.1
            interrupted | exp1.1 was interrupted: the machine went down under it; its last words: line 2. To run it again: gpuspool retry exp1.1
            not started | exp1.1 could not be started. To run it again: gpuspool retry exp1.1
            unknown     | exp1.1 ended, and nobody saw how: its supervisor was killed; its last words: line 2. Read its output: gpuspool log exp1.1. To run it again: gpuspool retry exp1.1
            released    | exp1.1 ended after TIME: it ran in the foreground, and whoever started it has its exit code
            """)
    void otherEndings_areTold(String word, String told) throws IOException {
        assertEquals(told, ended(word, ""));
    }

    @Test
    void queuedAgain_isNotToBeRetried() throws IOException {
        spool.jobDir("failed", "exp1.1", "started", "", "ending = interrupted\nagain = handed\n");
        assertEquals(
                "exp1.1 was stopped, to be queued again; its last words: line 2. It was queued again", why("exp1"));
    }

    @Test
    void several_areAnsweredInOrder_unknownOnesOnStderr() throws IOException {
        spool.done("a.1");
        spool.failed("b.1", 3);
        CliSpool.Result result = spool.run("why", "a", "nobody", "b");
        assertEquals(1, result.status());
        assertTrue(result.out().startsWith("a.1 succeeded") && result.out().contains("\nb.1 failed: exit 3"));
        assertEquals("gpuspool why: no job nobody in SPOOL; see: gpuspool status\n", result.err());
    }

    @Test
    void json_hasWhyAndTodoApart() throws IOException {
        spool.queue("exp1.job", "true\n");
        String json = spool.run("why", "--json", "exp1").out();
        assertTrue(json.startsWith("{\"job\":\"exp1\",\"state\":\"queued\",\"why\":\"exp1.job is queued for "), json);
        assertTrue(json.endsWith(",\"todo\":\"To start one: gpuspool watch\"}\n"), json);
    }

    @Test
    void hostileLastWords_areEscaped() throws IOException {
        Path dir = spool.failed("exp1.1", 1);
        Files.writeString(dir.resolve("output.log"), "bad \u001b]0;x end\n");
        assertTrue(why("exp1").contains("its last words: bad \\u{1b}]0;x end"), why("exp1"));
    }
}
