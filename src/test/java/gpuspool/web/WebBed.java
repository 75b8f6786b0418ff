package gpuspool.web;

import gpuspool.config.SettingsReader;
import gpuspool.gpu.Discovery;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.DiskFs;
import gpuspool.spool.Fs;
import gpuspool.spool.Looker;
import gpuspool.spool.Spool;
import gpuspool.spool.SpoolMaker;
import gpuspool.view.CardLook;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A spool with a server on a free port, in this process; jobs in it as watchers would have left them. */
final class WebBed implements AutoCloseable {
    static final String HOST = "here";
    private static final Map<String, String> CARDS = Map.of("GPUSPOOL_DEVICES", "sim:2", "GPUSPOOL_HOST", HOST);

    final Path root;
    final Web web;
    final List<String> log = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    WebBed(Path directory) throws IOException {
        Fs fs = new DiskFs();
        root = SpoolMaker.make(directory.resolve("spool"), fs).root();
        Files.createDirectory(root.resolve("hosts").resolve(HOST));
        Spool spool = Spool.open(root);
        web = new Web(
                spool,
                new Looker(HOST, ProcFiles.bootId()),
                fs,
                () -> look(spool, fs),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of("gpus.example.org"),
                log::add);
    }

    private static CardLook look(Spool spool, Fs fs) {
        return new CardLook(
                Optional.of(spool),
                spool.root(),
                CARDS,
                () -> new SettingsReader(CARDS, List.of(), HOST).read(new byte[0]),
                fs,
                Discovery::find,
                Duration.ofSeconds(3));
    }

    /** A job directory; {@code facts} are more lines for {@code status}. */
    Path jobDir(String where, String name, String mark, String facts) throws IOException {
        Path dir = root.resolve(where).resolve(name + "." + HOST);
        Files.createDirectory(dir);
        Files.writeString(dir.resolve("x.job"), "true\n");
        Files.writeString(dir.resolve(mark), "go 1\n" + " ".repeat(100));
        Files.writeString(
                dir.resolve("status"),
                "name = x.job\nowner = 0\nhost = " + HOST + "\nboot = " + ProcFiles.bootId() + "\ngpus = 1\n"
                        + "devices = sim:0\n" + facts);
        return dir;
    }

    Path done(String name, byte[] output) throws IOException {
        Path dir = jobDir("done", name, "exit.0", "command = python a.py\nending = exited\nelapsed = 61000\n");
        Files.write(dir.resolve("output.log"), output);
        return dir;
    }

    /** A line of the record; {@code more} are further properties. */
    void record(String name, String state, long ended, String more) throws IOException {
        String time = gpuspool.spool.Times.format(java.time.Instant.ofEpochMilli(ended));
        Files.writeString(
                root.resolve("hosts").resolve(HOST).resolve("history.jsonl"),
                "{\"time\":\"" + time + "\",\"job\":\"" + name + "\",\"id\":\"" + name + "." + HOST + "\",\"state\":\""
                        + state + "\"," + more + "}\n",
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND);
    }

    int port() {
        return URI.create(web.url()).getPort();
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, headers);
    }

    HttpResponse<String> send(String method, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(web.url() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    byte[] bytes(String path) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(URI.create(web.url() + path)).build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .body();
    }

    /** What comes back for exactly these bytes, until the server closes. */
    String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(30_000);
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public void close() {
        web.close();
    }
}
