package gpuspool.posix;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** Opening and closing plain file descriptors, where Java's channels hide too much: flags, leases, inheritance. */
final class Fds {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_CREAT = 0x40;
    static final int O_EXCL = 0x80;
    static final int O_APPEND = 0x400;
    static final int O_NONBLOCK = 0x800;
    // Not the same number on every architecture, unlike the others.
    static final int O_NOFOLLOW = isArm() ? 0x8000 : 0x20000;
    static final int O_CLOEXEC = 0x80000;

    /** Descriptors that children inherit are moved up here first, so that dup2 targets and sources never overlap. */
    static final int INHERITABLE_FROM = 100;

    /** What {@link #moveUp} is doing when it fails. */
    static final String MOVE = "move descriptor ";

    private static final int F_DUPFD_CLOEXEC = 1030;

    private Fds() {}

    private static boolean isArm() {
        return System.getProperty("os.arch").equals("aarch64");
    }

    static int open(Path path, int flags, int mode) throws PosixException {
        int fd = LibC.C.open(RawNames.cString(path), flags | O_CLOEXEC, mode);
        if (fd < 0) {
            throw PosixException.last("open " + path);
        }
        return fd;
    }

    /** Opens where a failure is an ordinary answer: the descriptor, or the negated errno. */
    static int tryOpen(Path path, int flags, int mode) {
        int fd = LibC.C.open(RawNames.cString(path), flags | O_CLOEXEC, mode);
        return fd >= 0 ? fd : -Native.getLastError();
    }

    static int moveUp(int fd) throws PosixException {
        int high = LibC.C.fcntl(fd, F_DUPFD_CLOEXEC, INHERITABLE_FROM);
        if (high < 0) {
            PosixException failure = PosixException.last(MOVE + fd + " to " + INHERITABLE_FROM + " or above");
            LibC.C.close(fd);
            throw failure;
        }
        LibC.C.close(fd);
        return high;
    }

    static void close(int fd) {
        LibC.C.close(fd);
    }

    /** Device and inode of an open descriptor. */
    static Object fileKey(int fd) throws IOException {
        return Files.readAttributes(proc(fd), BasicFileAttributes.class).fileKey();
    }

    static Path proc(int fd) {
        return Path.of("/proc/self/fd/" + fd);
    }

    static byte[] cString(String text) {
        return RawText.bytes(text + "\0");
    }

    /** All descriptors this process has open now. */
    static List<Integer> allOpen() throws IOException {
        List<Integer> fds = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path entry : entries) {
                fds.add(Integer.valueOf(entry.getFileName().toString()));
            }
        }
        return fds;
    }
}
