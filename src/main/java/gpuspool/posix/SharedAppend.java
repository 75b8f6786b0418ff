package gpuspool.posix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Adds lines to a file that other processes add to as well, whatever somebody may have put in its place. */
public final class SharedAppend {
    private static final int MOST_TRIES = 3;
    private static final int MODE = 0666;

    private SharedAppend() {}

    /**
     * What was done.
     *
     * @param before the file that was written to, as it was before
     * @param written how many bytes of the content are in it now: fewer than all where the disk is full
     */
    public record Added(FileFacts before, int written) {}

    /**
     * Adds whole lines at the end of a file, made if missing, by one write(2), so that nobody else's come in between. Where the last
     * line there is torn, a line feed comes first. No symbolic link is followed and no reader of a named pipe waited for.
     *
     * @throws IOException if nothing was written
     */
    public static Added lines(Path file, byte[] content) throws IOException {
        int flags = Fds.O_RDWR | Fds.O_CREAT | Fds.O_APPEND | Fds.O_NOFOLLOW | Fds.O_NONBLOCK;
        int fd = Fds.tryOpen(file, flags, MODE);
        for (int i = 1; fd == -Errno.ENOENT && i < MOST_TRIES; i++) {
            // It was put aside between the kernel's finding it and opening it: not found, though it was to be made.
            fd = Fds.tryOpen(file, flags, MODE);
        }
        if (fd < 0) {
            throw notOpened(file, -fd);
        }
        try {
            FileFacts before = FileFacts.ofOpen(fd);
            if (!before.isRegular()) {
                throw unfit(file, before);
            }
            boolean torn = isTorn(fd, before.size(), file);
            byte[] bytes = torn ? afterLineFeed(content) : content;
            long written = LibC.C.write(fd, bytes, bytes.length);
            if (written < 0) {
                throw PosixException.last("write to " + file);
            }
            return new Added(before, Math.max(0, (int) written - (torn ? 1 : 0)));
        } finally {
            Fds.close(fd);
        }
    }

    private static IOException notOpened(Path file, int errno) throws IOException {
        Optional<FileFacts> facts = FileFacts.of(file);
        return facts.isPresent() && !facts.get().isRegular()
                ? unfit(file, facts.get())
                : new PosixException("open " + file, errno);
    }

    private static IOException unfit(Path file, FileFacts facts) {
        return new IOException(file + " is " + facts.kind() + ", not a regular file; move it away");
    }

    private static boolean isTorn(int fd, long size, Path file) throws IOException {
        byte[] last = new byte[1];
        if (size > 0 && LibC.C.pread(fd, last, 1, size - 1) < 0) {
            throw PosixException.last("read the last byte of " + file);
        }
        return size > 0 && last[0] != '\n';
    }

    private static byte[] afterLineFeed(byte[] content) {
        byte[] bytes = new byte[content.length + 1];
        bytes[0] = '\n';
        System.arraycopy(content, 0, bytes, 1, content.length);
        return bytes;
    }
}
