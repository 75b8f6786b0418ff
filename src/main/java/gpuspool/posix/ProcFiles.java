package gpuspool.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** Facts that the kernel tells in {@code /proc}; proc(5). Pure file reading, no native code. */
public final class ProcFiles {
    private static final int PARENT_FIELD = 4;
    private static final int START_TIME_FIELD = 22;
    private static final int MOST_ANCESTORS = 64;
    /** USER_HZ, fixed in the kernel's interface whatever its own tick is. */
    private static final long TICKS_PER_SECOND = 100;

    private static final long MILLIS = 1000;

    private ProcFiles() {}

    /** A random id that the kernel makes at every boot. */
    public static String bootId() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    }

    /** This process's own id, found in a fraction of the time that Java's own way takes to get ready. */
    public static int ownPid() throws IOException {
        return Integer.parseInt(
                Files.readSymbolicLink(Path.of("/proc/self")).getFileName().toString());
    }

    /** Milliseconds since boot, time asleep included; never stepped by a clock change. */
    public static long uptimeMillis() throws IOException {
        String text = Files.readString(Path.of("/proc/uptime"));
        return Math.round(Double.parseDouble(text.substring(0, text.indexOf(' '))) * MILLIS);
    }

    /**
     * When the process started, in clock ticks since boot: with the process id it names one process of this boot.
     *
     * @return empty when there is no such process, or nothing can be read of it
     */
    public static OptionalLong startTicks(long pid) {
        Optional<String[]> fields = stat(pid);
        return fields.isPresent()
                ? OptionalLong.of(Long.parseLong(fields.get()[START_TIME_FIELD - 3]))
                : OptionalLong.empty();
    }

    /** Start ticks as milliseconds since boot, comparable with {@link #uptimeMillis}; resolution 10 ms. */
    public static long ticksToMillis(long ticks) {
        return ticks * MILLIS / TICKS_PER_SECOND;
    }

    /** The fields of {@code /proc/PID/stat} from field 3 (state) on; empty when there is no such process. */
    static Optional<String[]> stat(long pid) {
        try {
            String text = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
            // After the last parenthesis: the program's name stands before it and may hold anything.
            return Optional.of(text.substring(text.lastIndexOf(')') + 2).split(" "));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Whether a process is this one, or comes from it: its child, a child of that, and so on while all of them live. */
    public static boolean isWithin(long pid, long ancestor, long startTicks) {
        long at = pid;
        for (int step = 0; step < MOST_ANCESTORS && at > 1; step++) {
            if (at == ancestor) {
                return isAlive(at, startTicks);
            }
            Optional<String[]> fields = stat(at);
            at = fields.isPresent() ? Long.parseLong(fields.get()[PARENT_FIELD - 3]) : 0;
        }
        return false;
    }

    /** Whether a process with this id and this start time lives now; a zombie does not. */
    public static boolean isAlive(long pid, long startTicks) {
        Optional<String[]> fields = stat(pid);
        return fields.isPresent()
                && !fields.get()[0].equals("Z")
                && Long.parseLong(fields.get()[START_TIME_FIELD - 3]) == startTicks;
    }
}
