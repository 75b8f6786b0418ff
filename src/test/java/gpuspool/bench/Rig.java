package gpuspool.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A spool in a directory of its own, and at most one watcher on it at a time. */
final class Rig implements AutoCloseable {
    private static final int LIMIT_SECONDS = 300;
    private static final long LOOK_EVERY_MILLIS = 10;

    private final Path root;
    private final Path locks;
    private final List<String> gpuspool;
    private final Stamps stamps;
    private Process watcher;

    /** @param gpuspool the program and its first arguments */
    Rig(Path under, List<String> gpuspool) throws IOException, InterruptedException {
        root = Files.createTempDirectory(under, "gpuspool-bench-");
        this.gpuspool = gpuspool;
        // Where they are by default: /run/lock is no disk either.
        Path memory = Path.of("/dev/shm");
        locks = Files.createTempDirectory(Files.isWritable(memory) ? memory : under, "gpuspool-bench-locks-");
        Files.createDirectory(root.resolve("staging"));
        stamps = new Stamps(root.resolve("stamps"));
    }

    Path root() {
        return root;
    }

    Path spool() {
        return root.resolve("spool");
    }

    Stamps stamps() {
        return stamps;
    }

    /** A job that does nothing but tell when it begins and when it ends. */
    String stampingJob() {
        return "#!/bin/sh\n" + stamps.line("s") + stamps.line("e");
    }

    /**
     * Starts a watcher.
     *
     * @return when, by {@link System#nanoTime}
     */
    long start(String devices, Map<String, String> environment) throws IOException {
        List<String> command = new ArrayList<>(gpuspool);
        command.addAll(
                List.of("watch", "--spool", spool().toString(), "--devices", devices, "--lock-dir", locks.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        root.resolve("watcher.out").toFile()));
        builder.environment().put("GPUSPOOL_MIN_FREE_DISK", "0B");
        builder.environment().putAll(environment);
        long now = System.nanoTime();
        Process started = builder.start();
        watcher = started;
        // A benchmark that is broken off leaves no watcher behind.
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroy));
        return now;
    }

    /** Starts a watcher and waits until it watches. */
    void startAndWait(String devices, Map<String, String> environment) throws IOException, InterruptedException {
        start(devices, environment);
        String pid = "pid = " + watcher.pid();
        for (int i = 0; i < LIMIT_SECONDS * 100; i++) {
            if (reported().contains(pid)) {
                return;
            }
            if (!watcher.isAlive()) {
                break;
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        throw new IOException("the watcher does not watch; it said:\n" + Files.readString(root.resolve("watcher.out")));
    }

    private List<String> reported() throws IOException {
        List<String> lines = new ArrayList<>();
        if (Files.isDirectory(spool().resolve("hosts"))) {
            try (var hosts = Files.newDirectoryStream(spool().resolve("hosts"))) {
                for (Path host : hosts) {
                    if (Files.exists(host.resolve("watcher"))) {
                        lines.addAll(Files.readAllLines(host.resolve("watcher")));
                    }
                }
            }
        }
        return lines;
    }

    ProcFacts watcher() {
        return new ProcFacts(watcher.pid());
    }

    void stop() throws InterruptedException {
        if (watcher != null) {
            watcher.destroy();
            if (!watcher.waitFor(30, TimeUnit.SECONDS)) {
                watcher.destroyForcibly().waitFor();
            }
        }
    }

    /** Makes the spool, with nothing in it, and leaves no watcher. */
    void make() throws IOException, InterruptedException {
        startAndWait("sim:1", Map.of());
        stop();
    }

    void pause() throws IOException {
        Files.write(spool().resolve("control/pause"), new byte[0]);
    }

    void resume() throws IOException {
        Files.delete(spool().resolve("control/pause"));
    }

    /** Asks all that runs to stop, and waits until nothing does. */
    void cancelAll() throws IOException, InterruptedException {
        Path running = spool().resolve("running");
        for (int i = 0; i < LIMIT_SECONDS * 100; i++) {
            List<Path> left = new ArrayList<>();
            try (var jobs = Files.newDirectoryStream(running)) {
                jobs.forEach(left::add);
            }
            if (left.isEmpty()) {
                return;
            }
            for (Path job : left) {
                try {
                    Files.write(job.resolve("cancel"), new byte[0]);
                } catch (NoSuchFileException e) {
                    // Filed meanwhile.
                }
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        throw new IOException("what runs in " + running + " does not stop");
    }

    private Path incoming() {
        return spool().resolve("incoming");
    }

    /** Makes a job file beside the spool, to be moved in later. */
    Path stage(String name, String text) throws IOException {
        return Files.writeString(root.resolve("staging").resolve(name), text);
    }

    /** {@code mv}: what is moved in was written some time before. */
    void moveIn(Path file) throws IOException {
        Files.move(file, incoming().resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The steps of {@code gpuspool add}, by hand; the caller's clock runs while the last two are made. */
    Runnable addSteps(String name, String text) throws IOException {
        Path draft = incoming().resolve("." + name);
        Files.writeString(draft, text);
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.setLastModifiedTime(draft, FileTime.fromMillis(System.currentTimeMillis() - 1000));
        return () -> {
            try {
                Files.createLink(incoming().resolve(name), draft);
                Files.delete(draft);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        };
    }

    /** Writes job files in place, names in the order of the queue. */
    void fill(String prefix, int count, String text) throws IOException {
        for (int i = 0; i < count; i++) {
            Files.writeString(incoming().resolve(prefix + String.format("%06d", i) + ".job"), text);
        }
    }

    int filed() throws IOException {
        return count("done") + count("failed");
    }

    /** Waits until so many are filed in all. */
    void awaitFiled(int jobs) throws IOException, InterruptedException {
        for (int i = 0; filed() < jobs; i++) {
            if (i > LIMIT_SECONDS * 100) {
                throw new IOException("only " + filed() + " of " + jobs + " jobs were filed, see " + root);
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
    }

    int count(String directory) throws IOException {
        int count = 0;
        try (var entries = Files.newDirectoryStream(spool().resolve(directory))) {
            for (var unused : entries) {
                count++;
            }
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        try {
            stop();
        } catch (InterruptedException e) {
            watcher.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        stamps.close();
        remove(root);
        remove(locks);
    }

    static void remove(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, IOException e) throws IOException {
                Files.delete(left);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
