package gpuspool.posix;

/** Errors of system calls for tests of other rooms to throw, as the real ones are. */
public final class Errors {
    public static final int EAGAIN = Errno.EAGAIN;
    public static final int EMFILE = Errno.EMFILE;
    public static final int ENOSPC = 28;

    private Errors() {}

    public static PosixException of(String doing, int errno) {
        return new PosixException(doing, errno);
    }
}
