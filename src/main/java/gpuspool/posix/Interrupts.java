package gpuspool.posix;

import com.sun.jna.Pointer;

/** What SIGINT and SIGTERM do to this very process. */
public final class Interrupts {
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;
    private static final int SIGQUIT = 3;
    /** {@code SIG_IGN}. */
    private static final Pointer IGNORE = Pointer.createConstant(1);

    private Interrupts() {}

    /** From now on Ctrl-C and Ctrl-\\ do nothing to this process: they are meant for a program that has the terminal now. */
    public static void leaveToOthers() {
        LibC.C.signal(SIGINT, IGNORE);
        LibC.C.signal(SIGQUIT, IGNORE);
    }

    /** From now on each of them ends the process at once, in the kernel: for the user who asks a second time. */
    public static void endAtOnce() {
        LibC.C.signal(SIGINT, null);
        LibC.C.signal(SIGTERM, null);
    }
}
