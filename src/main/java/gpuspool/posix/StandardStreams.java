package gpuspool.posix;

import java.io.IOException;
import java.nio.file.Path;

/** Where this process's own stdout and stderr lead. */
public final class StandardStreams {
    private static final int MODE = 0666;

    private StandardStreams() {}

    /** From now on both are added to the end of this file, made if missing. */
    public static void appendTo(Path file) throws IOException {
        int fd = Fds.open(file, Fds.O_WRONLY | Fds.O_CREAT | Fds.O_APPEND | Fds.O_NOFOLLOW | Fds.O_NONBLOCK, MODE);
        try {
            for (int stream : new int[] {1, 2}) {
                if (LibC.C.dup2(fd, stream) < 0) {
                    throw PosixException.last("lead descriptor " + stream + " to " + file);
                }
            }
        } finally {
            Fds.close(fd);
        }
    }
}
