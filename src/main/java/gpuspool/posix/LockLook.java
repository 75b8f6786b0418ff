package gpuspool.posix;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Looks at locks without taking them; {@code spool-layout.md}, section 2. Nothing is made where there is no lock directory. */
public final class LockLook {
    private static final int LOCK_SH = 1;
    private static final int LOCK_NB = 4;

    private LockLook() {}

    /**
     * Whether somebody holds the lock of this file. It is asked for as one that may be shared, and given back at once: that is
     * refused where somebody holds it, and else keeps a watcher out for some microseconds, after which it asks again.
     *
     * @return false also where there is no such file
     * @throws IOException where that cannot be told
     */
    public static boolean isHeld(Path file) throws IOException {
        int fd = Fds.tryOpen(file, Fds.O_RDONLY | Fds.O_NOFOLLOW | Fds.O_NONBLOCK, 0);
        if (fd == -Errno.ENOENT) {
            return false;
        }
        if (fd < 0) {
            throw new PosixException("look at lock file " + file, -fd);
        }
        try {
            if (LibC.C.flock(fd, LOCK_SH | LOCK_NB) == 0) {
                return false;
            }
            int errno = Native.getLastError();
            if (errno == Errno.EAGAIN) {
                return true;
            }
            throw new PosixException("look at lock " + file, errno);
        } finally {
            Fds.close(fd);
        }
    }

    /** What its last holder wrote into it for people; empty where there is nothing to be read. */
    public static Optional<String> note(Path file) {
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            return text.lines().findFirst().map(String::strip).filter(line -> !line.isEmpty());
        } catch (IOException e) {
            // Unwritten, gone or not for us: it is only a word about the holder.
            return Optional.empty();
        }
    }
}
