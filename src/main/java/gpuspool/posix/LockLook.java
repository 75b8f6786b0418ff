package gpuspool.posix;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Looks at locks without taking them; {@code spool-layout.md}, section 2. Nothing is made where there is no lock directory. */
public final class LockLook {
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;

    private static final int MOST_LOOKS = 3;
    private static final long A_MOMENT = Duration.ofMillis(1).toNanos();

    private LockLook() {}

    /**
     * Whether somebody holds the lock of this file, alone or with others. It is asked for and given back at once, which keeps a watcher
     * out for some microseconds, after which it asks again.
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
            for (int i = 0; i < MOST_LOOKS; i++) {
                if (isGiven(file, fd)) {
                    return false;
                }
                // It may be somebody else who looks at this very moment.
                LockSupport.parkNanos(A_MOMENT);
            }
            return true;
        } finally {
            Fds.close(fd);
        }
    }

    private static boolean isGiven(Path file, int fd) throws IOException {
        if (LibC.C.flock(fd, LOCK_EX | LOCK_NB) == 0) {
            return true;
        }
        int errno = Native.getLastError();
        if (errno == Errno.EAGAIN) {
            return false;
        }
        throw new PosixException("look at lock " + file, errno);
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
