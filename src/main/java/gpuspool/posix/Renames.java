package gpuspool.posix;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/** Renaming without replacing: renameat2(2) with RENAME_NOREPLACE. */
public final class Renames {
    private static final int AT_FDCWD = -100;
    private static final int NOREPLACE = 1;
    private static final long RENAMEAT2 = System.getProperty("os.arch").equals("aarch64") ? 276 : 316;

    private Renames() {}

    /**
     * Renames where {@code to} is free.
     *
     * @return false when this file system cannot do it (NFS): the caller then has to look first
     * @throws FileAlreadyExistsException when {@code to} is taken; nothing has changed
     */
    public static boolean withoutReplacing(Path from, Path to) throws IOException {
        long done = LibC.C.syscall(RENAMEAT2, AT_FDCWD, cString(from), AT_FDCWD, cString(to), NOREPLACE);
        if (done == 0) {
            return true;
        }
        int errno = Native.getLastError();
        if (errno == Errno.EINVAL || errno == Errno.ENOSYS) {
            return false;
        }
        if (errno == Errno.EEXIST) {
            throw new FileAlreadyExistsException(to.toString());
        }
        throw new PosixException("rename " + from + " to " + to, errno);
    }

    private static byte[] cString(Path path) {
        return RawNames.cString(path);
    }
}
