package gpuspool.posix;

import com.sun.jna.Native;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Optional;

/** One file locked by flock(2), without waiting, and a line in it for people about who has it. */
public final class Flock {
    private static final int LOCK_SH = 1;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int MODE_ALL = 0666;
    /** A note takes so much room whatever it says, so that one write replaces another whole. */
    private static final int NOTE_BYTES = 256;

    private Flock() {}

    /**
     * Takes the lock of a file, which is made where it is missing.
     *
     * @return empty when somebody else holds it
     * @throws IOException when it could not even be asked for
     */
    public static Optional<Lock> tryLock(Path file) throws IOException {
        return take(file, LOCK_EX);
    }

    /** As {@link #tryLock}, together with others who share it; empty when somebody has it alone. */
    public static Optional<Lock> tryShare(Path file) throws IOException {
        return take(file, LOCK_SH);
    }

    private static Optional<Lock> take(Path file, int how) throws IOException {
        int fd = openLockFile(file);
        boolean got = false;
        try {
            got = flock(file, fd, how);
        } finally {
            if (!got) {
                Fds.close(fd);
            }
        }
        if (!got) {
            return Optional.empty();
        }
        if (!stillNamed(file, fd)) {
            // Retired by its holder between our open and our lock: a lock on a file without a name excludes nobody.
            Fds.close(fd);
            return Optional.empty();
        }
        return Optional.of(new HeldLock(file, Fds.moveUp(fd)));
    }

    /** Whether it was got. */
    private static boolean flock(Path file, int fd, int how) throws PosixException {
        if (LibC.C.flock(fd, how | LOCK_NB) == 0) {
            return true;
        }
        int errno = Native.getLastError();
        if (errno == Errno.EAGAIN) {
            return false;
        }
        throw new PosixException("lock " + file, errno);
    }

    /** What the holder of a lock wrote into its file, or who held it before; empty where nothing is written. */
    public static Optional<String> note(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String text = new String(in.readNBytes(NOTE_BYTES), StandardCharsets.UTF_8);
            return text.isBlank() ? Optional.empty() : text.lines().findFirst().map(String::strip);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Without O_CREAT first: in a sticky directory the kernel may refuse O_CREAT on a file of another user. */
    private static int openLockFile(Path file) throws IOException {
        int fd = Fds.tryOpen(file, Fds.O_RDWR | Fds.O_NOFOLLOW, 0);
        if (fd == -Errno.ENOENT) {
            fd = Fds.open(file, Fds.O_RDWR | Fds.O_CREAT | Fds.O_NOFOLLOW, MODE_ALL);
            // Past the umask; not ours to change when another user was quicker, and then not needed.
            LibC.C.fchmod(fd, MODE_ALL);
        }
        if (fd < 0) {
            throw new PosixException("open lock file " + file, -fd);
        }
        return fd;
    }

    private static boolean stillNamed(Path file, int fd) throws IOException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class)
                    .fileKey()
                    .equals(Fds.fileKey(fd));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // A file left over costs an inode; the lock itself goes with the descriptor.
        }
    }

    private static final class HeldLock implements Lock {
        private final Path file;
        private final int fd;
        private volatile boolean closed;

        HeldLock(Path file, int fd) {
            this.file = file;
            this.fd = fd;
        }

        @Override
        public int fd() {
            return fd;
        }

        @Override
        public boolean isNamed() throws IOException {
            return stillNamed(file, fd);
        }

        @Override
        public boolean share() throws IOException {
            // The kernel gives the one up before it takes the other: somebody may be quicker in between.
            return flock(file, fd, LOCK_SH);
        }

        /** Once: the descriptor's number may be anybody's afterwards. */
        @Override
        public void close() {
            synchronized (Spawn.MUTEX) {
                if (!closed) {
                    closed = true;
                    Fds.close(fd);
                }
            }
        }

        @Override
        public void retire() {
            if (!closed) {
                deleteQuietly(file);
            }
            close();
        }

        @Override
        public void note(String text) throws IOException {
            byte[] line = new byte[NOTE_BYTES];
            Arrays.fill(line, (byte) ' ');
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            System.arraycopy(bytes, 0, line, 0, Math.min(bytes.length, NOTE_BYTES - 1));
            line[NOTE_BYTES - 1] = '\n';
            if (LibC.C.pwrite(fd, line, line.length, 0) != line.length) {
                throw PosixException.last("write who has it into lock file " + file);
            }
        }
    }
}
