package gpuspool.parallel;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.parallel.ParallelBed.Result;
import gpuspool.posix.Pty;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gpuspool parallel} with real commands. */
class ParallelTest {
    @TempDir
    Path directory;

    private ParallelBed bed;

    @BeforeEach
    void makeBed() throws IOException {
        bed = new ParallelBed(directory);
    }

    @AfterEach
    void closeBed() throws Exception {
        bed.close();
    }

    private static void await20s(String what, java.util.concurrent.Callable<Boolean> test) {
        await(what)
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(test);
    }

    /** A joblog without what is different each time, in the order of the commands: they may be filed in another. */
    private List<String> jobLog() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(bed.directory.resolve("log"), StandardCharsets.ISO_8859_1)) {
            String[] columns = line.split("\t", 9);
            columns[2] = columns[2].replaceFirst("^[0-9]{10}\\.[0-9]{3}$", "T");
            columns[3] = columns[3].replaceFirst("^ *[0-9]+\\.[0-9]{3}$", "R");
            lines.add(String.join(" ", columns));
        }
        lines.subList(1, lines.size()).sort(Comparator.comparingInt(row -> Integer.parseInt(row.split(" ", 2)[0])));
        return lines;
    }

    @Test
    void joblogThatCannotBeWritten_nothingIsRunAndNothingIsLeft() throws Exception {
        Result result = bed.run("touch ran\n", "--joblog", "nowhere/log");
        assertEquals(1, result.status(), result.err());
        assertTrue(result.err().contains("nowhere/log"), result.err());
        assertFalse(Files.exists(directory.resolve("ran")));
        assertEquals(List.of(), bed.left());
    }

    @Test
    void allSucceeded_nothingIsLeft() throws Exception {
        Result result = bed.run("# two\n\necho \"$GPUSPOOL_GPUS {gpu}\" >&2; echo hi\n", "--joblog", "log");
        assertEquals(0, result.status(), result.err());
        assertEquals("hi\n", result.out());
        assertEquals(
                List.of(
                        "Seq Host Starttime JobRuntime Send Receive Exitval Signal Command",
                        "1 : T R 0 3 0 0 echo \"$GPUSPOOL_GPUS {gpu}\" >&2; echo hi"),
                jobLog());
        assertTrue(result.err().contains(" started on GPU 0: echo "), result.err());
        assertTrue(result.err().contains(": exit 0\n0 0\n"), result.err());
        assertEquals(List.of(), bed.left());
        try (var locks = Files.list(bed.locks())) {
            assertEquals(
                    List.of("id"),
                    locks.map(file -> file.getFileName().toString()).toList());
        }
    }

    @Test
    void failures_areCountedAndKept() throws Exception {
        Result result = bed.run("exit 7\nkill -9 $$\ntrue\n", "--joblog", "log", "--devices", "sim:1");
        assertEquals(2, result.status(), result.err());
        assertEquals(
                List.of(
                        "Seq Host Starttime JobRuntime Send Receive Exitval Signal Command",
                        "1 : T R 0 0 7 0 exit 7",
                        "2 : T R 0 0 0 9 kill -9 $$",
                        "3 : T R 0 0 0 0 true"),
                jobLog());
        assertEquals(1, bed.left().size());
        Path home = bed.left().get(0);
        assertTrue(result.err().contains("what is left of it lies in " + home), result.err());
        try (var failed = Files.list(home.resolve("spool/failed"))) {
            assertEquals(2, failed.count());
        }
    }

    @Test
    void refusedCommand_isToldWithItsReason() throws Exception {
        Result result = bed.run("echo a\0b\necho b\r\n");
        assertEquals(1, result.status(), result.err());
        assertEquals("b\n", result.out());
        assertTrue(result.err().contains("[1/2] finished: refused: parallel-"), result.err());
    }

    @Test
    void outputThatCannotBeWritten_isToldAndStaysInItsFiles() throws Exception {
        Path full = Path.of("/dev/full");
        Process process = bed.startInto(full, "parallel", "--devices", "sim:1", "echo", ":::", "one", "two");
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), bed.said());
        assertEquals(1, process.exitValue(), bed.said());
        assertTrue(bed.said().contains("not all of the output could be written: "), bed.said());
        Path home = bed.left().get(0);
        assertEquals("one\n", Files.readString(home.resolve("output/1.out")));
        assertEquals("two\n", Files.readString(home.resolve("output/2.out")));
    }

    @Test
    void moreThanAHundredFailures_are101() throws Exception {
        assertEquals(
                101,
                bed.run("false\n".repeat(102), "--devices", "sim:8", "--quiet").status());
    }

    @Test
    void everyByteAndLongLines_reachTheShell() throws Exception {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes("printf %s '".getBytes(StandardCharsets.US_ASCII));
        byte[] text = new byte[200_000];
        Arrays.fill(text, (byte) 'x');
        text[1000] = (byte) 0xff;
        text[1001] = (byte) 0xc3;
        line.writeBytes(text);
        line.writeBytes("' > bytes\n".getBytes(StandardCharsets.US_ASCII));
        Result result = bed.run(line.toByteArray());
        assertEquals(0, result.status(), result.err());
        assertArrayEquals(text, Files.readAllBytes(bed.directory.resolve("bytes")));
    }

    @Test
    void output_comesWholeAndInOrder() throws Exception {
        String lines = "echo a; sleep 0.5; echo b\necho c; sleep 0.1; echo d\n";
        assertEquals("c\nd\na\nb\n", bed.run(lines).out());
        assertEquals("a\nb\nc\nd\n", bed.run(lines, "--keep-order").out());
        assertEquals("", bed.run(lines, "--output", "none").out());
        assertEquals(
                "a\nb\n",
                bed.run("echo a; sleep 0.5; echo b\n", "--output", "line", "--results", "r")
                        .out());
        assertEquals("a\nb\n", Files.readString(bed.directory.resolve("r/1/stdout")));
    }

    @Test
    void lists_areCombined() throws Exception {
        Result result = bed.run("", "-k", "-n", "0", "echo", "{#}", "{1}", "{2}", ":::", "a b", "c", ":::", "1", "2");
        assertEquals("1 a b 1\n2 a b 2\n3 c 1\n4 c 2\n", result.out());
    }

    @Test
    void failure_isRunAgain() throws Exception {
        Result result = bed.run("echo x >> tries; test $(wc -l < tries) -ge 3\n", "--retries", "3", "--joblog", "log");
        assertEquals(0, result.status(), result.err());
        assertEquals("x\nx\nx\n", Files.readString(bed.directory.resolve("tries")));
        assertEquals(2, jobLog().size());
        assertEquals(1, bed.run("echo y >> tries2; false\n", "--retries", "2").status());
        assertEquals("y\ny\n", Files.readString(bed.directory.resolve("tries2")));
    }

    @Test
    void resume_goesByTheJoblog() throws Exception {
        String lines = "echo r1\necho r2; test -e ok\necho r3\n";
        assertEquals(1, bed.run(lines, "--devices", "sim:1", "--joblog", "log").status());
        assertEquals("", bed.run(lines, "--resume", "--joblog", "log").out());
        assertEquals(
                "r4\n",
                bed.run(lines + "echo r4\n", "--resume", "--joblog", "log").out());
        Files.createFile(bed.directory.resolve("ok"));
        assertEquals(
                "r2\n", bed.run(lines, "--resume-failed", "--joblog", "log").out());
        assertEquals("", bed.run(lines, "--resume-failed", "--joblog", "log").out());
        assertEquals(6, jobLog().size());
    }

    @Test
    void halt_startsNoMoreOrStopsWhatRuns() throws Exception {
        Result soon = bed.run("true\nexit 7\nexit 5\ntouch never\n", "-j", "1", "--halt", "soon,fail=2");
        assertEquals(2, soon.status(), soon.err());
        assertFalse(Files.exists(bed.directory.resolve("never")), soon.err());
        Result now = bed.run("sleep 0.3; exit 7\nsleep 600\n", "--halt", "now,fail=1", "--joblog", "log");
        assertEquals(7, now.status(), now.err());
        assertEquals(2, jobLog().size());
    }

    @Test
    void timeout_stopsACommand() throws Exception {
        assertEquals(
                1, bed.run("sleep 600\n", "--timeout", "1", "--joblog", "log").status());
        assertEquals("1 : T R 0 0 -1 15 sleep 600", jobLog().get(1));
    }

    @Test
    void cardsOfCommandsThatRunTogether_neverOverlap() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            lines.append("b=$(date +%s%N); sleep 0.0")
                    .append(i % 5)
                    .append("; echo $GPUSPOOL_GPUS $b $(date +%s%N) >> stamps\n");
        }
        Result result = bed.run(lines.toString(), "--devices", "sim:4", "-n", "2", "--quiet");
        assertEquals(0, result.status(), result.err());
        Map<String, List<long[]>> byCard = new HashMap<>();
        for (String line : Files.readAllLines(bed.directory.resolve("stamps"))) {
            String[] words = line.split(" ");
            assertEquals(2, words[0].split(",").length, line);
            for (String card : words[0].split(",")) {
                byCard.computeIfAbsent(card, one -> new ArrayList<>())
                        .add(new long[] {Long.parseLong(words[1]), Long.parseLong(words[2])});
            }
        }
        int all = 0;
        for (List<long[]> spans : byCard.values()) {
            spans.sort((a, b) -> Long.compare(a[0], b[0]));
            all += spans.size();
            for (int i = 1; i < spans.size(); i++) {
                assertTrue(spans.get(i)[0] >= spans.get(i - 1)[1], "two at once on one card");
            }
        }
        assertEquals(24, all);
    }

    @Test
    void inputThatGoesOn_startsEachLineAtOnce() throws Exception {
        Process process = bed.start("parallel", "--devices", "sim:2");
        OutputStream in = process.getOutputStream();
        for (int i = 1; i <= 3; i++) {
            in.write(("echo $PARALLEL_SEQ > line" + i + "\n").getBytes(StandardCharsets.US_ASCII));
            in.flush();
            Path file = bed.directory.resolve("line" + i);
            await20s("line " + i, () -> Files.exists(file) && Files.size(file) == 2);
            assertEquals(i + "\n", Files.readString(file));
        }
        assertTrue(process.isAlive());
        in.close();
        assertEquals(0, bed.await(process).status());
    }

    @Test
    void manyLines_neverLieInTheQueueAtOnce() throws Exception {
        Process process = bed.start("parallel", "--devices", "sim:4", "--quiet");
        try (OutputStream in = process.getOutputStream()) {
            in.write("true\n".repeat(100).getBytes(StandardCharsets.US_ASCII));
        }
        int most = 0;
        while (process.isAlive()) {
            for (Path home : bed.left()) {
                Path incoming = home.resolve("spool/incoming");
                String[] names = incoming.toFile().list((place, name) -> name.endsWith(".job"));
                most = Math.max(most, names == null ? 0 : names.length);
            }
        }
        assertEquals(0, bed.await(process).status());
        assertTrue(most <= 8, most + " in the queue");
    }

    @Test
    void noCardOrTooFew_isSaid() throws Exception {
        Result tooFew = bed.run("true\n", "--devices", "sim:2", "-n", "3");
        assertEquals(
                new Result(
                        69,
                        "",
                        "gpuspool parallel: each command needs 3 GPUs, and here are 2; ask for fewer, or for none: -n 0\n"),
                tooFew);
        assertEquals(List.of(), bed.left());
    }

    @Test
    void dryRun_printsTheCommands() throws Exception {
        assertEquals(new Result(0, "echo 'a b' {gpu}\n", ""), bed.run("", "--dry-run", "echo {} {gpu}", ":::", "a b"));
    }

    @Test
    void ctrlCOnce_letsWhatRunsEnd() throws Exception {
        try (Pty terminal = terminal(
                "-j", "1", "touch began{}; while ! test -e go; do sleep 0.05; done; echo end{}", ":::", "1", "2")) {
            await20s("start", () -> Files.exists(bed.directory.resolve("began1")));
            terminal.interrupt().awaitScreen("nothing more is started; 1 job runs on");
            Files.createFile(bed.directory.resolve("go"));
            assertEquals(130, terminal.awaitEnd());
            assertTrue(terminal.screen().contains("end1"), terminal.screen());
        }
        assertFalse(Files.exists(bed.directory.resolve("began2")));
    }

    @Test
    void ctrlCTwice_stopsWhatRuns() throws Exception {
        try (Pty terminal = terminal("touch began{}; sleep 600", ":::", "1", "2")) {
            await20s("start", () -> Files.exists(bed.directory.resolve("began2")));
            terminal.interrupt().awaitScreen("nothing more is started").interrupt();
            assertEquals(130, terminal.awaitEnd());
            assertTrue(terminal.screen().contains("cancelled, stopped"), terminal.screen());
        }
    }

    @Test
    void progressLine_tellsHowLong() throws Exception {
        try (Pty terminal = terminal("--quiet", "sleep {}", ":::", "0.1", "0.1", "2.5")) {
            terminal.awaitScreen(screen -> screen.contains("2 of 3 done, 1 runs, ETA "), "progress");
            assertEquals(0, terminal.awaitEnd());
        }
    }

    private Pty terminal(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("parallel", "--devices", "sim:2"));
        words.addAll(List.of(arguments));
        return Pty.start(bed.directory, bed.environment(), bed.command(words.toArray(String[]::new)));
    }

    @Test
    void sigtermOnce_letsWhatRunsEnd() throws Exception {
        Process process = bed.start(
                "parallel",
                "--devices",
                "sim:1",
                ": {}; touch began; while ! test -e go; do sleep 0.05; done",
                ":::",
                "1",
                "2");
        await20s("start", () -> Files.exists(bed.directory.resolve("began")));
        process.destroy();
        await20s("drain", () -> bed.said().contains("SIGTERM: nothing more is started"));
        Files.createFile(bed.directory.resolve("go"));
        assertEquals(130, bed.await(process).status());
    }

    @Test
    void killed_whatRunsRunsOnAndAWatcherFilesIt() throws Exception {
        Process process = bed.start(
                "parallel",
                "--devices",
                "sim:1",
                "touch began; while ! test -e go; do sleep 0.05; done; touch end",
                ":::",
                "1");
        await20s("start", () -> Files.exists(bed.directory.resolve("began")));
        process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
        Files.createFile(bed.directory.resolve("go"));
        await20s("end", () -> Files.exists(bed.directory.resolve("end")));
        Path spool = bed.left().get(0).resolve("spool");
        assertEquals(
                0,
                bed.await(bed.start("watch", "--once", "--devices", "sim:1", "--spool", spool.toString()))
                        .status());
        try (var done = Files.list(spool.resolve("done"))) {
            assertEquals(1, done.count());
        }
    }

    @Test
    void givenSpool_isUsedWithItsWatcher() throws Exception {
        String spool = bed.directory.resolve("spool").toString();
        assertEquals(0, bed.await(bed.start("init", "--spool", spool)).status());
        Process watcher = bed.startBeside("watch", "--devices", "sim:2", "--spool", spool);
        await20s("watcher", () -> {
            try (var hosts = Files.list(Path.of(spool, "hosts"))) {
                return hosts.anyMatch(host -> Files.exists(host.resolve("watcher")));
            }
        });
        Result result = bed.run("echo $GPUSPOOL_GPUS\nexit 3\n", "--spool", spool, "-j", "1", "--joblog", "log");
        assertEquals(1, result.status(), result.err());
        assertEquals("0\n", result.out());
        assertEquals(List.of("1 : T R 0 2 0 0 echo $GPUSPOOL_GPUS", "2 : T R 0 0 3 0 exit 3"), jobLog().subList(1, 3));
        assertEquals(69, bed.run("true\n", "--spool", spool, "-n", "3").status());
        watcher.destroy();
    }
}
