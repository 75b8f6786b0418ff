package gpuspool.spool;

import gpuspool.posix.FileFacts;
import gpuspool.posix.SharedAppend;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;

/**
 * Every operation by which the protocol changes or looks at a spool: each call is one step between which a kill can fall. The
 * protocol touches the tree through nothing else, so that tests can stop it, lie to it and replay it at every step.
 *
 * <p>An exception never proves that a change was not made; look again before deciding.
 */
public interface Fs {
    void mkdir(Path directory) throws IOException;

    /** Makes a new file with this content. After an exception the file may be there, empty or cut short. */
    void create(Path file, byte[] content) throws IOException;

    /** Writes at the end of a file that exists. */
    void append(Path file, byte[] content) throws IOException;

    /**
     * Writes at the end of what anybody may have made: only where it is a regular file without a second name, never through a
     * symbolic link, never waiting for a reader. Where it is anything else nothing is written.
     */
    void appendIfRegular(Path path, byte[] content) throws IOException;

    /** Sets the times of what lies there to now, as {@code touch -c -h}; false where nothing does, and nothing is made. */
    boolean touch(Path path) throws IOException;

    /**
     * Adds whole lines to a log that others add to as well, made if missing; by one write. Whatever lies at that name, it is not
     * waited for and no link is followed.
     */
    SharedAppend.Added addLines(Path file, byte[] lines) throws IOException;

    /** Writes the whole content of a file that is ours alone and that nothing decides by, made if missing. */
    void overwrite(Path file, byte[] content) throws IOException;

    /** rename(2): atomic, replaces a file or an empty directory silently. Only onto names nobody else uses. */
    void rename(Path from, Path to) throws IOException;

    /** Renames where {@code to} is free; atomic where the file system can, else after a look. */
    void renameToFree(Path from, Path to) throws IOException;

    /** A second name for a file; fails where {@code to} exists. */
    void link(Path from, Path to) throws IOException;

    /**
     * A new file with the bytes of another and no more permissions than it has; fails where {@code to} exists. A symbolic link is not
     * followed: then {@code to} is one too.
     */
    void copy(Path from, Path to) throws IOException;

    /**
     * Sets the permissions of a file of ours, and when it was last written.
     *
     * @param mode as in {@code st_mode}; only the permission bits count
     */
    void dress(Path file, int mode, FileTime modified) throws IOException;

    /** Removes a file or an empty directory. */
    void delete(Path path) throws IOException;

    /**
     * Says that these bytes will be synced in a moment. Announced together, several files share one commit of the file system's
     * journal; without, each sync makes one of its own. Changes nothing, promises nothing, never fails.
     */
    default void announceSync(Path file) {}

    /** fsync(2) of a file or directory: returns once it is on stable storage. */
    void sync(Path path) throws IOException;

    /** The names in a directory, sorted. */
    List<String> list(Path directory) throws IOException;

    /** At most {@code limit} bytes from the beginning of a file. */
    byte[] read(Path file, int limit) throws IOException;

    /** Bytes that this user may still write on the file system that holds the path. */
    long usableBytes(Path path) throws IOException;

    /** What lies at this name now; empty when the directory was asked and there is nothing. */
    Optional<FileFacts> look(Path path) throws IOException;

    /** A change that may fail. */
    interface Change {
        void run() throws IOException;
    }

    /** What a change answered; for those that look afterwards what really became of it, and need the error for their words alone. */
    static Optional<IOException> attempt(Change change) {
        try {
            change.run();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }
}
