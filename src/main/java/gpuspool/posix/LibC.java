package gpuspool.posix;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The functions of the C library that Java lacks, under their C names; the manual pages are their documentation.
 *
 * <p>Every call reports errors the C way; {@link PosixException#last} turns {@code errno} into an exception. Loaded when first
 * touched: verbs that only read the tree never pay for it. Not an interface that JNA implements: to make a class for it at each
 * start takes a tenth of what {@code gpuspool run} takes.
 */
final class LibC {
    /** Where JNA looks for libraries; without it, it runs ldconfig to find out, which takes longer than all else. */
    private static final String SEARCH_PATH = "jna.platform.library.path";

    static final LibC C = new LibC();

    private final NativeLibrary library;
    private final Map<String, Function> functions = new ConcurrentHashMap<>();

    /** The C library is part of this process already: nothing has to be looked for. */
    private LibC() {
        if (System.getProperty(SEARCH_PATH) == null) {
            System.setProperty(SEARCH_PATH, "");
        }
        library = NativeLibrary.getProcess();
    }

    private Function function(String name) {
        Function known = functions.get(name);
        if (known == null) {
            known = library.getFunction(name);
            functions.put(name, known);
        }
        return known;
    }

    private int asInt(String name, Object... arguments) {
        return function(name).invokeInt(arguments);
    }

    private long asLong(String name, Object... arguments) {
        return function(name).invokeLong(arguments);
    }

    private String asText(String name, Object... arguments) {
        return function(name).invokeString(arguments, false);
    }

    private Pointer asPointer(String name, Object... arguments) {
        return function(name).invokePointer(arguments);
    }

    int open(byte[] path, int flags, int mode) {
        return asInt("open", path, flags, mode);
    }

    int close(int fd) {
        return asInt("close", fd);
    }

    int dup2(int fd, int as) {
        return asInt("dup2", fd, as);
    }

    int pipe2(int[] ends, int flags) {
        return asInt("pipe2", ends, flags);
    }

    long read(int fd, byte[] buffer, long count) {
        return asLong("read", fd, buffer, count);
    }

    long read(int fd, Memory buffer, long count) {
        return asLong("read", fd, buffer, count);
    }

    long write(int fd, byte[] buffer, long count) {
        return asLong("write", fd, buffer, count);
    }

    int utimensat(int directory, byte[] path, Pointer times, int flags) {
        return asInt("utimensat", directory, path, times, flags);
    }

    long pread(int fd, byte[] buffer, long count, long offset) {
        return asLong("pread", fd, buffer, count, offset);
    }

    long pwrite(int fd, byte[] buffer, long count, long offset) {
        return asLong("pwrite", fd, buffer, count, offset);
    }

    int getsid(int pid) {
        return asInt("getsid", pid);
    }

    int fcntl(int fd, int command, int argument) {
        return asInt("fcntl", fd, command, argument);
    }

    int flock(int fd, int operation) {
        return asInt("flock", fd, operation);
    }

    int ioctl(int fd, long request, Memory argument) {
        return asInt("ioctl", fd, request, argument);
    }

    int sync_file_range(int fd, long offset, long bytes, int flags) {
        return asInt("sync_file_range", fd, offset, bytes, flags);
    }

    int fchmod(int fd, int mode) {
        return asInt("fchmod", fd, mode);
    }

    int eventfd(int initial, int flags) {
        return asInt("eventfd", initial, flags);
    }

    int eventfd_write(int fd, long value) {
        return asInt("eventfd_write", fd, value);
    }

    int eventfd_read(int fd, long[] value) {
        return asInt("eventfd_read", fd, value);
    }

    int poll(Pointer fds, long count, int timeoutMillis) {
        return asInt("poll", fds, count, timeoutMillis);
    }

    int kill(int pid, int signal) {
        return asInt("kill", pid, signal);
    }

    int waitpid(int pid, IntByReference status, int options) {
        return asInt("waitpid", pid, status, options);
    }

    long syscall(long number, Object... arguments) {
        Object[] all = new Object[1 + arguments.length];
        all[0] = number;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return asLong("syscall", all);
    }

    String strerror(int errno) {
        return asText("strerror", errno);
    }

    int statvfs(byte[] path, Memory facts) {
        return asInt("statvfs", path, facts);
    }

    String gnu_get_libc_version() {
        return asText("gnu_get_libc_version");
    }

    Pointer signal(int number, Pointer handler) {
        return asPointer("signal", number, handler);
    }

    int pthread_sigmask(int how, Memory set, Pointer old) {
        return asInt("pthread_sigmask", how, set, old);
    }

    int execve(byte[] path, Pointer arguments, Pointer environment) {
        return asInt("execve", path, arguments, environment);
    }

    int sigfillset(Memory set) {
        return asInt("sigfillset", set);
    }

    int sigemptyset(Memory set) {
        return asInt("sigemptyset", set);
    }

    int posix_spawn(
            IntByReference pid,
            byte[] path,
            Memory fileActions,
            Memory attributes,
            Pointer arguments,
            Pointer environment) {
        return asInt("posix_spawn", pid, path, fileActions, attributes, arguments, environment);
    }

    int posix_spawnattr_init(Memory attributes) {
        return asInt("posix_spawnattr_init", attributes);
    }

    int posix_spawnattr_destroy(Memory attributes) {
        return asInt("posix_spawnattr_destroy", attributes);
    }

    int posix_spawnattr_setflags(Memory attributes, short flags) {
        return asInt("posix_spawnattr_setflags", attributes, flags);
    }

    int posix_spawnattr_setsigmask(Memory attributes, Memory set) {
        return asInt("posix_spawnattr_setsigmask", attributes, set);
    }

    int posix_spawnattr_setsigdefault(Memory attributes, Memory set) {
        return asInt("posix_spawnattr_setsigdefault", attributes, set);
    }

    int posix_spawn_file_actions_init(Memory actions) {
        return asInt("posix_spawn_file_actions_init", actions);
    }

    int posix_spawn_file_actions_destroy(Memory actions) {
        return asInt("posix_spawn_file_actions_destroy", actions);
    }

    int posix_spawn_file_actions_addopen(Memory actions, int fd, byte[] path, int flags, int mode) {
        return asInt("posix_spawn_file_actions_addopen", actions, fd, path, flags, mode);
    }

    int posix_spawn_file_actions_adddup2(Memory actions, int from, int to) {
        return asInt("posix_spawn_file_actions_adddup2", actions, from, to);
    }

    int posix_spawn_file_actions_addchdir_np(Memory actions, byte[] path) {
        return asInt("posix_spawn_file_actions_addchdir_np", actions, path);
    }

    int posix_spawn_file_actions_addclosefrom_np(Memory actions, int from) {
        return asInt("posix_spawn_file_actions_addclosefrom_np", actions, from);
    }
}
