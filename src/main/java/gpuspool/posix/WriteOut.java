package gpuspool.posix;

import java.nio.file.Path;

/** Begins writing files to storage without waiting for it: sync_file_range(2). */
public final class WriteOut {
    private static final int SYNC_FILE_RANGE_WRITE = 2;

    private WriteOut() {}

    /**
     * Begins writing what is not written yet. Proves nothing and reports nothing: an error stays with the file, for the fsync that
     * has to follow.
     */
    public static void begin(Path file) {
        int fd = Fds.tryOpen(file, Fds.O_RDONLY | Fds.O_NOFOLLOW | Fds.O_NONBLOCK, 0);
        if (fd >= 0) {
            LibC.C.sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
            Fds.close(fd);
        }
    }
}
