package gpuspool.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can be read by HTTP, and what keeps others from more. */
@Timeout(60)
final class WebReadTest {
    private static final String HOSTILE = "<script>alert('x')<img src=x onerror=alert(2)>\u202e.job";

    @TempDir
    private Path temp;

    private WebBed bed;

    @BeforeEach
    void open() throws IOException {
        bed = new WebBed(temp);
    }

    @AfterEach
    void close() {
        bed.close();
        assertEquals(List.of(), bed.log, "what nobody expected");
    }

    @Test
    void status_tellsJobsAndGpus() throws Exception {
        bed.done("old.1", new byte[0]);
        Files.writeString(bed.root.resolve("incoming/next.job"), "true\n");
        HttpResponse<String> answer = bed.get("status");
        assertEquals(200, answer.statusCode());
        assertEquals(
                "application/json", answer.headers().firstValue("Content-Type").orElse(""));
        assertTrue(answer.body().contains("\"job\":\"next\""), answer.body());
        assertTrue(answer.body().contains("\"job\":\"old.1\""), answer.body());
        assertTrue(answer.body().contains("\"card\":\"sim:1\""), answer.body());
        assertTrue(bed.get("jobs").body().contains("\"job\":\"next\""));
        assertTrue(bed.get("gpus").body().contains("\"state\":\"free\""));
    }

    @Test
    void everyAnswer_tellsBrowsersToTrustNothingElse() throws Exception {
        for (String path : List.of("", "status", "nothing")) {
            HttpResponse<String> answer = bed.get(path);
            String policy =
                    answer.headers().firstValue("Content-Security-Policy").orElse("");
            assertTrue(policy.startsWith("default-src 'none'; script-src 'self'"), policy);
            assertFalse(policy.contains("unsafe"), policy);
            assertEquals(
                    "nosniff",
                    answer.headers().firstValue("X-Content-Type-Options").orElse(""));
            assertEquals(
                    "no-referrer",
                    answer.headers().firstValue("Referrer-Policy").orElse(""));
            assertTrue(
                    answer.headers().firstValue("Access-Control-Allow-Origin").isEmpty());
        }
    }

    @Test
    void page_hasNothingInlineAndNothingFromElsewhere() throws Exception {
        HttpResponse<String> page = bed.get("");
        assertTrue(page.headers().firstValue("Content-Type").orElse("").startsWith("text/html"));
        assertFalse(page.body().matches("(?s).*(<script>|style=|onclick=|https?://).*"), page.body());
        for (String file : List.of("app.js", "timeline.js")) {
            String script = bed.get(file).body();
            assertFalse(script.isEmpty());
            assertFalse(script.matches("(?s).*(innerHTML|outerHTML|insertAdjacent|document\\.write|eval\\().*"), file);
        }
    }

    @Test
    void foreignName_getsNothing() throws Exception {
        for (String host : List.of(
                "evil.example.com", "localhost.evil.com", "127.0.0.1.evil.com:80", "", "[::2]", "localhost:x")) {
            String answer = bed.raw("GET /status HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 421"), answer);
            assertFalse(answer.contains("queued_total"), answer);
        }
    }

    @Test
    void ownName_isAnswered() throws Exception {
        for (String host : List.of(
                "localhost",
                "LOCALHOST:9000",
                "127.0.0.1:1",
                "[::1]:9123",
                "gpus.example.org",
                "gpus.example.org:443")) {
            String answer = bed.raw("GET /status HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        }
    }

    @Test
    void whatIsNotOffered_isNotFound() throws Exception {
        for (String path : List.of(
                "..%2f..%2fetc%2fpasswd",
                "%2e%2e/%2e%2e/etc/passwd",
                "jobs/..%2f..%2fformat",
                "jobs/%2e%2e/log",
                "jobs/..%2f..%2fspool.toml/log",
                "web.token",
                "hosts/here/web.token",
                "jobs/old.1/status",
                "web/app.js")) {
            String answer = bed.raw("GET /" + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 404"), answer);
            assertFalse(answer.contains("root:"), answer);
        }
    }

    @Test
    void otherMethods_areRefused() throws Exception {
        bed.done("x.1", new byte[0]);
        for (String asked : List.of("POST status", "DELETE jobs/x", "OPTIONS status", "PUT acquire", "GET acquire")) {
            String[] words = asked.split(" ", -1);
            assertEquals(405, bed.send(words[0], words[1]).statusCode(), asked);
            String allowed = words[1].equals("acquire") ? "POST" : "GET, HEAD";
            assertEquals(
                    List.of(allowed), bed.send(words[0], words[1]).headers().allValues("Allow"), asked);
        }
    }

    @Test
    void curl_isAnsweredToo() throws Exception {
        Path curl = Path.of("/usr/bin/curl");
        assumeTrue(Files.isExecutable(curl), "no curl(1)");
        bed.done("old.1", "0123456789".getBytes(StandardCharsets.US_ASCII));
        Process process = new ProcessBuilder(
                        curl.toString(), "-sS", "-m", "20", "-r", "2-4", bed.web.url() + "jobs/old.1/log")
                .redirectErrorStream(true)
                .start();
        assertEquals("234", new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, process.waitFor());
    }

    @Test
    void head_hasNoBody() throws Exception {
        HttpResponse<String> answer = bed.send("HEAD", "status");
        assertEquals(200, answer.statusCode());
        assertEquals("", answer.body());
    }

    @Test
    void job_isFoundByAnyOfItsNames() throws Exception {
        Files.writeString(bed.root.resolve("incoming").resolve(HOSTILE), "true\n");
        bed.done("old.1", new byte[0]);
        for (String name : List.of("old", "old.1", "old.1.here")) {
            String body = bed.get("jobs/" + name).body();
            assertTrue(body.contains("\"id\":\"old.1.here\""), body);
            assertTrue(body.contains("\"elapsed\":\"61000\""), body);
        }
        String coded =
                java.net.URLEncoder.encode(HOSTILE, StandardCharsets.UTF_8).replace("+", "%20");
        HttpResponse<String> hostile = bed.get("jobs/" + coded);
        assertEquals(200, hostile.statusCode(), hostile.body());
        assertTrue(hostile.body().contains("\"state\":\"queued\""), hostile.body());
        assertFalse(hostile.body().contains("\u202e"), "it turns the order of letters");
        assertEquals(404, bed.get("jobs/none").statusCode());
        assertTrue(bed.get("jobs/none").body().startsWith("no job none"));
    }

    @Test
    void log_wholeIsEscapedAndRawIsExact() throws Exception {
        byte[] printed =
                "\u001b[31mred\u001b[0m \u001b]0;t\u0007 <script>1</script> \u202e\n".getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[printed.length + 3];
        System.arraycopy(printed, 0, all, 0, printed.length);
        all[printed.length] = (byte) 0xff;
        all[printed.length + 1] = 0;
        all[printed.length + 2] = '\n';
        bed.done("old.1", all);
        HttpResponse<String> shown = bed.get("jobs/old.1/log");
        assertEquals(
                "text/plain; charset=utf-8",
                shown.headers().firstValue("Content-Type").orElse(""));
        assertEquals(
                "\u001b[31mred\u001b[0m \\u{1b}]0;t\\u{7} <script>1</script> \\u{202e}\n\\xff\\u{0}\n\u001b[0m",
                shown.body());
        assertArrayEquals(all, bed.bytes("jobs/old.1/log?raw"));
    }

    @Test
    void log_givesPartsOfItself() throws Exception {
        bed.done("old.1", "0123456789".getBytes(StandardCharsets.US_ASCII));
        assertEquals("789", bed.get("jobs/old.1/log?tail=3").body());
        assertEquals("0123456789", bed.get("jobs/old.1/log?tail=1000").body());
        assertEquals(400, bed.get("jobs/old.1/log?tail=x").statusCode());
        HttpResponse<String> part = bed.get("jobs/old.1/log", "Range", "bytes=2-4");
        assertEquals(206, part.statusCode());
        assertEquals("234", part.body());
        assertEquals("bytes 2-4/10", part.headers().firstValue("Content-Range").orElse(""));
        assertEquals("56789", bed.get("jobs/old.1/log", "Range", "bytes=5-").body());
        assertEquals("89", bed.get("jobs/old.1/log", "Range", "bytes=-2").body());
        assertEquals(416, bed.get("jobs/old.1/log", "Range", "bytes=10-").statusCode());
        assertEquals(400, bed.get("jobs/old.1/log", "Range", "bytes=0-1,3-4").statusCode());
    }

    /** Sparse: who reads all of it needs minutes and gigabytes. */
    @Test
    void hugeLog_itsEndComesAtOnce() throws Exception {
        Path dir = bed.done("old.1", new byte[0]);
        try (var file = new java.io.RandomAccessFile(dir.resolve("output.log").toFile(), "rw")) {
            file.seek(1L << 36);
            file.write("the end\n".getBytes(StandardCharsets.US_ASCII));
        }
        assertEquals("the end\n", bed.get("jobs/old.1/log?tail=8").body());
        assertEquals("end\n", bed.get("jobs/old.1/log", "Range", "bytes=-4").body());
    }

    @Test
    void logThatIsALink_isNotFollowed() throws Exception {
        Path dir = bed.done("old.1", new byte[0]);
        Files.delete(dir.resolve("output.log"));
        Files.createSymbolicLink(dir.resolve("output.log"), dir.resolve("status"));
        HttpResponse<String> answer = bed.get("jobs/old.1/log");
        assertEquals(404, answer.statusCode());
        assertTrue(answer.body().contains("a symbolic link"), answer.body());
    }

    @Test
    void metrics_areEscapedAndCountWhatWasCleanedAway() throws Exception {
        long now = System.currentTimeMillis();
        bed.record("a.1", "done", now, "\"ending\":\"exited\",\"gpus\":[]");
        bed.record("a.1", "done", now, "\"ending\":\"exited\",\"gpus\":[]");
        bed.record("b.1", "failed", now, "\"ending\":\"timed out\",\"gpus\":[]");
        bed.record("c.1", "running", now, "\"gpus\":[]");
        Files.writeString(bed.root.resolve("incoming/next.job"), "true\n");
        HttpResponse<String> answer = bed.get("metrics");
        assertEquals(
                "text/plain; version=0.0.4; charset=utf-8",
                answer.headers().firstValue("Content-Type").orElse(""));
        String text = answer.body();
        assertTrue(text.contains("# TYPE gpuspool_jobs gauge\ngpuspool_jobs{state=\"queued\"} 1\n"), text);
        assertTrue(text.contains("gpuspool_jobs_ended_total{filed=\"done\",ending=\"exited\"} 1\n"), text);
        assertTrue(text.contains("gpuspool_jobs_ended_total{filed=\"failed\",ending=\"timed out\"} 1\n"), text);
        assertTrue(text.contains("gpuspool_watcher_up{host=\"here\"} 0\n"), text);
        assertTrue(
                text.contains("gpuspool_gpu_state{host=\"here\",gpu=\"sim:0\",index=\"0\",state=\"free\"} 1\n"), text);
        bed.record("d.1", "done", now, "\"ending\":\"exited\",\"gpus\":[]");
        assertTrue(
                bed.get("metrics").body().contains("gpuspool_jobs_ended_total{filed=\"done\",ending=\"exited\"} 2\n"));
    }

    @Test
    void timeline_hasWhatEndedLately() throws Exception {
        long now = System.currentTimeMillis();
        String started = gpuspool.spool.Times.format(java.time.Instant.ofEpochMilli(now - 60_000));
        String facts =
                "\"ending\":\"exited\",\"exit\":3,\"elapsed\":30000,\"gpus\":[\"sim:1\"],\"owner\":0,\"started\":\""
                        + started + "\"";
        bed.record("late.1", "failed", now, facts);
        bed.record("early.1", "failed", now - TimeUnit.HOURS.toMillis(9), facts);
        String text = bed.get("timeline?hours=6").body();
        assertTrue(
                text.contains(
                        "\"job\":\"late.1\",\"id\":\"late.1.here\",\"host\":\"here\",\"user\":\"root\",\"gpus\":[\"sim:1\"],\"from\":"
                                + (now - 30_000) + ",\"to\":" + now),
                text);
        assertFalse(text.contains("early.1"), text);
        assertTrue(bed.get("timeline?hours=24").body().contains("early.1"));
        assertEquals(400, bed.get("timeline?hours=100000").statusCode());
    }

    /** More of them than there are threads for one second's work: each holds a connection and sends nothing more. */
    @Test
    void slowClients_keepNobodyElseWaiting() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket socket = new Socket(java.net.InetAddress.getLoopbackAddress(), bed.port());
                slow.add(socket);
                OutputStream out = socket.getOutputStream();
                out.write("POST /acquire HTTP/1.1\r\nHost: localhost\r\nX: ".getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
            assertEquals(200, bed.get("status").statusCode());
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void nobodyAsks_nothingIsChangedInTheTree() throws Exception {
        bed.done("old.1", new byte[0]);
        List<String> before = tree();
        for (String path :
                List.of("", "status", "jobs", "gpus", "jobs/old.1", "jobs/old.1/log", "timeline", "metrics")) {
            assertEquals(200, bed.get(path).statusCode(), path);
        }
        assertEquals(before, tree());
    }

    private List<String> tree() throws IOException {
        try (var all = Files.walk(bed.root)) {
            return all.map(Path::toString).sorted().toList();
        }
    }
}
