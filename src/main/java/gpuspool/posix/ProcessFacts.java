package gpuspool.posix;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/** What {@code /proc} tells of processes and their limits, beyond who they are; proc(5). Pure file reading, no native code. */
public final class ProcessFacts {
    private static final Path PROC = Path.of("/proc");

    private ProcessFacts() {}

    /**
     * The user a process acts as.
     *
     * @return empty when there is no such process, or nothing can be read of it
     */
    public static OptionalLong user(long pid) {
        Optional<String> line = read(PROC.resolve(pid + "/status")).flatMap(text -> lineOf(text, "Uid:"));
        // Uid: real effective saved file-system
        return line.isPresent() ? number(line.get().split("\\s+", -1)[2]) : OptionalLong.empty();
    }

    /** How many threads all processes of a user have. */
    public static long threadsOf(long user) throws IOException {
        long threads = 0;
        for (Path process : processes()) {
            Optional<String> status = read(process.resolve("status"));
            Optional<String> uid = status.flatMap(text -> lineOf(text, "Uid:"));
            Optional<String> count = status.flatMap(text -> lineOf(text, "Threads:"));
            // RLIMIT_NPROC counts by the real user.
            if (uid.isPresent()
                    && number(uid.get().split("\\s+", -1)[1]).equals(OptionalLong.of(user))
                    && count.isPresent()) {
                threads += number(count.get().split("\\s+", -1)[1]).orElse(0);
            }
        }
        return threads;
    }

    /** How many inotify instances the processes of a user have open, and how many watches in them; those that may be read. */
    public record Inotify(long instances, long watches) {}

    public static Inotify inotifyOf(long user) throws IOException {
        Inotify all = new Inotify(0, 0);
        for (Path process : processes()) {
            if (user(Long.parseLong(process.getFileName().toString())).equals(OptionalLong.of(user))) {
                Inotify more = inotifyOf(process);
                all = new Inotify(all.instances + more.instances, all.watches + more.watches);
            }
        }
        return all;
    }

    private static Inotify inotifyOf(Path process) {
        long instances = 0;
        long watches = 0;
        try (DirectoryStream<Path> fds = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path fd : fds) {
                if (pointsAt(fd, "anon_inode:inotify")) {
                    instances++;
                    watches += read(process.resolve("fdinfo").resolve(fd.getFileName()))
                            .map(ProcessFacts::watches)
                            .orElse(0L);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Ended meanwhile, or not ours to read: what was seen counts.
            return new Inotify(instances, watches);
        }
        return new Inotify(instances, watches);
    }

    private static long watches(String fdinfo) {
        return fdinfo.lines().filter(line -> line.startsWith("inotify ")).count();
    }

    private static boolean pointsAt(Path fd, String target) {
        try {
            return Files.readSymbolicLink(fd).toString().equals(target);
        } catch (IOException e) {
            // Closed since it was listed.
            return false;
        }
    }

    /**
     * The soft limit by its name in {@code /proc/PID/limits}, such as {@code Max open files}.
     *
     * @return {@link Long#MAX_VALUE} for unlimited; empty when it cannot be read
     */
    public static OptionalLong limit(long pid, String name) {
        Optional<String> line = read(PROC.resolve(pid + "/limits")).flatMap(text -> lineOf(text, name));
        if (line.isEmpty()) {
            return OptionalLong.empty();
        }
        String soft = line.get().substring(name.length()).strip().split("\\s+", -1)[0];
        return soft.equals("unlimited") ? OptionalLong.of(Long.MAX_VALUE) : number(soft);
    }

    /** A process's control groups: controller to path; the one of version 2 under the empty name. */
    public static Map<String, String> groups(long pid) {
        Map<String, String> groups = new TreeMap<>();
        for (String line : read(PROC.resolve(pid + "/cgroup")).orElse("").split("\n", -1)) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3) {
                for (String controller : fields[1].split(",", -1)) {
                    groups.put(controller, fields[2]);
                }
            }
        }
        return groups;
    }

    /** A number that stands alone in a file of the kernel's; {@link Long#MAX_VALUE} for {@code max}, empty where there is none. */
    public static OptionalLong numberIn(Path file) {
        String text = read(file).orElse("").strip();
        return text.equals("max") ? OptionalLong.of(Long.MAX_VALUE) : number(text);
    }

    private static List<Path> processes() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
            entries.forEach(found::add);
        }
        return found;
    }

    private static Optional<String> read(Path file) {
        try {
            // In one read: some of the kernel's files end after the first, and readString's first takes one byte.
            try (InputStream in = Files.newInputStream(file)) {
                return Optional.of(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> lineOf(String text, String start) {
        return text.lines().filter(line -> line.startsWith(start)).findFirst();
    }

    private static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
