package gpuspool.posix;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Locks as files in one host-local directory, by flock(2). Java's own file locks are not used: they are lost as soon as any
 * descriptor of the file is closed, and children do not inherit them.
 */
public final class LockDirectory implements Locks {
    /** The file that tells this directory from another. */
    public static final String ID = "id";

    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int MODE_ALL = 0666;

    private final Path directory;
    private final String id;
    private final Object mode;

    private LockDirectory(Path directory, String id) throws IOException {
        this.directory = directory;
        this.id = id;
        mode = Files.getAttribute(directory, "unix:mode");
    }

    /** Opens the directory, making it and its {@code id} file where they are missing. */
    public static LockDirectory open(Path directory) throws IOException {
        Files.createDirectories(directory);
        // The real path: by it the kernel shows who has a lock's file open.
        Path real = directory.toRealPath();
        return new LockDirectory(real, readOrMakeId(real));
    }

    /** Opens a directory that all users of the host share, making it so that each of them can add lock files. */
    public static LockDirectory openShared(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory);
            Files.setAttribute(directory, "unix:mode", 01777);
        }
        return open(directory);
    }

    /**
     * Tries whether locks work in a directory, with a file of its own that is removed again; the directory's {@code id} is not asked for.
     *
     * @return whether a taken lock kept a second one out
     */
    public static boolean tryOut(Path directory) throws IOException {
        LockDirectory locks = new LockDirectory(directory.toRealPath(), "");
        String name = "doctor-" + RandomId.next() + ".lock";
        Lock lock = locks.tryLock(name).orElseThrow(() -> new IOException("a lock that nobody else has was refused"));
        try {
            return locks.tryLock(name).isEmpty();
        } finally {
            lock.retire();
        }
    }

    private static String readOrMakeId(Path directory) throws IOException {
        Path file = directory.resolve(ID);
        if (!Files.exists(file)) {
            linkId(directory, RandomId.next());
        }
        String id = Files.readString(file).strip();
        if (!isId(id)) {
            throw new IOException(
                    file + " does not hold an id (a power cut may have emptied it); when no watcher runs on this"
                            + " host, remove it: a new one is made");
        }
        return id;
    }

    private static boolean isId(String text) {
        return text.matches("[0-9a-f]{32}");
    }

    /** Linked whole, never written in place: nobody can read half an id. */
    private static void linkId(Path directory, String id) throws IOException {
        Path draft = Files.createTempFile(
                directory,
                ".id",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(draft, id + "\n");
        try {
            Files.createLink(directory.resolve(ID), draft);
        } catch (FileAlreadyExistsException e) {
            // Another watcher was quicker; its id is the one.
        } finally {
            Files.delete(draft);
        }
    }

    /** What was wrong with it. */
    public enum Mended {
        NOTHING,
        /** It was gone or had lost its id, and is as before; lock files may have gone, too. */
        MADE_AGAIN,
        /** It was emptied, and somebody who came since has given it an id of his own. */
        ANOTHER_ID
    }

    /** Makes the directory and its id again, where a cleaner took them. */
    public Mended mend() throws IOException {
        boolean gone = !Files.isDirectory(directory);
        if (gone) {
            Files.createDirectory(directory);
            Files.setAttribute(directory, "unix:mode", mode);
        }
        boolean lost = !Files.exists(directory.resolve(ID));
        if (lost) {
            linkId(directory, id);
        }
        if (!readOrMakeId(directory).equals(id)) {
            return Mended.ANOTHER_ID;
        }
        return gone || lost ? Mended.MADE_AGAIN : Mended.NOTHING;
    }

    public Path path() {
        return directory;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Optional<Lock> tryLock(String name) throws IOException {
        Path file = directory.resolve(name);
        int fd = openLockFile(file);
        if (LibC.C.flock(fd, LOCK_EX | LOCK_NB) != 0) {
            int errno = Native.getLastError();
            Fds.close(fd);
            if (errno == Errno.EAGAIN) {
                return Optional.empty();
            }
            throw new PosixException("lock " + file, errno);
        }
        if (!stillNamed(file, fd)) {
            // Retired by its holder between our open and our lock: a lock on a file without a name excludes nobody.
            Fds.close(fd);
            return Optional.empty();
        }
        return Optional.of(new HeldLock(file, Fds.moveUp(fd)));
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

    /** The first line of a lock's file: who holds it, as its holder wrote it; empty where nothing is written. */
    public String note(String name) throws IOException {
        return Files.readString(directory.resolve(name), StandardCharsets.UTF_8).strip();
    }

    /** Leaves a word about the holder in the lock's file. */
    public void note(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        try {
            Files.writeString(file, text + "\n");
        } catch (IOException e) {
            throw new IOException("cannot write lock file " + file + ": " + e.getMessage() + "; make room there", e);
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
    }
}
