package gpuspool.posix;

import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * How full a file system is.
 *
 * @param free bytes that an ordinary user may still write
 * @param total bytes in all
 * @param freeFiles inodes that an ordinary user may still use; empty where the file system has no fixed number, or it cannot be asked
 */
public record DiskSpace(long free, long total, OptionalLong freeFiles) {
    // struct statvfs on 64-bit Linux: f_files and f_favail, after five fields of eight bytes each.
    private static final long FILES = 40;
    private static final long FILES_AVAILABLE = 56;
    private static final int STRUCT_BYTES = 256;

    /** @param askFiles whether the C library may be asked, which alone knows of inodes */
    public static DiskSpace of(Path place, boolean askFiles) throws IOException {
        var store = Files.getFileStore(place);
        return new DiskSpace(
                store.getUsableSpace(), store.getTotalSpace(), askFiles ? freeFiles(place) : OptionalLong.empty());
    }

    private static OptionalLong freeFiles(Path place) throws IOException {
        try (Memory facts = new Memory(STRUCT_BYTES)) {
            if (LibC.C.statvfs(RawNames.cString(place), facts) != 0) {
                throw PosixException.last("ask how full " + place + " is");
            }
            return facts.getLong(FILES) == 0 ? OptionalLong.empty() : OptionalLong.of(facts.getLong(FILES_AVAILABLE));
        }
    }
}
