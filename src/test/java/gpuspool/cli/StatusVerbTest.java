package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.posix.ProcFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusVerbTest {
    private static final String NO_WATCHER = "NO WATCHER: nothing starts until you run: gpuspool watch\n";

    @TempDir
    Path directory;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
    }

    @Test
    void nothingThere_saysSo() throws IOException {
        assertEquals(new CliSpool.Result(0, NO_WATCHER + "no jobs\n", ""), spool.run());
        assertEquals(spool.run(), spool.run("status"));
    }

    @Test
    void noSpool_endsWithFourAndALineToPaste() {
        Path none = directory.resolve("none");
        String message = "gpuspool status: " + none
                + " is not a spool: it does not exist. Make one with: gpuspool init --spool " + none + "\n";
        assertEquals(new CliSpool.Result(4, "", message), spool.runIn(Map.of(), "--spool", none.toString()));
        assertEquals(
                4,
                spool.runIn(Map.of(), "status", "--json", "--spool", none.toString())
                        .status());
    }

    @Test
    void spoolNamed_isPartOfTheLineToPaste() {
        String shown = spool.runIn(Map.of(), "status", "--spool", spool.root.toString())
                .out();
        assertTrue(
                shown.startsWith("NO WATCHER: nothing starts until you run: gpuspool watch --spool " + spool.root),
                shown);
    }

    @Test
    void liveWatcher_isIntroduced() throws IOException {
        spool.watched("sim:0 sim:1 GPU-0123456789abcdef");
        String pid = Long.toString(ProcessHandle.current().pid());
        assertEquals(
                "watcher on " + CliSpool.host() + ": pid " + pid + ", GPUs 0,1,GPU-01234567\nno jobs\n",
                spool.run().out());
    }

    @Test
    void attention_standsBelowItsWatcher() throws IOException {
        spool.watched("sim:0");
        Files.writeString(
                spool.root.resolve("hosts/" + CliSpool.host() + "/attention"),
                "too little disk\n\u202espool.toml\ntorn");
        List<String> lines = spool.run().out().lines().toList();
        assertEquals(
                List.of("attention: too little disk", "attention: \\u{202e}spool.toml", "no jobs"),
                lines.subList(1, 4));
        String json = spool.run("--json").out();
        assertTrue(json.contains("\"attention\":[\"too little disk\",\"\\u202espool.toml\"]"), json);
    }

    @Test
    void watcherOfAnotherProcessWithThatId_isNoWatcher() throws IOException {
        spool.watched("sim:0");
        Path note = spool.root.resolve("hosts/" + CliSpool.host() + "/watcher");
        Files.writeString(note, Files.readString(note).replaceAll("pid_start = \\d+", "pid_start = 7"));
        assertTrue(
                spool.run().out().startsWith("NO WATCHER: that of "),
                spool.run().out());
    }

    @Test
    void deadWatcher_isToldWithSinceWhenAndWhatToDo() throws IOException {
        spool.watched("sim:0");
        Path host = spool.root.resolve("hosts/" + CliSpool.host());
        Path note = host.resolve("watcher");
        String live = Files.readString(note);
        Files.writeString(
                note, live.replaceAll("pid = \\d+", "pid = 4711").replaceAll("pid_start = \\d+", "pid_start = 7"));
        FileTime before = FileTime.fromMillis(System.currentTimeMillis() - 7_384_000);
        Files.setLastModifiedTime(note, before);
        Files.setLastModifiedTime(host, before);
        String shown = spool.run().out();
        assertTrue(
                shown.matches(
                        "(?s)NO WATCHER: that of \\S+ \\(pid 4711\\) died within the last 2h03m\\w*; nothing starts until"
                                + " you run: gpuspool watch\n.*"),
                shown);
        Files.writeString(note, live.replaceAll("boot = .*", "boot = another"));
        String rebooted = spool.run().out();
        assertTrue(
                rebooted.matches(
                        "(?s)NO WATCHER: that of .* went down with the machine, which is up again for \\w+; it last"
                                + " wrote \\w+ ago; nothing starts until you run: gpuspool watch\n.*"),
                rebooted);
        Files.delete(note);
        Files.setLastModifiedTime(host, before);
        String left = spool.run().out();
        assertTrue(
                left.matches("(?s)NO WATCHER for 2h03m\\w*: nothing starts until you run: gpuspool watch\n.*"), left);
    }

    @Test
    void colour_isShownWhereItIsAskedFor() throws IOException {
        spool.failed("bad.1", 3);
        spool.done("good.1");
        String plain = spool.run("status").out();
        assertFalse(plain.contains("\u001b"), plain);
        assertEquals(plain, spool.run("status", "--color", "never").out());
        String coloured = spool.run("status", "--color", "ALWAYS").out();
        assertTrue(coloured.contains("bad.1   \u001b[31mfailed: exit 3\u001b[0m  "), coloured);
        assertTrue(coloured.startsWith("\u001b[31mNO WATCHER\u001b[0m"), coloured);
        String forced = spool.runIn(Map.of("GPUSPOOL_SPOOL", spool.root.toString(), "CLICOLOR_FORCE", "1"))
                .out();
        assertEquals(coloured, forced);
        assertTrue(
                spool.run("show", "--color=always", "bad").out().contains("state      \u001b[31mfailed: exit 3"),
                "show");
    }

    @Test
    void watch_showsItAgainAndAgainUntilNobodyReads() throws IOException {
        spool.queue("q.job", "true\n");
        for (String form : List.of("--json", "--color=never")) {
            String said = spool.readUntilGone("queued", 6, "status", "-w", "0.1", form);
            assertTrue(said.lines().filter(line -> line.startsWith("{")).count() >= 2 || !form.equals("--json"), said);
            assertFalse(said.contains("\u001b"), said);
        }
        assertEquals(2, spool.run("status", "--watch=0").status());
    }

    @Test
    void paused_isSaid() throws IOException {
        Files.createFile(spool.root.resolve("control/pause"));
        assertEquals(
                NO_WATCHER + "PAUSED: nothing starts until control/pause is removed (gpuspool resume)\nno jobs\n",
                spool.run().out());
    }

    @Test
    void rows_standInTheOrderRunningAttentionQueuedEnded() throws Exception {
        long start = ProcFiles.startTicks(ProcessHandle.current().pid()).orElseThrow();
        String alive = "pid = " + ProcessHandle.current().pid() + "\npid_start = " + start + "\nuptime = 0\n";
        spool.jobDir("running", "live.1", "started", "pid=1\ngo 2\n", alive);
        spool.jobDir("running", "lost.1", "started", "pid=1\ngo 2\n", "pid = 999999999\npid_start = 1\n");
        spool.jobDir("running", "over.1", "started", "pid=1\ngo 2\nexit=3 end\n", "");
        spool.jobDir("running", "new.1", "token", "", "");
        spool.done("old.1");
        Thread.sleep(20);
        spool.failed("bad.1", 3);
        spool.queue("q.job", "true\n");
        spool.waiting("2026-01-01T00:00:00.000Z", "q.job", "behind live");
        List<String> lines = spool.run().out().lines().skip(2).toList();
        assertEquals(8, lines.size());
        assertTrue(lines.get(0).startsWith("live.1  running                    root  2  "), lines.get(0));
        String others = String.join("\n", lines.subList(1, 3));
        assertTrue(others.contains("over.1  ending exit 3  "), others);
        assertTrue(others.contains("new.1   starting  "), others);
        assertTrue(lines.get(3).startsWith("lost.1  running (supervisor gone)  "), lines.get(3));
        assertTrue(lines.get(3).contains("0,1 (nobody will see how it ends)"), lines.get(3));
        assertTrue(lines.get(4).startsWith("q       queued  "), lines.get(4));
        assertTrue(lines.get(4).contains("  (behind live)  "), lines.get(4));
        assertTrue(lines.get(5).startsWith("bad.1   failed: exit 3  "), lines.get(5));
        assertTrue(lines.get(6).matches("old.1   done  .*  2     1m01s  +0,1  +python train.py"), lines.get(6));
        assertTrue(lines.get(7).startsWith("(reasons as of "), lines.get(7));
    }

    @Test
    void backslashInACommand_isShownAsItWasTyped() throws IOException {
        spool.jobDir("done", "a.1", "exit.0", "", "command = printf 'a\\x5cnb' \\x1b[31m\n");
        assertTrue(
                spool.run().out().endsWith("printf 'a\\nb' \\x1b[31m\n"),
                spool.run().out());
        assertTrue(spool.run("show", "a.1").out().contains("printf 'a\\nb' \\x1b[31m\n"), "show");
    }

    @Test
    void heldJobs_areShownWithWhoHasThem() throws IOException {
        for (int i = 0; i < 12; i++) {
            Files.writeString(spool.root.resolve("held/h%02d.job".formatted(i)), "true\n");
        }
        spool.queue("q.job", "true\n");
        spool.done("old.1");
        List<String> lines = spool.run().out().lines().skip(2).toList();
        assertTrue(lines.get(0).startsWith("q      queued  "), lines.get(0));
        assertTrue(lines.get(1).matches("h00    held    root  -     \\S+ +- +h00.job"), lines.get(1));
        assertTrue(lines.get(10).startsWith("h09    held  "), lines.get(10));
        assertTrue(lines.get(11).startsWith("old.1  done  "), lines.get(11));
        assertEquals("… and 2 more in held/", lines.get(12));
        String json = spool.run("--json").out();
        assertTrue(json.contains("\"held_total\":12,"), json);
        assertTrue(json.contains("\"held\":[{\"job\":\"h00\",\"id\":null,\"state\":\"held\",\"uid\":0,"), json);
    }

    @Test
    void manyQueued_firstTwentyByChangeTimeThenACount() throws IOException {
        for (int i = 0; i < 23; i++) {
            spool.queue("j%02d.job".formatted(i), "true\n");
        }
        List<String> lines = spool.run().out().lines().toList();
        assertEquals(23, lines.size());
        assertTrue(lines.get(2).startsWith("j00  queued"), lines.get(2));
        assertTrue(lines.get(21).startsWith("j19  queued"), lines.get(21));
        assertEquals("… and 3 more queued", lines.get(22));
    }

    @Test
    void thoseThatAreToComeFirst_standFirst() throws IOException {
        for (int i = 0; i < 23; i++) {
            spool.queue("j%02d.job".formatted(i), "true\n");
        }
        assertEquals(0, spool.run("first", "j22", "j07").status());
        List<String> lines = spool.run().out().lines().toList();
        assertTrue(lines.get(2).startsWith("j22  queued"), lines.get(2));
        assertTrue(lines.get(3).startsWith("j07  queued"), lines.get(3));
        assertTrue(lines.get(4).startsWith("j00  queued"), lines.get(4));
    }

    @Test
    void hostileName_cannotReachTheTerminal() throws IOException {
        spool.queue("a\u001b[31m\u009b\u202eb.job", "true\n");
        String shown = spool.run().out();
        assertTrue(shown.contains("a\\x1b[31m\\u{9b}\\u{202e}b.job"), shown);
        assertFalse(shown.codePoints().anyMatch(c -> c < 0x20 && c != '\n' || c == 0x9b), shown);
    }

    @Test
    void strangerInRunning_needsAttention() throws IOException {
        Files.createDirectory(spool.root.resolve("running/what"));
        assertTrue(
                spool.run().out().contains("what  unclear  -     -     -     (not a job directory's name)"),
                spool.run().out());
    }

    @ParameterizedTest
    @ValueSource(strings = {"timed out", "cancelled", "unknown", "interrupted", "not started"})
    void endingWithoutCode_isTheState(String word) throws IOException {
        spool.jobDir("failed", "x.1", "started", "", "ending = " + word + "\n");
        assertTrue(
                spool.run().out().contains("x.1  " + word + "  "), spool.run().out());
    }

    @Test
    void claimedButNotStarted_waitsForWhatTheWatcherSays() throws IOException {
        spool.jobDir("running", "x.1", "token", "", "");
        spool.waiting("2026-01-01T00:00:00.000Z", "x.1." + CliSpool.host(), "needs 2 GPUs, 0 free");
        assertTrue(spool.run().out().contains("x.1  waiting  "), spool.run().out());
        assertTrue(
                spool.run().out().contains("(needs 2 GPUs, 0 free)"),
                spool.run().out());
    }

    @Test
    void rebooted_isNotRunning() throws IOException {
        spool.jobDir("running", "x.1", "started", "pid=1\ngo 2\n", "boot = 00000000-0000\n");
        assertTrue(spool.run().out().contains("x.1  interrupted  "), spool.run().out());
    }

    @Test
    void json_tellsTheSame() throws IOException {
        spool.done("old.1");
        String json = withoutTime(spool.run("--json").out());
        assertEquals(
                "{\"time\":\"T\",\"watchers\":[],\"paused\":false,\"draining\":false,\"let_go\":false,\"queued_total\":0,\"held_total\":0,\"ended_total\":1,\"running\":[],"
                        + "\"needs_attention\":[],\"queued\":[],\"held\":[],\"ended\":[{\"job\":\"old.1\",\"id\":\"old.1.HOST\",\"state\":\"done\","
                        + "\"uid\":0,\"gpus\":2,\"millis\":61000,\"devices\":[\"sim:0\",\"sim:1\"],\"indices\":[],\"reason\":null,"
                        + "\"command\":\"python train.py\",\"user\":\"root\"}],\"gpus\":[]}\n",
                json);
        assertEquals(json, withoutTime(spool.run("status", "--json").out()));
    }

    private static String withoutTime(String json) {
        return json.replaceFirst("\"time\":\"[^\"]+\"", "\"time\":\"T\"");
    }
}
