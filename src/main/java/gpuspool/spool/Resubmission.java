package gpuspool.spool;

import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Queues ended jobs once more: a copy of the dropped file, under the name it had. The record stays as it is. */
public final class Resubmission {
    private final Layout places;
    private final Fs fs;

    public Resubmission(Layout places, Fs fs) {
        this.places = places;
        this.fs = fs;
    }

    /** What became of it. */
    public enum Outcome {
        QUEUED,
        /** A queued job has the name. */
        NAME_TAKEN,
        /** A held job has the name; released, it would have to wait for ours, and ours for nobody knows what. */
        NAME_HELD,
        /** The record was removed meanwhile. */
        GONE
    }

    /**
     * The file that was dropped, in a record.
     *
     * @throws IOException where there is none, or more than one and it cannot be told which
     */
    public Path droppedFile(RunLook look) throws IOException {
        Path directory = look.dir().path();
        List<Path> files = Listing.jobFiles(directory);
        String name = look.contents().status().get("name").orElse("");
        Optional<Path> named =
                files.stream().filter(file -> escapedName(file).equals(name)).findFirst();
        if (named.isPresent() || files.size() == 1) {
            return named.orElseGet(() -> files.get(0));
        }
        if (fs.look(directory).isEmpty()) {
            throw new NoSuchFileException(directory.toString());
        }
        throw new IOException(directory + " holds " + (files.isEmpty() ? "no" : "more than one")
                + " job file; copy the one that is meant to incoming/ by hand");
    }

    /** Its name, as one printable line. */
    public static String escapedName(Path file) {
        return Escapes.escape(RawNames.lastName(file));
    }

    /** Queues a copy; on {@code QUEUED} it is on stable storage. */
    public Outcome queue(Path file) throws IOException {
        if (fs.look(places.held().resolve(file.getFileName())).isPresent()) {
            return Outcome.NAME_HELD;
        }
        try {
            return new Submission(places, fs).putCopy(file) ? Outcome.QUEUED : Outcome.NAME_TAKEN;
        } catch (NoSuchFileException e) {
            if (fs.look(file).isPresent()) {
                throw e;
            }
            return Outcome.GONE;
        }
    }
}
