package gpuspool.watch;

import gpuspool.posix.QuickStart;
import gpuspool.posix.RandomId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

/** A spool of its own, watched by the real program in a process of its own; whatever is left at the end is killed. */
final class WatcherBed implements AutoCloseable {
    private static final String BED = "GPUSPOOL_BED";

    final Path root;
    final Path spool;
    final Map<String, String> environment = new HashMap<>();
    /** Whether watchers are told where their locks are. */
    boolean namesLocks = true;

    private final String mark;
    private final List<Process> watchers = new ArrayList<>();

    WatcherBed(Path temp) throws IOException {
        root = temp;
        spool = temp.resolve("spool");
        mark = RandomId.next();
        environment.put(BED, mark);
        environment.put("GPUSPOOL_MIN_FREE_DISK", "0B");
    }

    Path incoming(String name) {
        return spool.resolve("incoming").resolve(name);
    }

    /** Starts a watcher; {@code null} devices: none are named. */
    Process start(String devices, String... options) throws IOException {
        List<String> command = QuickStart.program(
                List.of("-XX:+UseSerialGC", "-Xshare:auto", "-Xmx64m"), List.of("watch", "--spool", spool.toString()));
        if (namesLocks) {
            command.addAll(List.of("--lock-dir", root.resolve("locks").toString()));
        }
        if (devices != null) {
            command.addAll(List.of("--devices", devices));
        }
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(log(watchers.size()).toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GPUSPOOL_"));
        builder.environment().keySet().removeIf(name -> name.startsWith("CUDA_") || name.startsWith("PYTHON"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        watchers.add(process);
        return process;
    }

    private Path log(int watcher) {
        return root.resolve("watcher-" + watcher + ".log");
    }

    /** What the latest watcher said. */
    String log() throws IOException {
        return Files.readString(log(watchers.size() - 1));
    }

    /** Starts one and waits until it has made the spool and looked at it. */
    Process watch(String devices, String... options) throws IOException {
        Process process = start(devices, options);
        await("it watches", () -> {
            if (!process.isAlive()) {
                throw new AssertionError("ended with " + process.exitValue() + ": " + log());
            }
            return log().contains("watching ");
        });
        return process;
    }

    int once(String devices, String... options) throws IOException, InterruptedException {
        String[] all = java.util.Arrays.copyOf(options, options.length + 1);
        all[options.length] = "--once";
        return awaitExit(start(devices, all));
    }

    static int awaitExit(Process process) throws InterruptedException {
        if (!process.waitFor(25, TimeUnit.SECONDS)) {
            throw new AssertionError("still alive: " + process);
        }
        return process.exitValue();
    }

    static void kill(Process process) throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    int term(Process process) throws InterruptedException {
        process.destroy();
        return awaitExit(process);
    }

    /** By rename: whole, and there at once. */
    void drop(String name, String text) throws IOException {
        Path draft = Files.writeString(root.resolve("draft"), text);
        Files.move(draft, incoming(name), StandardCopyOption.ATOMIC_MOVE);
    }

    void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what + " in " + spool)
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .until(condition);
    }

    Path filed(String id) throws IOException {
        for (String place : List.of("done", "failed")) {
            for (String name : names(place)) {
                if (name.startsWith(id + ".")) {
                    return spool.resolve(place).resolve(name);
                }
            }
        }
        return null;
    }

    /** Waits until the run, such as {@code x.1}, is filed, and returns its directory. */
    Path awaitFiled(String id) throws IOException {
        await(id + " is filed", () -> filed(id) != null);
        return filed(id);
    }

    /** Waits until the job, such as {@code x.1}, has printed this, and returns its directory in running/. */
    Path awaitOutput(String id, String text) throws IOException {
        Path[] found = new Path[1];
        await(id + " prints " + text, () -> {
            for (String name : names("running")) {
                Path log = spool.resolve("running").resolve(name).resolve("output.log");
                if (name.startsWith(id + ".") && Files.exists(log) && read(log).contains(text)) {
                    found[0] = log.getParent();
                }
            }
            return found[0] != null;
        });
        return found[0];
    }

    List<String> names(String place) throws IOException {
        return list(spool.resolve(place));
    }

    static List<String> list(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(directory)) {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (NoSuchFileException e) {
            return names;
        }
        names.sort(null);
        return names;
    }

    static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    static String output(Path jobDirectory) throws IOException {
        return read(jobDirectory.resolve("output.log"));
    }

    /** A fact of a job's status; the last line of that key counts. */
    static String fact(Path jobDirectory, String key) throws IOException {
        return read(jobDirectory.resolve("status"))
                .lines()
                .filter(line -> line.startsWith(key + " = "))
                .reduce((first, second) -> second)
                .map(line -> line.substring(key.length() + 3))
                .orElse(null);
    }

    /** The supervisor's process id, noted a moment after the job began. */
    long supervisor(Path jobDirectory) throws IOException {
        await("its process id is noted", () -> fact(jobDirectory, "pid") != null);
        return Long.parseLong(fact(jobDirectory, "pid"));
    }

    String waiting() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String host : names("hosts")) {
            Path file = spool.resolve("hosts").resolve(host).resolve("waiting");
            if (Files.exists(file)) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    /** Living processes of this bed, watchers included. */
    List<Long> processes() throws IOException {
        List<Long> pids = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path entry : entries) {
                try {
                    if (read(entry.resolve("environ")).contains(BED + "=" + mark)
                            && !read(entry.resolve("stat")).contains(") Z ")) {
                        pids.add(Long.valueOf(entry.getFileName().toString()));
                    }
                } catch (IOException e) {
                    pids.remove(null);
                }
            }
        }
        return pids;
    }

    @Override
    public void close() throws IOException {
        watchers.forEach(Process::destroyForcibly);
        for (List<Long> left = processes(); !left.isEmpty(); left = processes()) {
            for (long pid : left) {
                ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }
}
