package gpuspool.posix;

import com.sun.jna.Native;
import java.io.IOException;

/** A descriptor that names one process for good; pidfd_open(2), Linux 5.3. */
final class PidFd {
    private static final long PIDFD_OPEN = 434;

    private static final long PIDFD_SEND_SIGNAL = 424;

    private PidFd() {}

    /** Sends a signal; does nothing where the process is gone. */
    static void signal(int pidfd, int pid, int signal) throws PosixException {
        if (LibC.C.syscall(PIDFD_SEND_SIGNAL, pidfd, signal, null, 0) != 0 && Native.getLastError() != Errno.ESRCH) {
            throw PosixException.last("send signal " + signal + " to process " + pid);
        }
    }

    /** The descriptor (close-on-exec), or -1 when there is no such process. */
    static int open(int pid) throws IOException {
        int fd = (int) LibC.C.syscall(PIDFD_OPEN, pid, 0);
        if (fd >= 0) {
            return fd;
        }
        int errno = Native.getLastError();
        if (errno == Errno.ESRCH || errno == Errno.EINVAL) {
            return -1;
        }
        throw new PosixException("watch process " + pid + " (needs Linux 5.3)", errno);
    }
}
