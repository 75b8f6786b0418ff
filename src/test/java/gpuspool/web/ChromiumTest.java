package gpuspool.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser. */
@Timeout(120)
final class ChromiumTest {
    private static final String HOSTILE = "<img src=x onerror=\"document.title='owned'\">\u202e.job";

    @TempDir
    private Path temp;

    private WebBed bed;
    private Path browser;

    @BeforeEach
    void open() throws IOException {
        Optional<Path> found = Stream.of("chromium", "chromium-browser", "google-chrome")
                .map(name -> Path.of("/usr/bin", name))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(found.isPresent(), "no Chromium");
        browser = found.get();
        bed = new WebBed(temp);
    }

    @AfterEach
    void close() {
        if (bed != null) {
            bed.close();
        }
    }

    /** The page as it is after some seconds. */
    private String page(String place) throws Exception {
        Path dom = temp.resolve("dom");
        Process process = new ProcessBuilder(List.of(
                        browser.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--user-data-dir=" + temp.resolve("browser"),
                        "--window-size=390,844",
                        "--virtual-time-budget=5000",
                        "--dump-dom",
                        bed.web.url() + place))
                .redirectOutput(dom.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the browser did not end");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return Files.readString(dom, StandardCharsets.UTF_8);
    }

    @Test
    void page_showsJobsAndHostileNamesAreText() throws Exception {
        bed.done("old.1", "x".getBytes(StandardCharsets.US_ASCII));
        bed.jobDir(
                "done", "hostile.1", "exit.0", "ending = exited\ncommand = <script>document.title='owned'</script>\n");
        bed.record(
                "hostile.1",
                "done",
                System.currentTimeMillis(),
                "\"ending\":\"exited\",\"elapsed\":9000000,\"started\":\"2026-01-01T00:00:00.000Z\",\"gpus\":[\"<b>sim</b>\"],\"command\":\"<script>1</script>\"");
        Files.writeString(bed.root.resolve("incoming").resolve(HOSTILE), "true\n");
        Files.writeString(
                bed.root.resolve("hosts/here/waiting"),
                "as of 2026-01-01T00:00:00.000Z\n" + HOSTILE + "\twaits for <script>document.title='owned'</script>\n");
        String page = page("");
        assertTrue(page.contains("old.1"), page);
        assertTrue(page.contains("sim:0") || page.contains("class=\"card\""), page);
        assertTrue(page.contains("&lt;script&gt;document.title='owned'&lt;/script&gt;"), page);
        assertTrue(page.contains("&lt;b&gt;sim&lt;/b&gt;") || page.contains("<b>sim</b>\""), page);
        assertFalse(page.contains("<title>owned"), page);
        assertFalse(page.contains("<img src=\"x\""), page);
        assertFalse(page.contains("\u202e"), "it turns the order of letters");
        assertTrue(page.contains("<title>0 running, 1 queued"), page);
        assertTrue(page.contains("pill on"), "it is live");
    }

    @Test
    void job_showsItsFactsAndItsLogAsText() throws Exception {
        bed.done(
                "old.1",
                "\u001b[31mred\u001b[0m 10%\r100%\n<script>document.title='owned'</script> \u001b]0;t\u0007\n"
                        .getBytes(StandardCharsets.UTF_8));
        String page = page("#/job/old.1");
        String log = page.substring(page.indexOf("<pre id=\"log\""), page.indexOf("</pre>"));
        assertEquals(
                "100%\n&lt;script&gt;document.title='owned'&lt;/script&gt; \\u{1b}]0;t\\u{7}\n",
                log.substring(log.indexOf('>') + 1));
        assertTrue(page.contains("python a.py"), page);
        assertTrue(page.contains("1m 1s"), page);
    }
}
