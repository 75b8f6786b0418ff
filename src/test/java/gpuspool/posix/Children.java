package gpuspool.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** Real processes for the tests of this room; those still alive at the end are killed. */
final class Children implements AutoCloseable {
    private final List<Process> processes = new ArrayList<>();

    Process start(String... command) throws IOException {
        return start(Map.of(), command);
    }

    Process start(Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** Runs a command and returns what it printed. */
    String output(String... command) throws IOException {
        return new String(start(command).getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }

    /** A second JVM that runs a class of the test class path. */
    Process jvm(Map<String, String> environment, List<String> options, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-XX:+UseSerialGC",
                "-Xmx32m",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(1, QuickStart.OPTIONS);
        command.addAll(options);
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return start(environment, command.toArray(String[]::new));
    }

    static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }

    /** The file's text, once its last line is whole. */
    static String awaitLine(Path file) throws IOException {
        await(
                file + " holds a whole line",
                () -> Files.exists(file) && Files.readString(file).endsWith("\n"));
        return Files.readString(file).strip();
    }

    static void kill(long pid) throws IOException {
        try {
            new ProcessBuilder("/bin/kill", "-KILL", Long.toString(pid))
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
