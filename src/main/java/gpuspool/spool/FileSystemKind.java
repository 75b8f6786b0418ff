package gpuspool.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * What a spool's file system can do, by its type's name as the kernel mounts it.
 *
 * @param name for example {@code ext4} or {@code nfs4}
 */
public record FileSystemKind(String name) {
    /** File systems whose leases are known to tell the truth. On NFS a refused lease looks like a writer; overlays miss some. */
    private static final Set<String> WITH_LEASES =
            Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "tmpfs", "f2fs", "zfs");

    public static FileSystemKind of(Path directory) throws IOException {
        return new FileSystemKind(Files.getFileStore(directory).type().toLowerCase(Locale.ROOT));
    }

    public boolean hasLeases() {
        return WITH_LEASES.contains(name);
    }

    /** Whether what others write is seen late: attributes are cached. */
    public boolean isNfs() {
        return name.startsWith("nfs");
    }
}
