package gpuspool.posix;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * What {@link LibC} has, too, bound so that a call costs a tenth: for what is asked of each process of the machine between the end of a
 * job and the next one on its card.
 */
final class QuickCalls {
    static {
        Native.register(QuickCalls.class, NativeLibrary.getProcess());
    }

    private QuickCalls() {}

    static native int open(byte[] path, int flags, int mode);

    static native long read(int fd, Memory buffer, long count);

    static native int close(int fd);

    static native int getsid(int pid);
}
