package gpuspool.posix;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Starts one process by posix_spawn(3): in a session of its own, all signals at their defaults, none blocked, and with exactly
 * the descriptors named here. File actions happen in the child in the order of the calls; the first that fails ends it all.
 *
 * <p>Why not ProcessBuilder: it cannot hand descriptors down, leaves the JVM's ignored signals ignored, and its helper breaks
 * when the JDK is upgraded under a running process.
 */
public final class Spawn implements AutoCloseable {
    /** One spawn at a time, and no lock closed meanwhile: a child between clone and exec holds a copy of every descriptor. */
    static final Object MUTEX = new Object();

    /** What {@link #start} is doing when it fails. */
    static final String START = "start ";

    private static final short SETSIGDEF = 4;
    private static final short SETSIGMASK = 8;
    private static final short SETSID = 0x80;
    // Larger than glibc's structures (80, 336 and 128 bytes on 64-bit), which have room to grow.
    private static final int STRUCT_BYTES = 1024;
    private static final boolean HAS_CLOSEFROM = has("posix_spawn_file_actions_addclosefrom_np");

    private final Memory actions = new Memory(STRUCT_BYTES);
    private boolean closesOthers;

    public Spawn() throws IOException {
        check(LibC.C.posix_spawn_file_actions_init(actions), "prepare a process start");
    }

    private static boolean has(String symbol) {
        try {
            Function found = NativeLibrary.getProcess().getFunction(symbol);
            return found != null;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    /** Something that may fail. */
    public interface Step {
        void run() throws IOException;
    }

    /**
     * Does something while no process is being started by this one. Until a child is loaded it has a copy of every descriptor: a file
     * that is written here meanwhile would seem to be written to after it was closed.
     */
    public static void apart(Step step) throws IOException {
        synchronized (MUTEX) {
            step.run();
        }
    }

    public Spawn chdir(Path directory) throws IOException {
        check(LibC.C.posix_spawn_file_actions_addchdir_np(actions, RawNames.cString(directory)), "chdir " + directory);
        return this;
    }

    /** Opens for reading; {@code path} may be relative to {@link #chdir}. */
    public Spawn openRead(int fd, String path) throws IOException {
        return open(fd, path, Fds.O_RDONLY);
    }

    /** Opens an existing file for writing from its beginning. */
    public Spawn openWrite(int fd, String path) throws IOException {
        return open(fd, path, Fds.O_WRONLY);
    }

    /** Makes a new file for appending; fails with {@code EEXIST} where the name is taken. */
    public Spawn create(int fd, String path) throws IOException {
        return open(fd, path, Fds.O_WRONLY | Fds.O_CREAT | Fds.O_EXCL | Fds.O_APPEND);
    }

    /** Opens for appending, made if missing. */
    public Spawn openAppend(int fd, String path) throws IOException {
        return open(fd, path, Fds.O_WRONLY | Fds.O_CREAT | Fds.O_APPEND);
    }

    private Spawn open(int fd, String path, int flags) throws IOException {
        check(
                LibC.C.posix_spawn_file_actions_addopen(actions, fd, Fds.cString(path), flags, 0666),
                "open " + path + " for a child");
        return this;
    }

    public Spawn dup(int from, int to) throws IOException {
        check(LibC.C.posix_spawn_file_actions_adddup2(actions, from, to), "hand down descriptor " + from);
        return this;
    }

    /** Closes every descriptor from {@code first} on. Call it once, after all that are to stay below it are in place. */
    public Spawn closeFrom(int first) throws IOException {
        closesOthers = true;
        if (HAS_CLOSEFROM) {
            check(LibC.C.posix_spawn_file_actions_addclosefrom_np(actions, first), "close other descriptors");
        }
        return this;
    }

    /**
     * Starts the process; it has been loaded, or was never there, when this returns.
     *
     * @param arguments the program's absolute path, then its arguments
     * @param environment {@code NAME=value} each
     * @return its process id, of a child of ours: {@link #reap} it once it has ended
     * @throws PosixException with the errno of whatever failed: no child exists then, but files already created remain
     */
    public int start(List<String> arguments, List<String> environment) throws IOException {
        Memory attributes = new Memory(STRUCT_BYTES);
        check(LibC.C.posix_spawnattr_init(attributes), "prepare a process start");
        try (CStrings argv = new CStrings(arguments);
                CStrings envp = new CStrings(environment)) {
            setSignals(attributes);
            IntByReference pid = new IntByReference();
            synchronized (MUTEX) {
                if (closesOthers && !HAS_CLOSEFROM) {
                    closeOnExecAll();
                }
                int errno = LibC.C.posix_spawn(
                        pid, Fds.cString(arguments.get(0)), actions, attributes, argv.array(), envp.array());
                check(errno, START + arguments.get(0));
            }
            return pid.getValue();
        } finally {
            LibC.C.posix_spawnattr_destroy(attributes);
        }
    }

    private static void setSignals(Memory attributes) throws IOException {
        Memory all = new Memory(STRUCT_BYTES);
        Memory none = new Memory(STRUCT_BYTES);
        LibC.C.sigfillset(all);
        LibC.C.sigemptyset(none);
        short flags = SETSID | SETSIGMASK | SETSIGDEF;
        check(LibC.C.posix_spawnattr_setsigdefault(attributes, all), "reset signals");
        check(LibC.C.posix_spawnattr_setsigmask(attributes, none), "unblock signals");
        check(LibC.C.posix_spawnattr_setflags(attributes, flags), "ask for a session of its own");
    }

    /** For glibc before 2.34: the JDK opens its own files without close-on-exec, so they are marked just before. */
    private static void closeOnExecAll() throws IOException {
        for (int fd : Fds.allOpen()) {
            if (fd > 2) {
                LibC.C.fcntl(fd, 2 /* F_SETFD */, 1 /* FD_CLOEXEC */);
            }
        }
    }

    /** Takes the remains of an ended child of ours off the process table; does nothing for any other process. */
    public static void reap(int pid) {
        LibC.C.waitpid(pid, new IntByReference(), 1 /* WNOHANG */);
    }

    /** Waits for the end of a child of ours that ends at once, and takes its remains off the process table. */
    public static void awaitChild(int pid) throws IOException {
        int unused = awaitEnd(pid);
    }

    /**
     * Waits for the end of a child of ours, and takes its remains off the process table.
     *
     * @return its exit status; 128 and the signal's number where a signal ended it
     */
    public static int exitStatus(int pid) throws IOException {
        int status = awaitEnd(pid);
        int signal = status & 0x7f;
        return signal == 0 ? status >> 8 & 0xff : 128 + signal;
    }

    /** Waits for the end of a child of ours and {@link #reap}s it; the status as waitpid(2) tells it. */
    static int awaitEnd(int pid) throws PosixException {
        IntByReference status = new IntByReference();
        while (LibC.C.waitpid(pid, status, 0) < 0) {
            if (Native.getLastError() != Errno.EINTR) {
                throw PosixException.last("wait for process " + pid);
            }
        }
        return status.getValue();
    }

    private static void check(int errno, String doing) throws PosixException {
        if (errno != 0) {
            throw new PosixException(doing, errno);
        }
    }

    @Override
    public void close() {
        LibC.C.posix_spawn_file_actions_destroy(actions);
    }
}
