package gpuspool.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A spool watched by {@code target/gpuspool} as people have it, under a Java and an environment of the test's choice. */
final class PackagedBed implements AutoCloseable {
    static final Path PACKAGED =
            Path.of(System.getProperty("gpuspool.packaged", "target/gpuspool")).toAbsolutePath();
    private static final String MARK = "GPUSPOOL_PACKAGED_BED";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    final Path root;
    /** The program that is started: a copy, which a test may spoil. */
    final Path program;

    final Map<String, String> environment = new HashMap<>();
    private final List<Process> watchers = new ArrayList<>();

    PackagedBed(Path temp, Path java) throws IOException {
        root = temp.toRealPath();
        program = Files.copy(PACKAGED, root.resolve("gpuspool"), StandardCopyOption.COPY_ATTRIBUTES);
        environment.putAll(Map.of("PATH", "/usr/local/bin:/usr/bin:/bin", "HOME", root.toString()));
        environment.put("GPUSPOOL_JAVA", java.toString());
        environment.put(MARK, root.toString());
        environment.put("GPUSPOOL_NO_ARCHIVE", "1");
    }

    Path spool() {
        return root.resolve("spool");
    }

    List<String> watchCommand(String... options) {
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "watch",
                "--spool",
                spool().toString(),
                "--devices",
                "sim:2",
                "--lock-dir",
                root.resolve("locks").toString()));
        command.addAll(List.of(options));
        return command;
    }

    /** Starts this with exactly {@link #environment}; its words go to {@link #log}. */
    Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(root.resolve("log").toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        watchers.add(process);
        return process;
    }

    /** Starts a watcher and waits until it has looked around and has loaded what it may ever need. */
    Process watch() throws IOException {
        Process process = start(watchCommand());
        await("it watches", () -> {
            if (!process.isAlive()) {
                throw new AssertionError("ended with " + process.exitValue() + ": " + log());
            }
            // Written at the end of its first round.
            return !list(spool().resolve("hosts")).isEmpty()
                    && Files.exists(list(spool().resolve("hosts")).get(0).resolve("attention"))
                    && !threads(process.pid()).contains("preload");
        });
        return process;
    }

    private static List<String> threads(long pid) throws IOException {
        List<String> names = new ArrayList<>();
        for (Path task : list(Path.of("/proc/" + pid + "/task"))) {
            names.add(Files.readString(task.resolve("comm")).strip());
        }
        return names;
    }

    int run(List<String> command) throws IOException, InterruptedException {
        Process process = start(command);
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still alive: " + command + ": " + log());
        }
        return process.exitValue();
    }

    String log() throws IOException {
        return Files.readString(root.resolve("log"));
    }

    void drop(String name, String text) throws IOException {
        Path draft = Files.writeString(root.resolve("draft"), text);
        Files.createDirectories(spool().resolve("incoming"));
        Files.move(draft, spool().resolve("incoming").resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Waits until the run, such as {@code x.1}, is filed, and returns its directory. */
    Path awaitFiled(String id) throws IOException {
        await(id + " is filed", () -> find(id, "done", "failed") != null);
        return find(id, "done", "failed");
    }

    /** The run's directory in one of these places; null where there is none. */
    Path find(String id, String... places) throws IOException {
        for (String place : places) {
            for (Path directory : list(spool().resolve(place))) {
                if (directory.getFileName().toString().startsWith(id + ".")) {
                    return directory;
                }
            }
        }
        return null;
    }

    void await(String what, Callable<Boolean> condition) throws IOException {
        try {
            Awaitility.await(what + " in " + spool())
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(20))
                    .until(condition);
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + "; log: " + log(), e);
        }
    }

    /** A fact of a job's status; the last line of that key counts. */
    static String fact(Path jobDirectory, String key) throws IOException {
        return Files.readString(jobDirectory.resolve("status"), StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> line.startsWith(key + " = "))
                .reduce((first, second) -> second)
                .map(line -> line.substring(key.length() + 3))
                .orElse(null);
    }

    static List<Path> list(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
                found.forEach(entries::add);
            }
        }
        return entries;
    }

    /** Kills every process of this bed that runs this program. */
    void kill(String name) throws IOException {
        for (Path process : list(Path.of("/proc"))) {
            if (process.getFileName().toString().matches("\\d+") && isOurs(process)) {
                boolean meant =
                        Files.readString(process.resolve("comm")).strip().equals(name);
                if (meant) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .ifPresent(ProcessHandle::destroyForcibly);
                }
            }
        }
    }

    /** Ends every process that was started here. */
    @Override
    public void close() throws IOException {
        watchers.forEach(Process::destroyForcibly);
        for (Path process : list(Path.of("/proc"))) {
            if (process.getFileName().toString().matches("\\d+") && isOurs(process)) {
                ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                        .ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    private boolean isOurs(Path process) {
        try {
            return Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1)
                    .contains(MARK + "=" + root + "\0");
        } catch (IOException e) {
            return false;
        }
    }
}
