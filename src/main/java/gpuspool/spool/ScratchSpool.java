package gpuspool.spool;

import gpuspool.job.JobId;
import gpuspool.posix.RandomId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * A spool that one command makes for itself and takes away again. The tree lies in memory where there is room, for it need not
 * survive what ends that command and all its jobs; what jobs print, which may be much, lies on disk beside a link to it.
 */
public final class ScratchSpool {
    private static final Path MEMORY = Path.of("/dev/shm");
    /** Twice what a watcher wants to be free. */
    private static final long ROOM = 2L << 30;

    private static final String NAME = "gpuspool-parallel-";
    private static final int PART_OF_ID = 8;
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path home;
    private final Optional<Path> memory;
    private final Spool spool;
    private final Fs fs;

    private ScratchSpool(Path home, Optional<Path> memory, Spool spool, Fs fs) {
        this.home = home;
        this.memory = memory;
        this.spool = spool;
        this.fs = fs;
    }

    /** @param temporary where its directory is made, which only its user can look into */
    public static ScratchSpool make(Path temporary, Fs fs) throws IOException {
        return make(temporary, MEMORY, fs);
    }

    static ScratchSpool make(Path temporary, Path memory, Fs fs) throws IOException {
        String name = NAME + RandomId.next().substring(0, PART_OF_ID);
        Path home = Files.createDirectory(temporary.resolve(name), PRIVATE).toRealPath();
        Files.createDirectory(home.resolve("output"));
        Optional<Path> place = Optional.empty();
        if (hasRoom(memory, fs)) {
            try {
                place = Optional.of(Files.createDirectory(memory.resolve(name), PRIVATE));
                Files.createSymbolicLink(home.resolve("spool"), place.get());
            } catch (FileAlreadyExistsException e) {
                throw e;
            } catch (IOException e) {
                if (place.isPresent()) {
                    Files.delete(place.get());
                }
                // Not for us, though it is there: the disk will do.
                place = Optional.empty();
            }
        }
        Spool spool = SpoolMaker.make(place.orElse(home.resolve("spool")), fs);
        return new ScratchSpool(home, place, spool, fs);
    }

    private static boolean hasRoom(Path memory, Fs fs) {
        try {
            return Files.isWritable(memory) && fs.usableBytes(memory) >= ROOM;
        } catch (IOException e) {
            return false;
        }
    }

    /** Its directory; {@code home/spool} is the spool, or leads there. */
    public Path home() {
        return home;
    }

    public Spool spool() {
        return spool;
    }

    /** Where what jobs print may lie. */
    public Path output() {
        return home.resolve("output");
    }

    /** Makes a directory with those above it. */
    public void makeDirectories(Path directory) throws IOException {
        Files.createDirectories(directory);
    }

    /** Removes the record of an ended job; no watcher but this command's own knows of it. */
    public void forget(JobId id, boolean done) throws IOException {
        Path record = (done ? Where.DONE : Where.FAILED).in(spool.places()).resolve(id.toString());
        new TreeDeletion(spool.places(), fs, bytes -> {}).delete(record);
    }

    /** Removes a file that may be gone already. */
    public void remove(Path file) throws IOException {
        try {
            fs.delete(file);
        } catch (NoSuchFileException e) {
            // It was never made.
        }
    }

    /** Takes all of it away. */
    public void remove() throws IOException {
        TreeDeletion deletion = new TreeDeletion(spool.places(), fs, bytes -> {});
        if (memory.isPresent()) {
            deletion.delete(memory.get());
        }
        deletion.delete(home);
    }
}
