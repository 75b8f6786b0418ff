package gpuspool.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the kernel tells about one process. */
final class ProcFacts {
    private static final int UTIME = 14 - 3;
    private static final int STIME = 15 - 3;
    private static final double TICKS_PER_SECOND = 100;
    private static final double KIB_PER_MIB = 1024;

    /** Threads of every JVM, by the 15 bytes the kernel keeps of their names. */
    private static final List<String> OF_THE_JVM = List.of(
            "GC Thread",
            "G1 ",
            "VM Thread",
            "VM Periodic Tas",
            "Reference Handl",
            "Finalizer",
            "Signal Dispatch",
            "Service Thread",
            "Monitor Deflati",
            "C1 CompilerThre",
            "C2 CompilerThre",
            "Notification Th",
            "Common-Cleaner",
            "Sweeper thread",
            "DestroyJavaVM");

    private final Path proc;

    ProcFacts(long pid) {
        proc = Path.of("/proc", Long.toString(pid));
    }

    /** User and system time of all its threads so far, in seconds; resolution 10 ms. */
    double cpuSeconds() throws IOException {
        String text = read(proc.resolve("stat"));
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) / TICKS_PER_SECOND;
    }

    /** Resident memory in MiB: now ({@code VmRSS}), or the most there was ({@code VmHWM}). */
    double mebibytes(String key) throws IOException {
        return field(proc.resolve("status"), key) / KIB_PER_MIB;
    }

    /** How often each thread that is not the JVM's own went to sleep, by its id and name. */
    Map<String, Long> sleeps() throws IOException {
        Map<String, Long> found = new HashMap<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(proc.resolve("task"))) {
            for (Path task : tasks) {
                String name = read(task.resolve("comm")).strip();
                if (OF_THE_JVM.stream().noneMatch(name::startsWith)) {
                    found.put(
                            task.getFileName() + " " + name, field(task.resolve("status"), "voluntary_ctxt_switches"));
                }
            }
        } catch (NoSuchFileException e) {
            // A thread that ended meanwhile.
        }
        return found;
    }

    private static long field(Path file, String key) throws IOException {
        return read(file)
                .lines()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> Long.valueOf(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow(() -> new IOException("no " + key + " in " + file));
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    /** Sleeps until the process has used no time for a while. */
    void awaitQuiet() throws IOException, InterruptedException {
        double before = -1;
        for (double now = cpuSeconds(); now != before; now = cpuSeconds()) {
            before = now;
            Thread.sleep(400);
        }
    }
}
