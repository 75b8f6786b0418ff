package gpuspool.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * A file or directory that is kept open, so that its inode's number is not given to another: whether a name still leads to it can be
 * told for certain.
 */
public final class Pinned implements AutoCloseable {
    private static final int O_PATH = 0x200000;

    private final int fd;
    private final Object key;

    private Pinned(int fd, Object key) {
        this.fd = fd;
        this.key = key;
    }

    /** Pins what the name leads to now, symbolic links followed. */
    public static Pinned at(Path name) throws IOException {
        int fd = Fds.open(name, O_PATH, 0);
        try {
            return new Pinned(fd, Fds.fileKey(fd));
        } catch (IOException e) {
            Fds.close(fd);
            throw e;
        }
    }

    /** Whether the name leads to it now; empty: there is nothing of that name. */
    public Optional<Boolean> isAt(Path name) throws IOException {
        try {
            return Optional.of(Files.readAttributes(name, BasicFileAttributes.class)
                    .fileKey()
                    .equals(key));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** A way to it that does not depend on its name, good while this is open. */
    public Path path() {
        return Fds.proc(fd);
    }

    @Override
    public void close() {
        Fds.close(fd);
    }
}
