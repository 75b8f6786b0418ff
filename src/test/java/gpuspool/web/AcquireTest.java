package gpuspool.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.posix.QuickStart;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code POST /acquire} with a real watcher and a real server, for real processes that are killed. One card. */
@Timeout(90)
final class AcquireTest {
    private static final String HOST = "here";

    @TempDir
    private Path temp;

    private final List<Process> started = new ArrayList<>();
    private HttpClient client = HttpClient.newHttpClient();
    private Path spool;
    private Process watcher;
    private Process web;
    private String url;

    @BeforeEach
    void begin() throws Exception {
        spool = temp.resolve("spool");
        watcher = program("watch", "--devices", "sim:1");
        await("the watcher is there", () -> Files.exists(hostFile("watcher")));
        startWeb();
    }

    private void startWeb() throws IOException {
        web = program("web", "--port", "0");
        await("it says where it is", () -> said(web).contains("http://"));
        url = said(web).replaceFirst("(?s).*(http://[^ ]*/).*", "$1");
    }

    @AfterEach
    void end() throws Exception {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    private Process program(String verb, String... options) throws IOException {
        List<String> command = QuickStart.program(List.of("-Xmx64m"), List.of(verb, "--spool", spool.toString()));
        command.addAll(List.of(options));
        return start(command);
    }

    private Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("said-" + started.size()).toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GPUSPOOL_") || name.startsWith("CUDA_"));
        builder.environment().put("GPUSPOOL_HOST", HOST);
        builder.environment().put("GPUSPOOL_MIN_FREE_DISK", "0B");
        builder.environment().put("GPUSPOOL_LOCK_DIR", temp.resolve("locks").toString());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private String said(Process process) throws IOException {
        return Files.readString(temp.resolve("said-" + started.indexOf(process)));
    }

    private Process sleeper() throws IOException {
        return start(List.of("sleep", "300"));
    }

    private static void await(String what, Callable<Boolean> true_) {
        Awaitility.await(what).atMost(Duration.ofSeconds(30)).until(true_);
    }

    private Path hostFile(String name) {
        return spool.resolve("hosts").resolve(HOST).resolve(name);
    }

    private String token() throws IOException {
        return Files.readString(hostFile("web.token")).strip();
    }

    private HttpRequest ask(String token, String body) {
        return HttpRequest.newBuilder(URI.create(url + "acquire"))
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private CompletableFuture<HttpResponse<String>> acquire(Process process, String name) throws IOException {
        String body = "{\"pid\": " + process.pid() + ", \"num_gpus\": 1, \"name\": \"" + name + "\"}";
        return client.sendAsync(ask(token(), body), HttpResponse.BodyHandlers.ofString());
    }

    private void awaitFiled(String where, String id) {
        await(id + " lies in " + where, () -> Files.exists(spool.resolve(where).resolve(id + "." + HOST)));
    }

    private void awaitQueued(String file) {
        await(file + " is queued", () -> Files.exists(spool.resolve("incoming").resolve(file)));
    }

    @Test
    void withoutTheToken_nothingIsAskedFor() throws Exception {
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(hostFile("web.token"))));
        String body = "{\"pid\": " + sleeper().pid() + "}";
        for (String wrong : List.of("", "x", token().substring(1), token() + "0")) {
            HttpResponse<String> answer = client.send(ask(wrong, body), HttpResponse.BodyHandlers.ofString());
            assertEquals(401, answer.statusCode(), wrong);
            assertTrue(answer.body().contains("web.token"), answer.body());
            assertFalse(answer.body().contains(token()), answer.body());
        }
        for (String bad : List.of(
                "",
                "[]",
                "{\"pid\": 0}",
                "{\"pid\": 1.5}",
                "{\"pid\": 99999999999}",
                "{\"pid\": 1} x",
                "{\"gpus\": 1}",
                "{\"pid\": 1, \"num_gpus\": -1}",
                "{\"pid\": 1, \"name\": \"../x\"}")) {
            HttpResponse<String> answer = client.send(ask(token(), bad), HttpResponse.BodyHandlers.ofString());
            assertEquals(400, answer.statusCode(), bad + ": " + answer.body());
        }
        assertEquals(
                413,
                client.send(ask(token(), " ".repeat(5000)), HttpResponse.BodyHandlers.ofString())
                        .statusCode());
        Process gone = start(List.of("true"));
        gone.waitFor();
        assertEquals(
                404,
                client.send(ask(token(), "{\"pid\": " + gone.pid() + "}"), HttpResponse.BodyHandlers.ofString())
                        .statusCode());
        try (var queue = Files.list(spool.resolve("incoming"))) {
            assertEquals(0, queue.count());
        }
    }

    @Test
    void granted_theCardIsItsOwnUntilItEnds() throws Exception {
        Process first = sleeper();
        HttpResponse<String> answer = acquire(first, "first").get();
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(
                "{\"job\":\"first.1\",\"id\":\"first.1.here\",\"gpus\":[\"0\"],\"uuids\":[],\"cuda_visible_devices\":\"0\"}\n",
                answer.body());
        Process second = sleeper();
        CompletableFuture<HttpResponse<String>> waiting = acquire(second, "second");
        awaitQueued("second.toml");
        // Whatever becomes of the server: the card stays with the process, and the request goes with the server.
        web.destroyForcibly().waitFor();
        awaitFiled("failed", "second.1");
        assertTrue(waiting.handle((got, failure) -> failure != null).get());
        assertTrue(Files.exists(spool.resolve("running/first.1.here/foreground")));
        assertTrue(second.isAlive(), "nobody asked it to end");
        startWeb();
        CompletableFuture<HttpResponse<String>> third = acquire(second, "third");
        awaitQueued("third.toml");
        assertFalse(third.isDone());
        first.destroyForcibly();
        assertEquals(200, third.get().statusCode(), third.get().body());
        awaitFiled("done", "first.1");
        second.destroyForcibly();
        awaitFiled("done", "third.1");
    }

    @Test
    void clientDiesInMidAcquire_itsRequestIsWithdrawn() throws Exception {
        Process first = sleeper();
        assertEquals(200, acquire(first, "first").get().statusCode());
        Process shell = sleeper();
        String body = "{\"pid\": " + shell.pid() + ", \"name\": \"second\"}";
        Process curl = start(List.of(
                "bash",
                "-c",
                "exec 3<>/dev/tcp/127.0.0.1/$1; printf '%s' \"$2\" >&3; exec sleep 300",
                "client",
                Integer.toString(URI.create(url).getPort()),
                "POST /acquire HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token() + "\r\nContent-Length: "
                        + body.length() + "\r\n\r\n" + body));
        awaitQueued("second.toml");
        curl.destroyForcibly();
        awaitFiled("failed", "second.1");
        assertTrue(shell.isAlive(), "only its request is over");
        first.destroyForcibly();
        awaitFiled("done", "first.1");
    }

    @Test
    void watcherIsGone_isSaid() throws Exception {
        watcher.destroyForcibly().waitFor();
        HttpResponse<String> answer = acquire(sleeper(), "x").get();
        assertEquals(503, answer.statusCode());
        assertTrue(answer.body().contains("gpuspool watch"), answer.body());
    }
}
