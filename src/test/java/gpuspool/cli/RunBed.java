package gpuspool.cli;

import static org.awaitility.Awaitility.await;

import gpuspool.posix.Pty;
import gpuspool.posix.QuickStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A spool with two simulated GPUs, and {@code gpuspool run} in processes of its own. */
final class RunBed implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final CliSpool spool;
    private final List<Process> started = new ArrayList<>();

    RunBed(Path directory) throws IOException {
        spool = new CliSpool(directory);
    }

    private static List<String> program(List<String> args) {
        return QuickStart.program(List.of("-XX:+UseSerialGC", "-Xshare:auto"), args);
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("GPUSPOOL_SPOOL", spool.root.toString());
        environment.put("GPUSPOOL_LOCK_DIR", spool.directory.resolve("locks").toString());
        environment.put("GPUSPOOL_DEVICES", "sim:2");
        return environment;
    }

    /** {@code gpuspool run}, at a terminal. */
    Pty atTerminal(String... args) throws IOException {
        return Pty.start(spool.directory, environment(), program(run(args)));
    }

    private static List<String> run(String... args) {
        return Stream.concat(Stream.of("run"), Stream.of(args)).toList();
    }

    /** {@code gpuspool run}; what it and its command print goes to {@link #words}. */
    Process run(String words, String input, String... args) throws IOException {
        Path in = Files.writeString(spool.directory.resolve(words + ".in"), input);
        return start(words, in, run(args));
    }

    String words(String name) throws IOException {
        return Files.readString(spool.directory.resolve(name));
    }

    private Process start(String words, Path in, List<String> args) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program(args))
                .directory(spool.directory.toFile())
                .redirectInput(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(spool.directory.resolve(words).toFile());
        builder.environment().putAll(environment());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    /** Starts a watcher. */
    Process watch() throws IOException {
        Process watcher = start("watcher.log", Path.of("/dev/null"), List.of("watch"));
        Path note = spool.root.resolve("hosts/" + CliSpool.host() + "/watcher");
        eventually("a watcher", () -> Files.exists(note));
        return watcher;
    }

    static int end(Process process) throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("process " + process.pid() + " still runs");
        }
        return process.exitValue();
    }

    static void eventually(String what, Callable<Boolean> condition) {
        await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(condition);
    }

    List<Path> entries(String place) throws IOException {
        try (Stream<Path> entries = Files.list(spool.root.resolve(place))) {
            return entries.sorted().toList();
        }
    }

    /** How the only run of that name ended, once it is filed. */
    String ending(String name, String place) throws IOException {
        Path status = spool.root.resolve(place + "/" + name + ".1." + CliSpool.host() + "/status");
        eventually(status + "", () -> Files.exists(status));
        return Stream.of(read(status).split("\n", -1))
                .filter(line -> line.startsWith("ending = "))
                .reduce((first, last) -> last)
                .orElse("");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        for (Process process : started) {
            process.destroyForcibly().onExit().join();
        }
    }
}
