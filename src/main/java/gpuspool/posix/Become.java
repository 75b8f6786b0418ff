package gpuspool.posix;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Has this process become another program, by execve(2): same process id, terminal, standard streams and working directory; nothing
 * of the JVM stays, neither its descriptors nor what it made of signals.
 */
public final class Become {
    private static final Path CORE = Path.of("/proc/self/coredump_filter");
    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final int SIG_SETMASK = 2;
    private static final int SET_BYTES = 128;
    private static final int SIGNALS = 64;
    private static final Pointer SIG_DFL = Pointer.NULL;
    private static final Pointer SIG_IGN = new Pointer(1);
    private static final int[] ASKING_TO_END = {1 /* HUP */, 2 /* INT */, 15 /* TERM */};

    private final Origin origin;

    public Become(Origin origin) {
        this.origin = origin;
    }

    /**
     * From now on a signal that asks this process to end does so at once, as it does to a program that knows nothing of signals: no
     * thread of ours hears of it any more.
     */
    public void stopListening() {
        for (int signal : ASKING_TO_END) {
            if (!isIn(origin.ignored(), signal)) {
                LibC.C.signal(signal, SIG_DFL);
            }
        }
    }

    /** Ends this process as that signal does, so that its parent can tell. */
    public static void endBy(int signal) throws IOException {
        LibC.C.signal(signal, SIG_DFL);
        LibC.C.kill(ProcFiles.ownPid(), signal);
    }

    /**
     * Becomes the program; returns only where that cannot be.
     *
     * @param file the program, a path
     * @param arguments the first is what it is called
     * @param environment {@code NAME=value} each
     * @param inherited locks that go on with it
     * @return the errno of execve
     */
    public int program(String file, List<String> arguments, List<String> environment, Collection<Lock> inherited)
            throws IOException {
        synchronized (Spawn.MUTEX) {
            handDown(inherited);
        }
        restoreCore();
        long ignoredNow = Origin.mask("self", "SigIgn");
        for (int signal = 1; signal <= SIGNALS; signal++) {
            boolean ignored = isIn(origin.ignored(), signal);
            if (ignored != isIn(ignoredNow, signal)) {
                // What has a handler is at its default afterwards by itself.
                LibC.C.signal(signal, ignored ? SIG_IGN : SIG_DFL);
            }
        }
        int errno = execute(file, arguments, environment);
        if (errno == Errno.ENOEXEC) {
            // A script without an interpreter is the shell's, as everywhere.
            List<String> words = new ArrayList<>(List.of("/bin/sh", file));
            words.addAll(arguments.subList(1, arguments.size()));
            errno = execute("/bin/sh", words, environment);
        }
        return errno;
    }

    private int execute(String file, List<String> arguments, List<String> environment) {
        try (CStrings argv = new CStrings(arguments);
                CStrings envp = new CStrings(environment);
                Memory set = new Memory(SET_BYTES);
                Memory before = new Memory(SET_BYTES)) {
            set.clear();
            set.setLong(0, origin.blocked());
            byte[] path = Fds.cString(file);
            LibC.C.pthread_sigmask(SIG_SETMASK, set, before);
            LibC.C.execve(path, argv.array(), envp.array());
            int errno = Native.getLastError();
            LibC.C.pthread_sigmask(SIG_SETMASK, before, Pointer.NULL);
            return errno;
        }
    }

    /** A JVM asks for dumps that hold more. Where that cannot be taken back a dump is larger, and nothing else is different. */
    private void restoreCore() {
        int fd = origin.core().isEmpty() ? -1 : Fds.tryOpen(CORE, Fds.O_WRONLY, 0);
        if (fd >= 0) {
            byte[] mask = Fds.cString("0x" + origin.core());
            LibC.C.write(fd, mask, mask.length - 1);
            Fds.close(fd);
        }
    }

    private void handDown(Collection<Lock> inherited) throws IOException {
        Set<Integer> open = new HashSet<>(origin.descriptors());
        for (Lock lock : inherited) {
            open.add(lock.fd());
            if (LibC.C.fcntl(lock.fd(), F_SETFD, 0) < 0) {
                throw PosixException.last("hand a lock down");
            }
        }
        for (int fd : Fds.allOpen()) {
            if (fd > 2 && !open.contains(fd) && (LibC.C.fcntl(fd, F_GETFD, 0) & FD_CLOEXEC) == 0) {
                // Fails only for the descriptor of the listing, which is closed by now.
                LibC.C.fcntl(fd, F_SETFD, FD_CLOEXEC);
            }
        }
    }

    private static boolean isIn(long mask, int signal) {
        return (mask >>> signal - 1 & 1) != 0;
    }
}
