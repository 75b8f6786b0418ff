package gpuspool.gpu;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One process that a driver reports on a card, and what {@code /proc} tells of it where it may be read.
 *
 * @param pid as seen from here; drivers leave out processes of other PID namespaces
 * @param memory bytes it has on the card; empty where the driver does not tell
 * @param user its owner's name, or number where that has none
 * @param command its name, as in {@code /proc/PID/comm}
 * @param startTicks when it began, in clock ticks since boot; with the pid it names the process for good
 */
public record GpuProcess(
        int pid,
        Kind kind,
        OptionalLong memory,
        Optional<String> user,
        Optional<String> command,
        OptionalLong startTicks) {

    /** What it does there. */
    public enum Kind {
        COMPUTE,
        /** A display server and its like: blocks no job, but its memory counts. */
        GRAPHICS
    }
}
