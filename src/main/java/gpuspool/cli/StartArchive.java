package gpuspool.cli;

import gpuspool.posix.FileFacts;
import gpuspool.posix.OwnEnvironment;
import gpuspool.posix.ProcFiles;
import gpuspool.posix.Spawn;
import gpuspool.spool.DiskFs;
import gpuspool.spool.FileSystemKind;
import gpuspool.spool.Fs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The archive of loaded classes with which later starts of this program take two thirds of the time: made by a watcher some time
 * after its start, in the user's cache, one for each program file and version of Java. The launcher says where it lies and uses it;
 * the JVM passes over one that does not fit.
 *
 * @param directory of this program and this Java; the launcher builds the same name
 */
record StartArchive(Path root, Path directory, Path program, Map<String, String> environment) {
    /** A verb for no one but {@link #make}: the launcher has the JVM write what it loaded. */
    static final String VERB = "make-archive";

    static final String NAME = "classes.jsa";

    private static final String UNFINISHED = ".new";
    private static final String OFF = "GPUSPOOL_NO_ARCHIVE";
    /** For tests: milliseconds after the start of a watcher. */
    private static final String PLAYED_DELAY = "GPUSPOOL_TEST_ARCHIVE_AFTER";

    /** Later than whatever a watcher has to do first, and what people do just after they started one. */
    private static final Duration DELAY = Duration.ofMinutes(1);

    private static final Duration LONGEST = Duration.ofHours(1);
    private static final String OWNER = "unix:uid";
    /** What a JVM that crashes leaves in its working directory. */
    private static final String CRASHED = "hs_err_";

    private static final int OURS_ALONE = 0700;
    private static final Fs FILES = new DiskFs();

    /** Where there is to be one; empty where it is not wanted, or cannot be: for classes that are not in one file, or without a home. */
    static Optional<StartArchive> of(Map<String, String> environment) {
        String program = System.getProperty("gpuspool.launcher", "");
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (cache.isEmpty()) {
            cache = environment.getOrDefault("HOME", "") + "/.cache";
        }
        if (!environment.getOrDefault(OFF, "").isEmpty() || !program.startsWith("/") || !cache.startsWith("/")) {
            return Optional.empty();
        }
        Path root = Path.of(cache, "gpuspool", "start");
        Path directory = Path.of(root + "/" + System.getProperty("java.version") + program);
        // A colon is where the JVM would see two archives.
        return directory.normalize().equals(directory) && directory.toString().indexOf(':') < 0
                ? Optional.of(new StartArchive(root, directory, Path.of(program), environment))
                : Optional.empty();
    }

    /** Makes it, where it is missing, after a while; of a thread of its own, which ends then. */
    static void makeLater(Map<String, String> environment, Path spool, EventLines log) {
        Optional<StartArchive> archive = of(environment);
        if (archive.isEmpty()) {
            return;
        }
        String played = environment.getOrDefault(PLAYED_DELAY, "");
        long delay = played.isEmpty() ? DELAY.toMillis() : Long.parseLong(played);
        Thread maker = new Thread(
                () -> {
                    try {
                        Thread.sleep(delay);
                        archive.get().makeIfMissing(spool);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (IOException | UncheckedIOException e) {
                        log.accept("note: each start of gpuspool takes a little longer: no archive of its classes in "
                                + archive.get().directory + ": " + e.getMessage() + "; " + OFF
                                + "=1 keeps a watcher from making one");
                    }
                },
                "archive");
        maker.setDaemon(true);
        maker.start();
    }

    private void makeIfMissing(Path spool) throws IOException {
        Path archive = directory.resolve(NAME);
        if (!isOurs(root.getParent().getParent().getParent()) || fits(archive, program) && isUsable()) {
            return;
        }
        makeDirectories(directory);
        // Elsewhere another host may replace it under a process that reads it, which the kernel would end.
        if (!isLocal(FileSystemKind.of(directory))) {
            return;
        }
        removeOthers();
        make(spool);
        if (!isUsable()) {
            FILES.delete(archive);
            throw new IOException("no gpuspool starts with the one just made");
        }
    }

    /** A home that is another's, as with sudo, or is not there at all, is no place for files of ours. */
    private static boolean isOurs(Path home) throws IOException {
        return Files.exists(home)
                && Files.getAttribute(home, OWNER).equals(Files.getAttribute(Path.of("/proc/self"), OWNER));
    }

    /** Java 17 crashes where a part of it was lost. */
    private boolean isUsable() throws IOException {
        return run(List.of("--version")) == 0;
    }

    private static boolean isLocal(FileSystemKind kind) {
        return kind.hasLeases() || kind.name().equals("overlay");
    }

    private static boolean fits(Path archive, Path program) throws IOException {
        Optional<FileFacts> made = FILES.look(archive);
        return made.isPresent()
                && Files.exists(program)
                && made.get().modified().compareTo(Files.getLastModifiedTime(program)) > 0;
    }

    private void makeDirectories(Path wanted) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path at = wanted; at != null && !Files.exists(at); at = at.getParent()) {
            missing.add(0, at);
        }
        for (Path at : missing) {
            FILES.mkdir(at);
        }
        // What is loaded from there is code.
        FILES.dress(wanted, OURS_ALONE, Files.getLastModifiedTime(wanted));
    }

    /** Those that can never fit again, and what makers left that were killed. */
    private void removeOthers() throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(root)) {
            files = found.filter(Files::isRegularFile).toList();
        }
        long now = System.currentTimeMillis();
        for (Path file : files) {
            String name = file.getFileName().toString();
            Path above = file.getParent();
            boolean abandoned = (name.endsWith(UNFINISHED) || name.startsWith(CRASHED))
                    && now - Files.getLastModifiedTime(file).toMillis() > LONGEST.toMillis();
            boolean useless = name.equals(NAME) && !fits(file, programOf(above));
            if (abandoned || useless) {
                FILES.delete(file);
            }
        }
    }

    private Path programOf(Path archived) {
        Path below = root.relativize(archived);
        return Path.of("/").resolve(below.subpath(Math.min(1, below.getNameCount() - 1), below.getNameCount()));
    }

    private void make(Path spool) throws IOException {
        Path unfinished = directory.resolve(NAME + "." + ProcFiles.ownPid() + UNFINISHED);
        int status = run(List.of(VERB, unfinished.toString(), spool.toString()));
        boolean made = Files.exists(unfinished);
        if (status != 0 || !made) {
            if (made) {
                FILES.delete(unfinished);
            }
            throw new IOException("\"gpuspool " + VERB + "\" ended with exit status " + status);
        }
        FILES.sync(unfinished);
        FILES.rename(unfinished, directory.resolve(NAME));
        FILES.sync(directory);
    }

    /** This very program once more, at the lowest priority; its exit status. */
    private int run(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "exec nice -n 19 \"$0\" \"$@\""));
        command.addAll(ThisProgram.command());
        command.addAll(arguments);
        List<String> lines = new ArrayList<>();
        OwnEnvironment.exact(environment).forEach((name, value) -> lines.add(name + "=" + value));
        try (Spawn spawn = new Spawn()) {
            return Spawn.exitStatus(spawn.chdir(directory)
                    .openRead(0, "/dev/null")
                    .openWrite(1, "/dev/null")
                    .openWrite(2, "/dev/null")
                    .closeFrom(3)
                    .start(command, lines));
        }
    }
}
