package gpuspool.doctor;

import gpuspool.posix.DiskSpace;
import gpuspool.spool.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether there is room for more jobs. */
final class DiskCheck {
    static final String CHECK = "disk";
    /** A job directory has about eight files; running out of inodes looks like a full disk. */
    private static final long FEW_FILES = 1000;

    private static final double GIB = 1L << 30;
    private static final double MIB = 1L << 20;

    private DiskCheck() {}

    /** @param leastFree bytes below which nothing new starts; 0 for never */
    static List<Finding> judge(DiskSpace space, long leastFree, Layout places) {
        List<Finding> findings = new ArrayList<>();
        String old = Patient.quoted(places.done()) + " " + Patient.quoted(places.failed());
        String room = "make room; how much old jobs take: du -sh " + old;
        String free = size(space.free()) + " of " + size(space.total()) + " free";
        if (space.free() < leastFree) {
            findings.add(Finding.problem(
                    CHECK,
                    free + ", less than min_free_disk, " + size(leastFree) + ": nothing new starts",
                    room + "; or set min_free_disk in spool.toml"));
        } else if (space.free() == 0) {
            findings.add(Finding.problem(CHECK, free, room));
        }
        if (space.freeFiles().isPresent() && space.freeFiles().getAsLong() < FEW_FILES) {
            findings.add(Finding.problem(
                    CHECK,
                    "room for only " + space.freeFiles().getAsLong() + " more files (inodes)",
                    "remove old jobs, a directory each: ls " + old));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok(CHECK, free));
        }
        return findings;
    }

    private static String size(long bytes) {
        return bytes >= GIB
                ? String.format(Locale.ROOT, "%.1f GiB", bytes / GIB)
                : String.format(Locale.ROOT, "%.1f MiB", bytes / MIB);
    }
}
