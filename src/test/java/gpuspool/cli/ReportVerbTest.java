package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gpuspool.posix.ProcFiles;
import gpuspool.spool.Times;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportVerbTest {
    private static final long HOUR = 3_600_000;
    private static final String HOSTILE = "<script>alert(1)</script>\\\" onload=x '=2,\\u202e\\u0007</title><!--]]>";

    @TempDir
    private Path directory;

    private CliSpool spool;
    private final long now = System.currentTimeMillis();
    private final StringBuilder record = new StringBuilder();

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
    }

    private String time(double hoursAgo) {
        return Times.format(Instant.ofEpochMilli(now - (long) (hoursAgo * HOUR)));
    }

    /** A run on card 0 that began and ended so many hours ago. */
    private void ran(String job, double from, double to, String command, String ending) throws IOException {
        String state = ending.contains("\"exit\":0") ? "done" : "failed";
        record.append(
                "{\"time\":\"" + time(to) + "\",\"job\":\"" + job + "\",\"id\":\"" + job + ".box\",\"state\":\"" + state
                        + "\",\"name\":\"x.job\",\"owner\":0,\"queued\":\"" + time(from + 0.5)
                        + "\",\"gpus\":[\"sim:0\"],\"command\":\""
                        + command + "\",\"started\":\"" + time(from) + "\"," + ending + ",\"elapsed\":"
                        + (long) ((from - to) * HOUR)
                        + ",\"waited_for\":\"needs 1 GPU, " + command + "\"}\n");
        String claimed = time(from + 0.5);
        record.insert(
                0,
                "{\"time\":\"" + claimed + "\",\"job\":\"" + job + "\",\"id\":\"" + job
                        + ".box\",\"state\":\"claimed\"}\n");
        Path host = Files.createDirectories(spool.root.resolve("hosts/box"));
        Files.writeString(host.resolve("history.jsonl"), record);
    }

    private String page(String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of("report", "--html", "-"));
        words.addAll(List.of(more));
        CliSpool.Result result = spool.run(words.toArray(new String[0]));
        assertEquals(0, result.status(), result.err());
        assertEquals("", result.err());
        return result.out();
    }

    private static void assertSelfContained(String page) {
        assertTrue(page.startsWith("<!DOCTYPE html>\n") && page.endsWith("</html>\n"), page);
        assertTrue(page.contains("default-src 'none'; style-src 'sha256-"), "no CSP");
        assertFalse(page.matches("(?s).*(https?:|//[a-z]|@import|url\\(|<link|<img|<iframe| src=| href=).*"), page);
    }

    @Test
    void report_writesOneFileHere_andSaysWhich() throws IOException {
        ran("a.1", 5, 3, "python train.py", "\"ending\":\"exited\",\"exit\":0");
        CliSpool.Result result = spool.run("report");
        assertEquals(0, result.status(), result.err());
        assertTrue(
                result.out().matches("written: HERE/gpuspool-report-\\d{4}-\\d\\d-\\d\\d\\.html \\(.*\\)\n"),
                result.out());
        Path file;
        try (Stream<Path> files = Files.list(spool.directory)) {
            file = files.filter(path -> path.toString().endsWith(".html"))
                    .findFirst()
                    .orElseThrow();
        }
        String page = Files.readString(file);
        assertSelfContained(page);
        assertTrue(page.contains("<b>1</b><span>job ended</span>"), page);
        assertTrue(page.contains("<b>2.0</b><span>GPU-hours</span>"), page);
        assertTrue(page.contains("a.1 · root\n"), page);
    }

    @Test
    void emptyRecord_isSaidToBeEmpty() throws IOException {
        String page = page();
        assertSelfContained(page);
        assertTrue(page.contains("The record of this spool is empty"), page);
        ran("a.1", 500, 499, "x", "\"ending\":\"exited\",\"exit\":0");
        assertTrue(page().contains("no job ran in this stretch of time"));
        assertTrue(page("--since", "all").contains("<b>1.0</b><span>GPU-hours</span>"));
    }

    @Test
    void hostileTexts_areTextEverywhere() throws IOException {
        ran("a.1", 5, 3, HOSTILE, "\"ending\":\"exited\",\"exit\":1");
        Files.createFile(spool.root.resolve("incoming").resolve("<b>&\u202e\u0007.job"));
        String page = page();
        assertSelfContained(page.replace("onload=", ""));
        assertEquals(1, page.split("<script", -1).length - 1, "ours alone");
        assertFalse(page.contains("\u202e") || page.contains("\u0007"), "what turns the direction of writing");
        assertFalse(page.contains("<!--") || page.contains("<b>&"), page);
        assertTrue(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=x &#39;=2,"), page);
    }

    @Test
    void tornLines_areCountedAndTold() throws IOException {
        ran("a.1", 5, 3, "x", "\"ending\":\"exited\",\"exit\":0");
        Path file = spool.root.resolve("hosts/box/history.jsonl");
        Files.writeString(file, Files.readString(file) + "{\"time\":\"2026\n");
        assertTrue(page().contains("1 line was not understood"));
        assertTrue(spool.run("report", "--json").out().contains("\"record\":{\"lines\":2,\"bad\":1,\"unread\":[]}"));
        assertTrue(spool.run("report", "--csv").err().contains("1 line of the record was not understood"));
    }

    /** By the grammar of RFC 4180, and nothing else. */
    private static List<List<String>> parseCsv(String text) {
        List<List<String>> records = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                field.append(text.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && c == ',') {
                fields.add(field.toString());
                field.setLength(0);
            } else if (!quoted && c == '\r') {
                assertEquals('\n', text.charAt(++i));
                fields.add(field.toString());
                field.setLength(0);
                records.add(fields);
                fields = new ArrayList<>();
            } else {
                field.append(c);
            }
        }
        assertFalse(quoted);
        assertTrue(field.isEmpty() && fields.isEmpty(), "it does not end with a line end");
        return records;
    }

    @Test
    void csv_comesBackAsItWas_andHasNoFormulas() throws IOException {
        ran("a.1", 5, 3, "=HYPERLINK(\\\"x\\\",\\\"y\\\")\\nnext, \\\"q\\\"", "\"ending\":\"exited\",\"exit\":3");
        ran("b.1", 3, 2, "plain", "\"ending\":\"exited\",\"exit\":0");
        CliSpool.Result result = spool.run("report", "--csv");
        assertEquals(0, result.status(), result.err());
        List<List<String>> records = parseCsv(result.out());
        List<String> head = records.get(0);
        assertEquals(3, records.size());
        assertTrue(records.stream().allMatch(line -> line.size() == head.size()), result.out());
        assertEquals("\\x3dHYPERLINK(\"x\",\"y\")\nnext, \"q\"", records.get(1).get(head.indexOf("command")));
        assertEquals("7200.000", records.get(1).get(head.indexOf("gpu_seconds")));
        assertEquals("1800.000", records.get(1).get(head.indexOf("wait_seconds")));
        assertEquals(
                List.of("b.1", "b.1.box", "box", "root", "0"), records.get(2).subList(0, 5));
        assertEquals(
                now - 2 * HOUR,
                java.time.OffsetDateTime.parse(records.get(2).get(head.indexOf("ended")))
                        .toInstant()
                        .toEpochMilli());
    }

    @Test
    void json_hasTheNumbers() throws IOException {
        ran("a.1", 5, 3, "x", "\"ending\":\"exited\",\"exit\":0");
        ran("b.1", 3, 2, "y", "\"ending\":\"timed out\",\"exit\":143");
        String out = spool.run("report", "--json").out();
        assertTrue(out.contains("\"ended\":2,\"done\":1,\"running\":0,\"gpu_hours\":3.0,\"cards\":1,"), out);
        assertTrue(out.contains("\"median_seconds\":1800.0"), out);
        assertTrue(out.contains("{\"ending\":\"timed out\",\"jobs\":1,\"gpu_hours\":1.0,"), out);
        assertTrue(out.contains("{\"user\":\"root\",\"uid\":0,\"gpu_hours\":3.0,"), out);
        assertTrue(spool.run("report", "--json", "--user", "4711").out().contains("\"ended\":0"));
        String clipped = spool.run("report", "--json", "--since", "2h30m").out();
        assertTrue(clipped.matches("(?s).*\"gpu_hours\":0\\.(5|49[0-9]*),\"cards\":1,.*"), clipped);
    }

    @Test
    void jobThatRuns_countsUpToNow() throws IOException {
        long pid = ProcessHandle.current().pid();
        Path run = spool.jobDir(
                "running",
                "r.1",
                "started",
                "pid=" + pid + "\ngo " + pid + "\n",
                "started = " + time(2) + "\npid = " + pid + "\npid_start = "
                        + ProcFiles.startTicks(pid).orElseThrow() + "\n");
        String out = spool.run("report", "--json").out();
        assertTrue(out.matches("(?s).*\"ended\":0,\"done\":0,\"running\":1,\"gpu_hours\":4\\.0.*"), run + ": " + out);
        assertTrue(page().contains(" runs\"><title>r.1 · root"), "its bar");
    }

    @Test
    void longQueue_isSaidToBeLonger() throws IOException {
        for (int i = 0; i < 9; i++) {
            spool.queue("q" + i + ".job", "true\n");
        }
        assertTrue(page().contains("The first 8 of 9."), "how many there are");
    }

    @Test
    void wrongWords_areRefused() throws IOException {
        for (List<String> words : List.of(
                List.of("--since", "7"),
                List.of("--since", "1d", "--until", "2d"),
                List.of("--csv", "--json"),
                List.of("--user", "nobody-of-that-name"))) {
            List<String> all = new ArrayList<>(List.of("report"));
            all.addAll(words);
            CliSpool.Result result = spool.run(all.toArray(new String[0]));
            assertEquals(2, result.status(), words + ": " + result.out());
            assertFalse(result.err().isEmpty());
        }
    }

    @Test
    void placeThatCannotBeWritten_isSaid() throws IOException {
        CliSpool.Result result = spool.run("report", "--html", "no/such/directory/x.html");
        assertEquals(1, result.status());
        assertTrue(result.err().contains("no/such/directory/x.html"), result.err());
    }

    private static Optional<Path> chromium() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Test
    void inABrowser_nothingIsBlockedAndNothingOfOthersRuns() throws Exception {
        assumeTrue(chromium().isPresent(), "no Chromium");
        ran("a.1", 5, 3, HOSTILE + "<img src=x onerror=document.title=1>", "\"ending\":\"exited\",\"exit\":1");
        Path file = spool.directory.resolve("r.html");
        Files.writeString(file, page().replace("</main>", "<p id=end>end</p></main>"));
        Path out = spool.directory.resolve("dom");
        Path err = spool.directory.resolve("err");
        Process browser = new ProcessBuilder(
                        chromium().get().toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--enable-logging=stderr",
                        "--user-data-dir=" + spool.directory.resolve("profile"),
                        "--dump-dom",
                        "file://" + file)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertTrue(browser.waitFor(60, TimeUnit.SECONDS), "it does not end");
        } finally {
            browser.descendants().forEach(ProcessHandle::destroyForcibly);
            browser.destroyForcibly();
        }
        String dom = Files.readString(out, StandardCharsets.UTF_8);
        assertTrue(dom.contains("id=\"end\""), dom);
        assertTrue(dom.contains("<title>GPU report, "), dom);
        assertFalse(dom.contains("<img"), dom);
        String told = Files.readString(err, StandardCharsets.UTF_8);
        assertFalse(told.contains("Content Security Policy") || told.contains("Uncaught"), told);
    }
}
