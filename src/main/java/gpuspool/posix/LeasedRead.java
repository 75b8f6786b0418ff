package gpuspool.posix;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads a file whole at a moment when provably nobody has it open for writing, by a read lease: fcntl(2), F_SETLEASE.
 *
 * <p>The lease is held only while the bytes are copied. A file that is not regular is never read, a FIFO never blocks.
 */
public final class LeasedRead {
    private static final int F_SETSIG = 10;
    private static final int F_SETLEASE = 1024;
    private static final int F_RDLCK = 0;
    private static final int F_UNLCK = 2;
    private static final int SIGURG = 23;

    private LeasedRead() {}

    /** What came of it. */
    public sealed interface Outcome {}

    /** The whole content. */
    public static final class Content implements Outcome {
        private final byte[] bytes;
        private final FileFacts facts;
        private final boolean leased;

        private Content(byte[] bytes, FileFacts facts, boolean leased) {
            this.bytes = bytes;
            this.facts = facts;
            this.leased = leased;
        }

        /** Not a copy: for one reader. */
        public byte[] bytes() {
            return bytes;
        }

        public FileFacts facts() {
            return facts;
        }

        /** Whether nobody had it open for writing meanwhile. */
        public boolean leased() {
            return leased;
        }
    }

    /** Somebody has it open for writing, or changed it while it was read. */
    public record BeingWritten() implements Outcome {}

    /** Nothing of that name. */
    public record Gone() implements Outcome {}

    /** It can never be read as it is: not a regular file, or too large; {@code what} completes "X is …". */
    public record Unfit(String what, FileFacts facts) implements Outcome {}

    /**
     * Reads {@code file}.
     *
     * @param limit largest size taken, in bytes
     * @param askLease false where the file system knows no leases; then only the caller's waiting tells that it is complete
     * @throws IOException when the file is there but cannot be read
     */
    public static Outcome read(Path file, int limit, boolean askLease) throws IOException {
        int fd = Fds.tryOpen(file, Fds.O_RDONLY | Fds.O_NOFOLLOW | Fds.O_NONBLOCK, 0);
        if (fd < 0) {
            return notOpened(file, -fd);
        }
        try {
            FileFacts before = FileFacts.ofOpen(fd);
            if (!before.isRegular()) {
                return new Unfit(before.kind(), before);
            }
            if (before.size() > limit) {
                return new Unfit(before.size() + " bytes long; the limit is " + limit, before);
            }
            if (!askLease) {
                return copy(fd, before, false, file);
            }
            // F_SETSIG first, every time: releasing a lease resets it, and the default signal, SIGIO, kills a JVM.
            int signalled = LibC.C.fcntl(fd, F_SETSIG, SIGURG);
            int granted = signalled < 0 ? signalled : LibC.C.fcntl(fd, F_SETLEASE, F_RDLCK);
            if (granted < 0) {
                return Native.getLastError() == Errno.EAGAIN ? new BeingWritten() : copy(fd, before, false, file);
            }
            Outcome outcome = copy(fd, before, true, file);
            LibC.C.fcntl(fd, F_SETLEASE, F_UNLCK);
            return outcome;
        } finally {
            Fds.close(fd);
        }
    }

    private static Outcome notOpened(Path file, int errno) throws IOException {
        if (errno == Errno.ENOENT) {
            return new Gone();
        }
        if (errno == Errno.EAGAIN) {
            // Somebody else has a lease on it, and is asked by this very attempt to give it up.
            return new BeingWritten();
        }
        var facts = FileFacts.of(file);
        if (facts.isEmpty()) {
            return new Gone();
        }
        if (!facts.get().isRegular()) {
            return new Unfit(facts.get().kind(), facts.get());
        }
        throw new PosixException("open " + file, errno);
    }

    private static Outcome copy(int fd, FileFacts before, boolean leased, Path file) throws IOException {
        // One byte more than its size: a file that grows under our eyes is seen to.
        byte[] buffer = new byte[(int) before.size() + 1];
        int length = 0;
        while (length < buffer.length) {
            byte[] part = new byte[buffer.length - length];
            long count = LibC.C.read(fd, part, part.length);
            if (count < 0) {
                throw PosixException.last("read " + file);
            }
            if (count == 0) {
                break;
            }
            System.arraycopy(part, 0, buffer, length, (int) count);
            length += (int) count;
        }
        boolean same = length == before.size() && FileFacts.ofOpen(fd).equals(before);
        return same ? new Content(Arrays.copyOf(buffer, length), before, leased) : new BeingWritten();
    }
}
