package gpuspool.posix;

/** What SIGINT and SIGTERM do to this very process. */
public final class Interrupts {
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;

    private Interrupts() {}

    /** From now on each of them ends the process at once, in the kernel: for the user who asks a second time. */
    public static void endAtOnce() {
        LibC.C.signal(SIGINT, null);
        LibC.C.signal(SIGTERM, null);
    }
}
