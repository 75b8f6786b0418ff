package gpuspool.posix;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.io.IOException;

/** A descriptor that names one process for good; pidfd_open(2), Linux 5.3. */
final class PidFd {
    private static final long PIDFD_OPEN = 434;

    private static final long PIDFD_SEND_SIGNAL = 424;

    private static final int POLLFD_BYTES = 8;
    private static final short POLLIN = 1;

    private PidFd() {}

    /** Whether all of the process has ended, reaped or not. */
    static boolean hasEnded(int pidfd) throws PosixException {
        try (Memory poll = new Memory(POLLFD_BYTES)) {
            poll.setInt(0, pidfd);
            poll.setShort(4, POLLIN);
            poll.setShort(6, (short) 0);
            int ready = LibC.C.poll(poll, 1, 0);
            if (ready < 0) {
                throw PosixException.last("ask whether a process has ended");
            }
            return ready > 0;
        }
    }

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
