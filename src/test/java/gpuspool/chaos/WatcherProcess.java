package gpuspool.chaos;

import gpuspool.posix.QuickStart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A real watcher in a process of its own. Its words go to a file, so that its death breaks no pipe. */
final class WatcherProcess implements AutoCloseable {
    /** In the environment of every process of one test bed. */
    static final String BED = "GPUSPOOL_CHAOS_BED";

    private final Process process;
    private final Path output;

    private WatcherProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static WatcherProcess start(
            Path spool, Path lockDir, Path output, Map<String, String> environment, List<String> options)
            throws IOException {
        List<String> command = QuickStart.program(
                List.of("-XX:+UseSerialGC", "-Xmx64m"),
                List.of("watch", "--spool", spool.toString(), "--devices", "sim:4", "--lock-dir", lockDir.toString()));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GPUSPOOL_"));
        builder.environment().putAll(environment);
        return new WatcherProcess(builder.start(), output);
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** What it said so far. */
    String output() throws IOException {
        return Files.readString(output, StandardCharsets.UTF_8);
    }

    /** How many whole lines of its own it printed; what the Java machine says does not count. */
    long lines() throws IOException {
        String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
        return text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> !line.startsWith("WARNING:") && !line.contains("VM warning"))
                .count();
    }

    /** Whether it reported itself as the spool's watcher, as the layout says: {@code hosts/HOST/watcher}. */
    boolean watches(Path spool) throws IOException {
        for (Path host : Tree.list(spool.resolve("hosts"))) {
            Path report = host.resolve("watcher");
            if (Files.isRegularFile(report)
                    && Files.readString(report, StandardCharsets.ISO_8859_1)
                            .lines()
                            .anyMatch(("pid = " + pid())::equals)) {
                return true;
            }
        }
        return false;
    }

    void awaitWatching(Path spool) throws IOException {
        Awaitility.await("watcher " + pid() + " reports itself in hosts/")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !alive() || watches(spool));
        if (!alive()) {
            throw new AssertionError("the watcher ended by itself with " + process.exitValue() + ":\n" + output());
        }
    }

    /** Lets it live so long at most; says whether it ended by itself before. */
    boolean endsWithin(Duration time) throws InterruptedException {
        return process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    int awaitExit(Duration limit) throws IOException, InterruptedException {
        if (!endsWithin(limit)) {
            throw new AssertionError("the watcher still lives after " + limit + ":\n" + output());
        }
        return process.exitValue();
    }

    /** SIGKILL, and its end. Says whether it was alive until then. */
    boolean kill() throws InterruptedException {
        boolean lived = process.isAlive();
        process.destroyForcibly().waitFor();
        return lived && process.exitValue() == 137;
    }

    /** SIGTERM, and its end. */
    int stop() throws IOException, InterruptedException {
        process.destroy();
        return awaitExit(Duration.ofSeconds(20));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
