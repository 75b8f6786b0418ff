package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.posix.LockDirectory;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.DiskFs;
import gpuspool.spool.Spool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code gpuspool gpus} on spools whose cards no driver is asked about, and its requests. */
class GpusVerbTest {
    private static final String CARD = "GPU-5f0c2a1b-7d31-4c8e-9a52-000000000000";

    @TempDir
    Path directory;

    private final DiskFs fs = new DiskFs();
    private CliSpool spool;
    private LockDirectory locks;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
        locks = LockDirectory.open(directory.resolve("locks"));
    }

    private CliSpool.Result run(String... args) {
        return runIn(Map.of("GPUSPOOL_DEVICES", "sim:2"), args);
    }

    private CliSpool.Result runIn(Map<String, String> environment, String... args) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("GPUSPOOL_SPOOL", spool.root.toString());
        all.put("GPUSPOOL_LOCK_DIR", directory.resolve("locks").toString());
        return spool.runIn(all, args);
    }

    /** What a watcher of a host wrote of its cards. */
    private void report(String host, String gpus, String quarantine) throws IOException {
        Path at = Files.createDirectories(spool.root.resolve("hosts").resolve(host));
        Files.writeString(at.resolve("gpus"), "as of 2026-01-01T00:00:00.000Z\n" + gpus);
        Files.writeString(at.resolve("quarantine"), quarantine);
    }

    @Test
    void withoutAWatcher_theCardsOfTheSettingsAreShown() throws IOException {
        String host = CliSpool.host();
        assertEquals(
                new CliSpool.Result(
                        0, host + ": no watcher\nGPU  UUID   STATE\n0    sim:0  free\n1    sim:1  free\n", ""),
                run("gpus"));
    }

    @Test
    void aRunningJob_hasItsCards() throws IOException {
        spool.watched("sim:0 sim:1 sim:2");
        long start = ProcFiles.startTicks(ProcessHandle.current().pid()).orElseThrow();
        spool.jobDir(
                "running",
                "exp1.1",
                "started",
                "pid=1\ngo 2\n",
                "pid = " + ProcessHandle.current().pid() + "\npid_start = " + start
                        + "\nstarted = 2026-01-01T00:00:00.000Z\n");
        List<String> lines = run("gpus").out().lines().toList();
        assertEquals(
                CliSpool.host() + ": watcher pid " + ProcessHandle.current().pid(), lines.get(0));
        assertEquals("0    sim:0  used", lines.get(2));
        assertTrue(lines.get(3).matches("     exp1.1 of root, running for .*"), lines.get(3));
        assertEquals("1    sim:1  used", lines.get(4));
        assertEquals("2    sim:2  free", lines.get(6));
        assertTrue(
                run("gpus", "--json")
                        .out()
                        .contains("\"card\":\"sim:1\",\"index\":1,\"name\":null,\"pci\":null,"
                                + "\"ours\":true,\"state\":\"used\",\"reason\":null,"),
                run("gpus", "--json").out());
    }

    @Test
    void whatOnlyAWatcherKnows_isTakenFromIt() throws IOException {
        spool.watched("sim:0 sim:1");
        report(CliSpool.host(), "sim:0\t0\tkept\tkept for exp2.1\t\nsim:1\t1\tleft idle\tkeep_idle is 1\t\n", "");
        String shown = run("gpus").out();
        assertTrue(
                shown.contains("0    sim:0  kept\n     kept for exp2.1\n1    sim:1  left idle\n     keep_idle is 1\n"),
                shown);
    }

    @Test
    void lockedCard_isSaidToBe_andItsLockIsLeftAlone() throws Exception {
        String name = "sim-" + Spool.open(spool.root).id() + "-1.lock";
        var held = locks.tryLock(name).orElseThrow();
        Files.writeString(locks.path().resolve(name), "exp9.1 of /other (bob, process 7)\n");
        String shown = run("gpus").out();
        assertTrue(
                shown.contains("1    sim:1  locked\n     lock last taken for exp9.1 of /other (bob, process 7)\n"),
                shown);
        assertTrue(locks.tryLock(name).isEmpty());
        held.close();
        assertTrue(run("gpus").out().contains("1    sim:1  free\n"));
        assertFalse(
                Files.exists(
                        locks.path().resolve("sim-" + Spool.open(spool.root).id() + "-0.lock")),
                "made a lock file");
    }

    @Test
    void otherHosts_areShownAsTheyWroteIt() throws IOException {
        report("other", CARD + "\t0\tforeign\tbob's \\x1b[2Jsh (pid 7) computes on it\tNVIDIA H200\n", "");
        Files.writeString(spool.root.resolve("hosts/other/watcher"), "pid = 9\n");
        String shown = run("gpus").out();
        assertTrue(
                shown.contains("\nother: watcher pid 9 (so it wrote; cannot be asked from here); NVIDIA H200; as"),
                shown);
        assertTrue(shown.endsWith("foreign\n     bob's \\x1b[2Jsh (pid 7) computes on it\n"), shown);
    }

    @Test
    void cardOfAnotherTime_isNeverCalledFree() throws IOException {
        spool.watched(CARD);
        report(CliSpool.host(), CARD + "\t0\tfree\t\tNVIDIA H200\n", "");
        String shown = run("gpus").out();
        assertTrue(
                shown.contains("unknown\n     its driver does not tell of it; it was free when it was last asked\n"),
                shown);
    }

    @Test
    void sickCard_isShownAlsoWithoutAWatcher() throws IOException {
        report(
                CliSpool.host(),
                CARD + "\t3\tsick\tXID 79\tNVIDIA H200\n",
                CARD + "\t2026-01-01T00:00:00.000Z\tXID 79\n");
        String shown = runIn(Map.of("GPUSPOOL_DEVICES", CARD), "gpus").out();
        assertTrue(shown.contains("3    " + CARD + "  sick\n     XID 79\n"), shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", CARD, "GPU-5f0c"})
    void ok_asksForTheCardToLeaveTheQuarantine(String named) throws IOException {
        report(
                CliSpool.host(),
                CARD + "\t3\tsick\tXID 79\tNVIDIA H200\n",
                CARD + "\t2026-01-01T00:00:00.000Z\tXID 79\n");
        spool.watched(CARD);
        assertEquals(
                new CliSpool.Result(0, CARD + ": asked to leave the quarantine\n", ""), run("gpus", "--ok", named));
        assertTrue(Files.exists(spool.root.resolve("control/" + CARD + ".ok")));
        assertEquals(
                new CliSpool.Result(0, CARD + ": was asked already to leave the quarantine\n", ""),
                run("gpus", "--ok", named));
    }

    @Test
    void ok_forACardThatIsWellOrNotThere_doesNothing() throws IOException {
        assertEquals(
                new CliSpool.Result(1, "", "gpuspool gpus: no card 3; no watcher has told of any yet\n"),
                run("gpus", "--ok", "3"));
        report(CliSpool.host(), CARD + "\t3\tfree\t\t\n" + CARD.replace("5f0c", "5f0d") + "\t4\tfree\t\t\n", "");
        assertEquals(
                "gpuspool gpus: " + CARD + " is in no quarantine; see: gpuspool gpus\n",
                run("gpus", "--ok", "3").err());
        assertTrue(run("gpus", "--ok", "GPU-5f0").err().contains("could be any of " + CARD + ", GPU-5f0d"));
        assertEquals(1, run("gpus", "--ok", "7").status());
        assertEquals(List.of(), fs.list(spool.root.resolve("control")));
    }

    @Test
    void letGo_andTakeUp() throws IOException {
        spool.watched("sim:0");
        CliSpool.Result letGo = run("gpus", "--let-go");
        assertEquals(0, letGo.status());
        assertTrue(letGo.out().startsWith("let go: watchers let go of the GPU driver"), letGo.out());
        assertTrue(Files.exists(spool.root.resolve("control/let-go")));
        assertTrue(run("gpus", "--let-go").out().startsWith("let go already: "));
        assertTrue(run("gpus").out().startsWith("LET GO: "));
        assertTrue(run("gpus", "--json").out().contains("\"let_go\":true"));
        assertEquals(
                new CliSpool.Result(0, "taken up: watchers ask the GPU driver again\n", ""), run("gpus", "--take-up"));
        assertFalse(Files.exists(spool.root.resolve("control/let-go")));
        assertEquals(
                new CliSpool.Result(0, "the GPU driver was not let go of; nothing to take up\n", ""),
                run("gpus", "--take-up"));
    }

    @Test
    void wordsThatDoNotGoTogether_areRefused() throws IOException {
        assertEquals(2, run("gpus", "--let-go", "--take-up").status());
        assertEquals(2, run("gpus", "--ok", "3", "--json").status());
        assertEquals(
                "gpuspool gpus: --watch: 0 is no number of seconds from 0.1 to 86400; write for example --watch 5\n",
                run("gpus", "--watch", "0").err());
        assertEquals(2, run("gpus", "--watch", "soon").status());
        assertEquals(List.of(), fs.list(spool.root.resolve("control")));
    }

    @Test
    void noSpool_isNoHindranceUnlessItWasNamed() {
        Map<String, String> nothing = Map.of("GPUSPOOL_DEVICES", "sim:1", "GPUSPOOL_LOCK_DIR", directory.toString());
        CliSpool.Result shown = spool.runIn(nothing, "gpus", "--json");
        assertEquals(0, shown.status(), shown.err());
        assertTrue(shown.out().contains("\"spool\":null"), shown.out());
        assertEquals(4, spool.runIn(nothing, "gpus", "--spool", "/nowhere").status());
    }

    @Test
    void settingsThatAreNotUnderstood_areTold() {
        CliSpool.Result result = runIn(Map.of("GPUSPOOL_DEVICES", "sim:x"), "gpus");
        assertTrue(result.err().startsWith("gpuspool gpus: note: $GPUSPOOL_DEVICES: "), result.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--uuid", "--json"})
    void watch_printsAgainAndAgainUntilNobodyReads(String form) {
        String said = spool.with("GPUSPOOL_DEVICES", "sim:2").readUntilGone("sim:1", 3, "gpus", "--watch", "0.1", form);
        assertEquals(3, said.split("sim:1", -1).length - 1, said);
        assertFalse(said.contains("\u001b"), said);
    }
}
