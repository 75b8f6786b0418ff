package gpuspool.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;

/**
 * What lstat(2) says of one file. Two looks at one unchanged file give equal facts.
 *
 * @param size bytes
 * @param mode type and permission bits as in {@code st_mode}
 * @param modified time of the last write, which users may set at will
 * @param changed ctime: last write, rename or link; cannot be set by users, so it is the queue's order
 */
public record FileFacts(long device, long inode, long size, int mode, int owner, FileTime modified, FileTime changed) {
    private static final String ASKED = "unix:dev,ino,size,mode,uid,lastModifiedTime,ctime";
    private static final int TYPE_MASK = 0170000;
    private static final int REGULAR = 0100000;
    private static final int DIRECTORY = 0040000;

    /** The facts of the file itself, a symbolic link not followed; empty where there is none of that name. */
    public static Optional<FileFacts> of(Path file) throws IOException {
        try {
            return Optional.of(from(Files.readAttributes(file, ASKED, LinkOption.NOFOLLOW_LINKS)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    static FileFacts ofOpen(int fd) throws IOException {
        return from(Files.readAttributes(Fds.proc(fd), ASKED));
    }

    private static FileFacts from(Map<String, Object> facts) {
        return new FileFacts(
                (Long) facts.get("dev"),
                (Long) facts.get("ino"),
                (Long) facts.get("size"),
                (Integer) facts.get("mode"),
                (Integer) facts.get("uid"),
                (FileTime) facts.get("lastModifiedTime"),
                (FileTime) facts.get("ctime"));
    }

    public boolean isRegular() {
        return (mode & TYPE_MASK) == REGULAR;
    }

    public boolean isDirectory() {
        return (mode & TYPE_MASK) == DIRECTORY;
    }

    /** {@code device:inode}, decimal: names the file as long as it exists. */
    public String identity() {
        return device + ":" + inode;
    }

    /** Whether nobody has written it since: a rename in between does not matter. */
    public boolean hasSameContentAs(FileFacts other) {
        return inode == other.inode && size == other.size && modified.equals(other.modified);
    }

    /** What kind of thing this is, for a message. */
    public String kind() {
        return switch (mode & TYPE_MASK) {
            case REGULAR -> "a regular file";
            case DIRECTORY -> "a directory";
            case 0120000 -> "a symbolic link";
            case 0010000 -> "a named pipe";
            case 0140000 -> "a socket";
            case 0060000, 0020000 -> "a device";
            default -> "of unknown type";
        };
    }
}
