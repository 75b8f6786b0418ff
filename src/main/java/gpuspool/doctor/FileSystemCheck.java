package gpuspool.doctor;

import gpuspool.posix.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Whether the spool's file system keeps what the queue's safety rests on. */
final class FileSystemCheck {
    static final String CHECK = "file system";

    private static final Set<String> PROVEN = Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "zfs");
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");
    private static final Set<String> WITHOUT_LINKS = Set.of("vfat", "msdos", "exfat", "ntfs", "ntfs3", "fuseblk");
    private static final long SLOW_SYNC_MILLIS = 1000;

    private FileSystemCheck() {}

    /** What its type and its mount options tell. */
    static List<Finding> judge(Mount mount) {
        List<Finding> findings = new ArrayList<>();
        String where = mount.type() + ", mounted on " + mount.point();
        if (mount.has("ro")) {
            findings.add(Finding.problem(
                    CHECK,
                    where + ": it can only be read (ro)",
                    "an error may have made it so: dmesg | tail; when that is mended, as root: mount -o remount,rw "
                            + Patient.quoted(mount.point())));
        }
        if (mount.isNfs() && Stream.of("soft", "softerr").anyMatch(mount::has)) {
            findings.add(Finding.problem(
                    CHECK,
                    where + " with soft: when its server is slow, calls fail that were carried out",
                    "mount it with hard instead, in /etc/fstab or wherever it is mounted from"));
        }
        if (Stream.of("nobarrier", "barrier=0").anyMatch(mount::has)) {
            findings.add(Finding.problem(
                    CHECK,
                    where + " with nobarrier: after a power cut it may lack what it called safe",
                    "as root: mount -o remount,barrier " + Patient.quoted(mount.point())));
        }
        findings.add(kind(mount, where));
        return findings;
    }

    private static Finding kind(Mount mount, String where) {
        if (mount.isNfs()) {
            return Finding.note(
                    CHECK,
                    where + (mount.has("hard") ? " with hard" : "")
                            + "; whether its server exports it with sync cannot be seen from here",
                    "look at the server: exportfs -v; with async a power cut there loses jobs");
        }
        if (WITHOUT_LINKS.contains(mount.type())) {
            return Finding.problem(
                    CHECK,
                    where + ": it has no permissions and no second names for a file",
                    "keep the spool on ext4, xfs, btrfs or NFS");
        }
        if (IN_MEMORY.contains(mount.type())) {
            return Finding.note(
                    CHECK, where + ": it lives in memory, so a restart of this machine takes the spool with it");
        }
        if (mount.type().equals("overlay")) {
            return Finding.note(
                    CHECK,
                    where + ": it may be a container's own, and then ends with it",
                    "keep the spool in a volume that stays");
        }
        return PROVEN.contains(mount.type())
                ? Finding.ok(CHECK, where)
                : Finding.note(
                        CHECK,
                        where + ": gpuspool is not tested on it, and trusts that a rename is one step there and that"
                                + " fsync waits for the disk");
    }

    /** What a probe that broke off tells. */
    static Finding broken(String answer) {
        return Finding.problem(
                CHECK,
                "a file could not be made, renamed or synced in tmp/; " + answer,
                "no job can be taken until that works: look for a full or failing disk, df -h; dmesg | tail");
    }

    /** What the probe tells. */
    static List<Finding> judge(FileProbe.Result probe, boolean leasesExpected) {
        List<Finding> findings = new ArrayList<>();
        for (String failure : probe.failures()) {
            findings.add(Finding.problem(
                    CHECK, "it " + failure, "keep the spool on another file system: jobs could be lost on this one"));
        }
        if (probe.leases().equals(Optional.of(false)) && leasesExpected) {
            findings.add(Finding.note(
                    CHECK,
                    "it gives no read leases, so a dropped file is taken only when it has not changed for a while",
                    "see whether they are switched off: cat /proc/sys/fs/leases-enable"));
        }
        if (probe.syncMillis() >= SLOW_SYNC_MILLIS) {
            findings.add(Finding.note(
                    CHECK,
                    "fsync of one small file took " + probe.syncMillis()
                            + " ms; each start and each end of a job waits for several"));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok(CHECK, tells(probe)));
        }
        return findings;
    }

    private static String tells(FileProbe.Result probe) {
        return "it makes files once, links and renames"
                + (probe.noReplace().equals(Optional.of(true)) ? " without replacing" : "")
                + (probe.leases().equals(Optional.of(true)) ? ", gives leases" : "") + "; fsync took "
                + probe.syncMillis() + " ms";
    }
}
