package gpuspool.gpu.nvml;

import java.util.Map;
import java.util.Set;

/** Faults that the driver reports by number; docs.nvidia.com/deploy/xid-errors. */
final class Xid {
    /** The driver has no number for it. */
    private static final long UNNUMBERED = 999;

    private static final Set<Long> FAULTS_OF_PROGRAMS = Set.of(13L, 31L, 43L, 45L, 68L, 109L);
    private static final Set<Long> ANNOUNCEMENTS = Set.of(63L, 92L, 94L, 154L);
    private static final Map<Long, String> NAMES = Map.ofEntries(
            Map.entry(38L, "driver firmware error"),
            Map.entry(46L, "GPU stopped processing"),
            Map.entry(48L, "double-bit ECC error"),
            Map.entry(61L, "internal micro-controller breakpoint"),
            Map.entry(62L, "internal micro-controller halt"),
            Map.entry(64L, "page retirement or row remap failed"),
            Map.entry(74L, "NVLink error"),
            Map.entry(79L, "fallen off the bus"),
            Map.entry(95L, "uncontained memory error"),
            Map.entry(119L, "GSP timeout"),
            Map.entry(120L, "GSP error"),
            Map.entry(140L, "unrecovered ECC error"),
            Map.entry(143L, "GPU initialization error"));

    private Xid() {}

    /** Whether it says that the card is broken. */
    static boolean counts(long number) {
        return !FAULTS_OF_PROGRAMS.contains(number) && !ANNOUNCEMENTS.contains(number);
    }

    /** {@code XID 79 (fallen off the bus)}. */
    static String words(long number) {
        if (number == UNNUMBERED) {
            return "a fault that the driver does not number (XID 999)";
        }
        String name = NAMES.get(number);
        return "XID " + number + (name == null ? "" : " (" + name + ")");
    }
}
