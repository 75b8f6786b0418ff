package gpuspool.spool;

import gpuspool.posix.RandomId;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * Deletes trees in {@code tmp/} whole, whatever jobs left in them: no symbolic link is followed, directories that may not be written
 * are made so, and no tree is too deep, since what lies deep is first brought up by a rename. Somebody else may delete the same
 * tree at the same time.
 */
final class TreeDeletion {
    /** Directories open at once, and names in a path: far below what the kernel allows of either. */
    private static final int DEEPEST = 16;

    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final Layout places;
    private final Fs fs;
    private final LongConsumer size;
    private final Deque<Path> broughtUp = new ArrayDeque<>();
    private long deleted;

    /** @param size is told the bytes of each file that was deleted */
    TreeDeletion(Layout places, Fs fs, LongConsumer size) {
        this.places = places;
        this.fs = fs;
        this.size = size;
    }

    /** A name for what is to be deleted; whatever has such a name is deleted whole by the next who tidies up. */
    static Path doomed(Layout places, String name) throws IOException {
        return places.tmp().resolve(Removal.CLEAN + RandomId.next() + "." + name);
    }

    void delete(Path tree) throws IOException {
        delete(tree, 0);
        while (!broughtUp.isEmpty()) {
            delete(broughtUp.remove(), 0);
        }
    }

    private void delete(Path place, int depth) throws IOException {
        Optional<PosixFileAttributes> found = attributes(place);
        if (found.isEmpty()) {
            return;
        }
        if (!found.get().isDirectory()) {
            unlink(place);
            size.accept(found.get().size());
            return;
        }
        open(place, found.get());
        if (depth == DEEPEST) {
            bringUp(place);
        } else {
            deleteDirectory(place, depth);
        }
    }

    private void deleteDirectory(Path directory, int depth) throws IOException {
        while (true) {
            long before = deleted;
            empty(directory, depth);
            try {
                unlink(directory);
                return;
            } catch (DirectoryNotEmptyException e) {
                // Some file systems skip names while others are being deleted.
                if (deleted == before) {
                    throw e;
                }
            }
        }
    }

    private void empty(Path directory, int depth) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                delete(entry, depth + 1);
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Deleted by somebody else meanwhile, which is what was wanted.
            return;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private void bringUp(Path directory) throws IOException {
        Path place = doomed(places, "deep");
        try {
            fs.rename(directory, place);
            deleted++;
            broughtUp.add(place);
        } catch (NoSuchFileException e) {
            // As above.
        }
    }

    private void unlink(Path place) throws IOException {
        try {
            fs.delete(place);
            deleted++;
        } catch (NoSuchFileException e) {
            // As above.
        }
    }

    /** Lets the owner list, search and change a directory. */
    static void open(Path directory) throws IOException {
        Optional<PosixFileAttributes> found = attributes(directory);
        if (found.isPresent() && found.get().isDirectory()) {
            open(directory, found.get());
        }
    }

    private static void open(Path directory, PosixFileAttributes attributes) throws IOException {
        Set<PosixFilePermission> permissions = attributes.permissions();
        if (!permissions.containsAll(OWNER)) {
            permissions.addAll(OWNER);
            Files.setPosixFilePermissions(directory, permissions);
        }
    }

    private static Optional<PosixFileAttributes> attributes(Path place) throws IOException {
        try {
            return Optional.of(Files.readAttributes(place, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        }
    }
}
