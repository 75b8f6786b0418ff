package gpuspool.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Locks as files in one host-local directory, by flock(2). Java's own file locks are not used: they are lost as soon as any
 * descriptor of the file is closed, and children do not inherit them.
 */
public final class LockDirectory implements Locks {
    /** The file that tells this directory from another. */
    public static final String ID = "id";

    private final Path directory;
    private final String id;
    private final Object mode;

    private LockDirectory(Path directory, String id) throws IOException {
        this.directory = directory;
        this.id = id;
        mode = Files.getAttribute(directory, "unix:mode");
    }

    /** Opens the directory, making it and its {@code id} file where they are missing. */
    public static LockDirectory open(Path directory) throws IOException {
        Files.createDirectories(directory);
        // The real path: by it the kernel shows who has a lock's file open.
        Path real = directory.toRealPath();
        return new LockDirectory(real, readOrMakeId(real));
    }

    /** Opens a directory that all users of the host share, making it so that each of them can add lock files. */
    public static LockDirectory openShared(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory);
            Files.setAttribute(directory, "unix:mode", 01777);
        }
        return open(directory);
    }

    /**
     * Tries whether locks work in a directory, with a file of its own that is removed again; the directory's {@code id} is not asked for.
     *
     * @return whether a taken lock kept a second one out
     */
    public static boolean tryOut(Path directory) throws IOException {
        LockDirectory locks = new LockDirectory(directory.toRealPath(), "");
        String name = "doctor-" + RandomId.next() + ".lock";
        Lock lock = locks.tryLock(name).orElseThrow(() -> new IOException("a lock that nobody else has was refused"));
        try {
            return locks.tryLock(name).isEmpty();
        } finally {
            lock.retire();
        }
    }

    private static String readOrMakeId(Path directory) throws IOException {
        Path file = directory.resolve(ID);
        if (!Files.exists(file)) {
            linkId(directory, RandomId.next());
        }
        String id = Files.readString(file).strip();
        if (!isId(id)) {
            throw new IOException(
                    file + " does not hold an id (a power cut may have emptied it); when no watcher runs on this"
                            + " host, remove it: a new one is made");
        }
        return id;
    }

    private static boolean isId(String text) {
        return text.matches("[0-9a-f]{32}");
    }

    /** Linked whole, never written in place: nobody can read half an id. */
    private static void linkId(Path directory, String id) throws IOException {
        Path draft = Files.createTempFile(
                directory,
                ".id",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(draft, id + "\n");
        try {
            Files.createLink(directory.resolve(ID), draft);
        } catch (FileAlreadyExistsException e) {
            // Another watcher was quicker; its id is the one.
        } finally {
            Files.delete(draft);
        }
    }

    /** What was wrong with it. */
    public enum Mended {
        NOTHING,
        /** It was gone or had lost its id, and is as before; lock files may have gone, too. */
        MADE_AGAIN,
        /** It was emptied, and somebody who came since has given it an id of his own. */
        ANOTHER_ID
    }

    /** Makes the directory and its id again, where a cleaner took them. */
    public Mended mend() throws IOException {
        boolean gone = !Files.isDirectory(directory);
        if (gone) {
            Files.createDirectory(directory);
            Files.setAttribute(directory, "unix:mode", mode);
        }
        boolean lost = !Files.exists(directory.resolve(ID));
        if (lost) {
            linkId(directory, id);
        }
        if (!readOrMakeId(directory).equals(id)) {
            return Mended.ANOTHER_ID;
        }
        return gone || lost ? Mended.MADE_AGAIN : Mended.NOTHING;
    }

    @Override
    public Path path() {
        return directory;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Optional<Lock> tryLock(String name) throws IOException {
        return Flock.tryLock(directory.resolve(name));
    }

    @Override
    public Optional<Lock> tryShare(String name) throws IOException {
        return Flock.tryShare(directory.resolve(name));
    }

    @Override
    public Optional<String> holderOf(String name) throws IOException {
        return Flock.note(directory.resolve(name));
    }

    /**
     * Unlinks the lock files of a spool that is no more, whoever made them.
     *
     * @param spoolId 32 hex digits, which stand in the names of its locks
     */
    public void forget(String spoolId) throws IOException {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(directory, "{watcher,job,sim}-" + spoolId + "{.,-}*lock")) {
            for (Path file : files) {
                boolean unused = Files.deleteIfExists(file);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** The first line of a lock's file: who holds it, as its holder wrote it; empty where nothing is written. */
    public String note(String name) throws IOException {
        return Files.readString(directory.resolve(name), StandardCharsets.UTF_8).strip();
    }

    /** Leaves a word about the holder in the lock's file. */
    public void note(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        try {
            Files.writeString(file, text + "\n");
        } catch (IOException e) {
            throw new IOException("cannot write lock file " + file + ": " + e.getMessage() + "; make room there", e);
        }
    }
}
