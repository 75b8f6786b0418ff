package gpuspool.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes at the end of a file that anybody may have made, or swapped for something else a moment ago. */
public final class CarefulAppend {
    private CarefulAppend() {}

    /**
     * Appends where {@code path} is a regular file that has no other name; never through a symbolic link, and never waits for
     * somebody to read a named pipe.
     *
     * @return false where it is anything else, and nothing was written
     * @throws IOException when it is such a file and cannot be written, or took only part of the bytes
     */
    public static boolean toRegular(Path path, byte[] bytes) throws IOException {
        int fd = Fds.tryOpen(path, Fds.O_WRONLY | Fds.O_APPEND | Fds.O_NOFOLLOW | Fds.O_NONBLOCK, 0);
        if (fd < 0) {
            var facts = FileFacts.of(path);
            if (facts.isEmpty() || !facts.get().isRegular()) {
                return false;
            }
            throw new PosixException("open " + path, -fd);
        }
        try {
            int names = (Integer) Files.getAttribute(Fds.proc(fd), "unix:nlink");
            if (!FileFacts.ofOpen(fd).isRegular() || names != 1) {
                return false;
            }
            long written = LibC.C.write(fd, bytes, bytes.length);
            if (written < 0) {
                throw PosixException.last("append to " + path);
            }
            if (written < bytes.length) {
                throw new IOException("append to " + path + ": only " + written + " of " + bytes.length
                        + " bytes were written; is the disk full?");
            }
            return true;
        } finally {
            Fds.close(fd);
        }
    }
}
