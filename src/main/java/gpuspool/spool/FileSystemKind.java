package gpuspool.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/**
 * What a spool's file system can do, by its type's name as the kernel mounts it.
 *
 * @param name for example {@code ext4} or {@code nfs4}
 */
public record FileSystemKind(String name) {
    /** How long a file must be unchanged where a lease proves that nobody has it open for writing. */
    public static final Duration SETTLE_LEASED = Duration.ofMillis(100);

    private static final Duration SETTLE_LOCAL = Duration.ofSeconds(2);
    private static final Duration SETTLE_NFS = Duration.ofSeconds(10);

    /** File systems whose leases are known to tell the truth. On NFS a refused lease looks like a writer; overlays miss some. */
    private static final Set<String> WITH_LEASES =
            Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "tmpfs", "f2fs", "zfs");

    public static FileSystemKind of(Path directory) throws IOException {
        return new FileSystemKind(Files.getFileStore(directory).type().toLowerCase(Locale.ROOT));
    }

    public boolean hasLeases() {
        return WITH_LEASES.contains(name);
    }

    /** How long a file must be unchanged where no lease can be had. */
    public Duration settleUnleased() {
        return name.startsWith("nfs") ? SETTLE_NFS : SETTLE_LOCAL;
    }
}
