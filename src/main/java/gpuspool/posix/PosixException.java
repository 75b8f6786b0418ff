package gpuspool.posix;

import com.sun.jna.Native;
import java.io.IOException;

/** A system call that failed: what was being done, to what, and {@code errno} by its text. */
public final class PosixException extends IOException {
    private static final long serialVersionUID = 1;

    private final int errno;

    PosixException(String doing, int errno) {
        super(doing + ": " + LibC.C.strerror(errno) + " (errno " + errno + ")");
        this.errno = errno;
    }

    /** The failure of the call just made by this thread. */
    static PosixException last(String doing) {
        return new PosixException(doing, Native.getLastError());
    }

    /** The system's error number, see errno(3) and {@link Errno}. */
    public int errno() {
        return errno;
    }
}
