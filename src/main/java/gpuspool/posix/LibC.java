package gpuspool.posix;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;

/**
 * The functions of the C library that Java lacks, under their C names; the manual pages are their documentation.
 *
 * <p>Every call reports errors the C way; {@link PosixException#last} turns {@code errno} into an exception. Loaded when first
 * touched: verbs that only read the tree never pay for it.
 */
interface LibC extends Library {
    LibC C = CLibrary.load();

    int open(byte[] path, int flags, int mode);

    int close(int fd);

    int dup2(int fd, int as);

    int pipe2(int[] ends, int flags);

    long read(int fd, byte[] buffer, long count);

    long read(int fd, Memory buffer, long count);

    long write(int fd, byte[] buffer, long count);

    int utimensat(int directory, byte[] path, Pointer times, int flags);

    long pread(int fd, byte[] buffer, long count, long offset);

    long pwrite(int fd, byte[] buffer, long count, long offset);

    int getsid(int pid);

    int fcntl(int fd, int command, int argument);

    int flock(int fd, int operation);

    int ioctl(int fd, long request, Memory argument);

    int sync_file_range(int fd, long offset, long bytes, int flags);

    int fchmod(int fd, int mode);

    int eventfd(int initial, int flags);

    int eventfd_write(int fd, long value);

    int eventfd_read(int fd, long[] value);

    int poll(Pointer fds, long count, int timeoutMillis);

    int kill(int pid, int signal);

    int waitpid(int pid, IntByReference status, int options);

    long syscall(long number, Object... arguments);

    String strerror(int errno);

    int statvfs(byte[] path, Memory facts);

    String gnu_get_libc_version();

    Pointer signal(int number, Pointer handler);

    int pthread_sigmask(int how, Memory set, Pointer old);

    int execve(byte[] path, Pointer arguments, Pointer environment);

    int sigfillset(Memory set);

    int sigemptyset(Memory set);

    int posix_spawn(
            IntByReference pid,
            byte[] path,
            Memory fileActions,
            Memory attributes,
            Pointer arguments,
            Pointer environment);

    int posix_spawnattr_init(Memory attributes);

    int posix_spawnattr_destroy(Memory attributes);

    int posix_spawnattr_setflags(Memory attributes, short flags);

    int posix_spawnattr_setsigmask(Memory attributes, Memory set);

    int posix_spawnattr_setsigdefault(Memory attributes, Memory set);

    int posix_spawn_file_actions_init(Memory actions);

    int posix_spawn_file_actions_destroy(Memory actions);

    int posix_spawn_file_actions_addopen(Memory actions, int fd, byte[] path, int flags, int mode);

    int posix_spawn_file_actions_adddup2(Memory actions, int from, int to);

    int posix_spawn_file_actions_addchdir_np(Memory actions, byte[] path);

    int posix_spawn_file_actions_addclosefrom_np(Memory actions, int from);
}
