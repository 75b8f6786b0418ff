package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.JobId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryLineTest {
    private static final String CLAIM = """
            name = exp1.job
            id = exp1.2.box
            owner = 1000
            inode = 1:2
            host = box
            cookie = c
            devices = sim:0 sim:3
            queued = 2026-01-02T03:04:05.001Z
            claimed = 2026-01-02T03:04:06.002Z
            """;
    private static final String START = """
            command = python train.py
            gpus = 2
            armed = 2026-01-02T03:04:06.500Z
            pid = 41
            pid_start = 7
            started = 2026-01-02T03:04:07.003Z
            """;
    private static final String BEGIN = "\"job\":\"exp1.2\",\"id\":\"exp1.2.box\",\"state\":\"";
    private static final String WHO = "\",\"name\":\"exp1.job\",\"owner\":1000,\"queued\":\"2026-01-02T03:04:05.001Z\","
            + "\"gpus\":[\"sim:0\",\"sim:3\"],\"command\":\"python train.py\",";

    @TempDir
    private Path temp;

    private JobDir dir(String where, String status, String... names) throws IOException {
        Path path = Files.createDirectories(temp.resolve(where).resolve("exp1.2.box"));
        Files.writeString(path.resolve("status"), status);
        Files.writeString(path.resolve("exp1.job"), "python train.py\n");
        for (String name : names) {
            Files.createFile(path.resolve(name));
        }
        return new JobDir(path, new JobId("exp1", 2, "box"));
    }

    private static String line(JobDir dir, HistoryState state) throws IOException {
        return HistoryLines.read(dir, List.of(state), new DiskFs()).get(0);
    }

    @Test
    void claimed_tellsWhatItIs() throws IOException {
        JobDir dir = dir("running", CLAIM + START, "started", "output.log");
        assertEquals(
                "{\"time\":\"2026-01-02T03:04:06.002Z\"," + BEGIN + "claimed" + WHO.replaceAll(",$", "}\n"),
                line(dir, HistoryState.CLAIMED));
    }

    @Test
    void running_tellsItsScriptWhole() throws IOException {
        JobDir dir = dir("running", CLAIM + START, "started", "output.log");
        Files.writeString(dir.file("script"), "#!/bin/sh\npython train.py \"\\\"\t\n");
        assertEquals(
                "{\"time\":\"2026-01-02T03:04:07.003Z\"," + BEGIN + "running" + WHO
                        + "\"script\":\"#!/bin/sh\\npython train.py \\\"\\\\x5c\\\"\\\\x09\\n\",\"pid\":41,"
                        + "\"started\":\"2026-01-02T03:04:07.003Z\",\"log\":\"running/exp1.2.box/output.log\"}\n",
                line(dir, HistoryState.RUNNING));
    }

    @Test
    void done_tellsHowItEnded() throws IOException {
        String end = "ending = exited\nexit = 0\nended = 2026-01-02T04:00:00.000Z\nelapsed = 3353000\n";
        JobDir dir = dir("done", CLAIM + START + end, "exit.0", "stdout.log", "reason");
        assertEquals(
                "{\"time\":\"2026-01-02T04:00:00.000Z\"," + BEGIN + "done" + WHO
                        + "\"pid\":41,\"started\":\"2026-01-02T03:04:07.003Z\",\"log\":\"done/exp1.2.box/stdout.log\","
                        + "\"ending\":\"exited\",\"exit\":0,\"elapsed\":3353000}\n",
                line(dir, HistoryState.DONE));
    }

    @Test
    void refused_hasNoCommandAndItsReason() throws IOException {
        JobDir dir = dir("failed", CLAIM + "ending = refused\nended = 2026-01-02T04:00:00.000Z\n", "token");
        Files.writeString(dir.file("reason"), "a \u001b[31m\\x41 \"b\"\nc\n");
        assertEquals(
                "{\"time\":\"2026-01-02T04:00:00.000Z\"," + BEGIN + "failed"
                        + WHO.replace("\"command\":\"python train.py\",", "")
                        + "\"ending\":\"refused\",\"reason\":\"a \\\\x1b[31m\\\\x41 \\\"b\\\"\\nc\"}\n",
                line(dir, HistoryState.FAILED));
    }

    @Test
    void statusCouldNotBeWritten_theMarkAndTheDirectoryTell() throws IOException {
        JobDir dir = dir("failed", CLAIM + "armed = 2026-01-02T03:04:06.500Z\n", "exit.3", "output.log");
        Files.writeString(dir.file("exit.3"), "pid=77\ngo 78\n");
        String changed = Times.format(
                gpuspool.posix.FileFacts.of(dir.path()).orElseThrow().changed().toInstant());
        String failed = line(dir, HistoryState.FAILED);
        assertTrue(failed.startsWith("{\"time\":\"" + changed + "\""), failed);
        assertTrue(failed.endsWith(
                "\"pid\":77,\"log\":\"failed/exp1.2.box/output.log\",\"ending\":\"exited\",\"exit\":3}\n"));
        assertTrue(line(dir, HistoryState.RUNNING).startsWith("{\"time\":\"2026-01-02T03:04:06.500Z\""));
    }

    @Test
    void noCodeAndNoWord_isUnknown() throws IOException {
        String failed = line(dir("failed", CLAIM + START, "started", "output.log"), HistoryState.FAILED);
        assertTrue(failed.contains("\"ending\":\"unknown\"}"), failed);
    }

    /** The bytes are all there again when the escapes are taken back. */
    @Test
    void hostileNamesAndScripts_staySingleLinesOfJson() throws Exception {
        byte[] script = new byte[3000];
        for (int i = 0; i < script.length; i++) {
            script[i] = (byte) (i * 7 + i / 256);
        }
        String name = Escapes.escape("\u202e\"quo\\te\n\u0007 é中𝄞\u0085\ud800".getBytes(StandardCharsets.UTF_8))
                + Escapes.escape(new byte[] {(byte) 0xff, (byte) 0xc0, (byte) 0x80, (byte) 0xed, (byte) 0xa0, '"'});
        JobDir dir = dir(
                "running", CLAIM.replace("exp1.job", name) + START.replace("train.py", name), "started", "output.log");
        Files.write(dir.file("script"), script);
        Path lines = Files.writeString(temp.resolve("lines"), line(dir, HistoryState.RUNNING));
        assertEquals(1, Files.readAllLines(lines).size());
        String[] seen =
                JsonJudge.values(lines, "name", "command", "script").get(0).split("\t");
        assertEquals(ascii(name), seen[0]);
        assertEquals(ascii("python " + name), seen[1]);
        try (HistoryReader reader = new HistoryReader(lines)) {
            assertEquals("exp1.2.box", reader.next().orElseThrow().id());
        }
        String text = Escapes.escapeLines(script);
        assertEquals(ascii(text), seen[2]);
        assertEquals(
                List.of(),
                text.chars().filter(c -> c < 0x20 && c != '\n').boxed().toList());
        org.junit.jupiter.api.Assertions.assertArrayEquals(script, Escapes.unescape(text));
    }

    /** As Python's json.dumps writes it. */
    private static String ascii(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c == '\n') {
                json.append("\\n");
            } else if (c < 0x20 || c > 0x7e) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    @Test
    void longScript_isCutBetweenCharacters() throws Exception {
        JobDir dir = dir("running", CLAIM + START, "started", "output.log");
        Files.writeString(dir.file("script"), "x" + "中".repeat(30_000));
        Path lines = Files.writeString(temp.resolve("lines"), line(dir, HistoryState.RUNNING));
        int whole = (HistoryFacts.LONGEST_TEXT - 1) / 3;
        assertEquals(
                ascii("x" + "中".repeat(whole) + "…"),
                JsonJudge.values(lines, "script").get(0));
        Files.writeString(dir.file("script"), "y".repeat(HistoryFacts.LONGEST_TEXT));
        Files.writeString(lines, line(dir, HistoryState.RUNNING));
        assertEquals(
                ascii("y".repeat(HistoryFacts.LONGEST_TEXT)),
                JsonJudge.values(lines, "script").get(0));
    }
}
