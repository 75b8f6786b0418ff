package gpuspool.posix;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.file.Path;

/** Sets a file's times to now without ever making one: utimensat(2), {@code touch -c -h}. */
public final class Touch {
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;

    private Touch() {}

    /**
     * Touches what has this name, a symbolic link itself rather than what it points to.
     *
     * @return false where there is nothing of that name
     */
    public static boolean existing(Path path) throws IOException {
        if (LibC.C.utimensat(AT_FDCWD, RawNames.cString(path), null, AT_SYMLINK_NOFOLLOW) == 0) {
            return true;
        }
        int errno = Native.getLastError();
        if (errno == Errno.ENOENT) {
            return false;
        }
        throw new PosixException("touch " + path, errno);
    }
}
