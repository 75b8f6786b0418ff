package gpuspool.posix;

import com.sun.jna.Native;
import java.io.IOException;

/** A system call that failed: what was being done, to what, and {@code errno} by its text. */
public final class PosixException extends IOException {
    private static final long serialVersionUID = 1;

    private final int errno;

    PosixException(String doing, int errno) {
        super(doing + ": " + LibC.C.strerror(errno) + " (errno " + errno + ")" + remedy(doing, errno));
        this.errno = errno;
    }

    private static String remedy(String doing, int errno) {
        boolean noDescriptor = errno == Errno.EMFILE || doing.startsWith(Fds.MOVE) && errno == Errno.EINVAL;
        if (noDescriptor) {
            return "; raise the limit on open files (ulimit -n 1024) and start gpuspool anew";
        }
        boolean noProcess = doing.startsWith(Spawn.START) && errno == Errno.EAGAIN;
        return noProcess
                ? "; this user has as many processes as it may (ulimit -u, or the limit of its container): end some,"
                        + " or raise the limit and start gpuspool anew"
                : "";
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
