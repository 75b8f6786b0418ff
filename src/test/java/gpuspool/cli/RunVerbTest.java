package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.posix.Pty;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gpuspool run} as people meet it: at a terminal, with a real watcher, or with none. */
class RunVerbTest {
    private static final int KILL = 128 + 9;

    @TempDir
    Path directory;

    private RunBed bed;

    @BeforeEach
    void makeBed() throws IOException {
        bed = new RunBed(directory);
    }

    @AfterEach
    void endAll() {
        bed.close();
    }

    private Path log() {
        return bed.spool.directory.resolve("log");
    }

    private Process holder() throws IOException {
        Process holder = bed.run("holder.out", "", "-n", "2", "--name", "holder", "sh", "-c", "echo $$; exec sleep 60");
        RunBed.eventually(
                "the holder has its cards", () -> bed.words("holder.out").contains("\n"));
        return holder;
    }

    @Test
    void command_hasTheTerminalItsKeysAndTheProcess() throws Exception {
        bed.watch();
        String script =
                "[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo \"pid $$ cards {}=$CUDA_VISIBLE_DEVICES in $(pwd) word $1\";"
                        + " trap 'echo caught; exit 9' INT; read line; echo \"<$line>\"; while :; do sleep 0.05; done";
        try (Pty pty = bed.atTerminal("-n", "2", "--", "sh", "-c", script, "x", "-n")) {
            String told = "pid " + pty.process().pid() + " cards 0,1=0,1 in " + bed.spool.directory + " word -n";
            pty.awaitScreen(told).type("hello\r").awaitScreen("<hello>").interrupt();
            assertEquals(9, pty.awaitEnd(), pty.screen());
            assertTrue(pty.screen().contains("caught"), pty.screen());
        }
        assertEquals("ending = released", bed.ending("sh", "done"));
    }

    @Test
    void whoWaits_saysWhyAndLeavesTheQueueByCtrlC() throws Exception {
        Process watcher = bed.watch();
        Process holder = holder();
        try (Pty pty = bed.atTerminal("--name", "later", "echo", "never")) {
            pty.awaitScreen("gpuspool run: later waits: needs 1 GPU")
                    .awaitScreen("…")
                    .interrupt();
            assertEquals(128 + 2, pty.awaitEnd(), pty.screen());
            assertTrue(pty.screen().contains("later is given up"), pty.screen());
        }
        assertEquals(List.of(), bed.entries("incoming"));
        assertEquals("ending = cancelled", bed.ending("later", "failed"));
        Process killed = bed.run("killed.out", "", "--name", "killed", "true");
        RunBed.eventually("queued", () -> bed.words("killed.out").contains("waits"));
        killed.destroyForcibly();
        assertEquals(KILL, RunBed.end(killed));
        assertEquals("ending = cancelled", bed.ending("killed", "failed"));
        assertTrue(holder.isAlive());
        Process next = bed.run("next.out", "", "--name", "next", "cat");
        RunBed.eventually("queued", () -> bed.words("next.out").contains("waits"));
        watcher.destroyForcibly();
        RunBed.eventually(
                "the watcher is missed",
                () -> bed.words("next.out").contains("next waits: no watcher runs here any more"));
        bed.watch();
        holder.destroyForcibly();
        assertEquals(0, RunBed.end(next), bed.words("next.out"));
        assertEquals("ending = released", bed.ending("holder", "done"));
    }

    @Test
    void whoIsNotToWait_saysWhyAndEndsWith75() throws Exception {
        bed.watch();
        holder();
        Process atOnce = bed.run("atOnce.out", "", "--no-wait", "true");
        assertEquals(75, RunBed.end(atOnce), bed.words("atOnce.out"));
        assertTrue(bed.words("atOnce.out").contains("not now: needs 1 GPU"), bed.words("atOnce.out"));
        Process patient = bed.run("patient.out", "", "--timeout", "500ms", "true");
        assertEquals(75, RunBed.end(patient), bed.words("patient.out"));
        assertTrue(bed.words("patient.out").contains("the time to wait is over"), bed.words("patient.out"));
        assertEquals(List.of(), bed.entries("incoming"));
        Process never = bed.run("never.out", "", "-n", "3", "true");
        assertEquals(69, RunBed.end(never), bed.words("never.out"));
        assertTrue(bed.words("never.out").contains("it needs 3 GPUs"), bed.words("never.out"));
        Process missing = bed.run("missing.out", "", "no-such-command");
        assertEquals(127, RunBed.end(missing), bed.words("missing.out"));
        Process noProgram = bed.run("noProgram.out", "", "/etc/passwd");
        assertEquals(126, RunBed.end(noProgram), bed.words("noProgram.out"));
    }

    @Test
    void daemonThatACommandLeaves_livesOnWithItsCard() throws Exception {
        bed.watch();
        Path pid = bed.spool.directory.resolve("daemon.pid");
        String script = "setsid sh -c 'echo $$ >" + pid + "; exec sleep 60' >/dev/null 2>&1 & sleep 0.2; cat; exit 7";
        Process run = bed.run("bash.out", "from stdin", "sh", "-c", script);
        assertEquals(7, RunBed.end(run), bed.words("bash.out"));
        assertTrue(bed.words("bash.out").endsWith("from stdin"), bed.words("bash.out"));
        RunBed.eventually("the daemon", () -> Files.exists(pid) && Files.size(pid) > 1);
        ProcessHandle daemon =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        Process all = bed.run("all.out", "", "--no-wait", "-n", "2", "true");
        assertEquals(75, RunBed.end(all), bed.words("all.out"));
        assertTrue(daemon.isAlive());
        daemon.destroyForcibly();
        assertEquals("ending = released", bed.ending("sh", "done"));
    }

    @Test
    void withoutAWatcher_noCardHasTwoCommands() throws Exception {
        String script = "echo \"start {}\" >>log; sleep 0.3; echo \"end {}\" >>log";
        List<Process> runs = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            runs.add(bed.run("run" + i, "", "sh", "-c", script));
        }
        for (int i = 0; i < runs.size(); i++) {
            assertEquals(0, RunBed.end(runs.get(i)), bed.words("run" + i));
            assertTrue(bed.words("run" + i).contains("no watcher runs"), bed.words("run" + i));
        }
        List<String> busy = new ArrayList<>();
        List<String> lines = Files.readAllLines(log());
        assertEquals(10, lines.size(), lines.toString());
        for (String line : lines) {
            String card = line.substring(line.indexOf(' ') + 1);
            if (line.startsWith("start")) {
                assertFalse(busy.contains(card), lines.toString());
                busy.add(card);
            } else {
                assertTrue(busy.remove(card), lines.toString());
            }
        }
        assertEquals(
                List.of("0", "1"),
                Stream.of("start 0", "start 1")
                        .filter(lines::contains)
                        .map(line -> line.substring(6))
                        .toList());
        Process never = bed.run("never", "", "-n", "3", "true");
        assertEquals(69, RunBed.end(never), bed.words("never"));
    }
}
