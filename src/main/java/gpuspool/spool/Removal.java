package gpuspool.spool;

import gpuspool.posix.RandomId;
import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Removes directories by way of {@code tmp/}: out of sight by one rename, then emptied. */
public final class Removal {
    /** How the names of those begin that are deleted whatever they hold: records that were to go. */
    static final String CLEAN = "clean-";

    private Removal() {}

    /** Removes a directory that no dropped file came to; one that holds a dropped file after all stays where it is. */
    public static void ofLostClaim(Layout places, Path directory, Fs fs) throws IOException {
        if (!holdsDroppedFile(directory, fs)) {
            outOfSight(places, directory, fs);
        }
    }

    /** Removes a second name of a file that has its true place elsewhere. */
    public static void ofGhost(Layout places, Path file, Fs fs) throws IOException {
        Path place = hidden(places, file);
        fs.rename(file, place);
        fs.delete(place);
    }

    private static void outOfSight(Layout places, Path directory, Fs fs) throws IOException {
        Path place = hidden(places, directory);
        fs.rename(directory, place);
        sweep(place, fs);
    }

    private static Path hidden(Layout places, Path directory) throws IOException {
        return places.tmp().resolve(directory.getFileName() + "." + RandomId.next());
    }

    static boolean isLeftOfClean(String name) {
        return name.startsWith(CLEAN);
    }

    /**
     * Empties {@code tmp/} of what a kill left there; a directory that holds a dropped file is spared, unless it is a record that was
     * to be deleted.
     */
    public static void sweepTmp(Layout places, Fs fs) throws IOException {
        for (String name : fs.list(places.tmp())) {
            try {
                Path place = RawNames.resolve(places.tmp(), name);
                if (isLeftOfClean(name)) {
                    new TreeDeletion(places, fs, bytes -> {}).delete(place);
                } else {
                    sweep(place, fs);
                }
            } catch (IOException e) {
                // What cannot be tidied away is in nobody's way; it must not keep a watcher from starting.
            }
        }
    }

    private static void sweep(Path place, Fs fs) throws IOException {
        if (!holdsDroppedFile(place, fs)) {
            delete(place, fs);
        }
    }

    private static void delete(Path place, Fs fs) throws IOException {
        if (isDirectory(place, fs)) {
            for (String name : fs.list(place)) {
                delete(RawNames.resolve(place, name), fs);
            }
        }
        fs.delete(place);
    }

    private static boolean holdsDroppedFile(Path place, Fs fs) throws IOException {
        List<String> names = isDirectory(place, fs) ? fs.list(place) : List.of();
        for (String name : names) {
            if (DroppedName.isJob(name) || holdsDroppedFile(RawNames.resolve(place, name), fs)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDirectory(Path place, Fs fs) throws IOException {
        return fs.look(place).map(facts -> facts.isDirectory()).orElse(false);
    }
}
