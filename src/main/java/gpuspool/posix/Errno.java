package gpuspool.posix;

/** Error numbers of Linux that a decision here looks at; errno(3). The same on x86-64 and aarch64. */
public final class Errno {
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int E2BIG = 7;
    public static final int ENOEXEC = 8;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int EEXIST = 17;
    public static final int ENOTDIR = 20;
    public static final int EINVAL = 22;
    public static final int EMFILE = 24;
    public static final int ENOSYS = 38;
    public static final int ELOOP = 40;

    private Errno() {}

    /** In the C library's words. */
    public static String text(int errno) {
        return LibC.C.strerror(errno);
    }
}
