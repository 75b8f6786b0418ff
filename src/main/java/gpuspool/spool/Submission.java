package gpuspool.spool;

import gpuspool.job.Stem;
import gpuspool.posix.FileFacts;
import gpuspool.posix.RandomId;
import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Puts a whole job file into {@code incoming/} so that it is taken at once; {@code spool-layout.md}, section 5. */
public final class Submission {
    private static final int MOST_TRIES = 100_000;
    private static final long SECOND = 1000;

    private final Layout places;
    private final Fs fs;

    public Submission(Layout places, Fs fs) {
        this.places = places;
        this.fs = fs;
    }

    /**
     * Submits.
     *
     * @param wanted the name to give it, a valid stem; where a queued or held job has it already it gets {@code -2},
     *     {@code -3}, … behind it
     * @param ending {@code .job} or {@code .toml}
     * @return the name it got, without the ending; once this returns it is on stable storage
     */
    public String put(String wanted, String ending, byte[] content) throws IOException {
        return submit(wanted, ending, content).name();
    }

    /**
     * A file that was submitted.
     *
     * @param name without the ending
     * @param identity as in {@link FileFacts#identity}: another file may have its name by the time it is looked at, as it may have been
     *     claimed already
     */
    public record Submitted(String name, String identity) {}

    /** As {@link #put}. */
    public Submitted submit(String wanted, String ending, byte[] content) throws IOException {
        Path draft = newDraft();
        fs.create(draft, content);
        try {
            String identity = complete(draft).identity();
            return new Submitted(link(draft, wanted, ending), identity);
        } finally {
            fs.delete(draft);
            fs.sync(places.incoming());
        }
    }

    /**
     * Submits a copy of a job file, byte for byte and under its own name.
     *
     * @return false when a queued job has that name; once true is returned it is on stable storage
     * @throws NoSuchFileException when the file is not there any more
     */
    public boolean putCopy(Path file) throws IOException {
        Path draft = newDraft();
        fs.copy(file, draft);
        try {
            FileFacts unused = complete(draft);
            fs.link(draft, places.incoming().resolve(file.getFileName()));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } finally {
            fs.delete(draft);
            fs.sync(places.incoming());
        }
    }

    private Path newDraft() throws IOException {
        return places.incoming().resolve("." + RandomId.next() + ".new");
    }

    private FileFacts complete(Path draft) throws IOException {
        Optional<FileFacts> look = fs.look(draft);
        // No lambda on the way of a plain run: the first of a process takes longer to make than all the rest.
        if (look.isEmpty()) {
            throw new IOException(draft + " was removed meanwhile");
        }
        FileFacts facts = look.get();
        if (!facts.isRegular()) {
            throw new IOException("the job file is " + facts.kind() + "; only a regular file can be queued");
        }
        fs.sync(draft);
        // Older than the name it is about to get: that shows the watcher that it is complete.
        Files.setLastModifiedTime(draft, FileTime.fromMillis(facts.modified().toMillis() - SECOND));
        return facts;
    }

    private String link(Path draft, String wanted, String ending) throws IOException {
        Set<String> taken = new HashSet<>();
        for (Path directory : List.of(places.incoming(), places.held())) {
            for (Path file : Listing.jobFiles(directory)) {
                taken.add(Stem.of(RawNames.lastName(file)));
            }
        }
        for (int number = 1; number < MOST_TRIES; number++) {
            String name = numbered(wanted, number);
            if (taken.contains(name)) {
                continue;
            }
            try {
                fs.link(draft, places.incoming().resolve(name + ending));
                return name;
            } catch (FileAlreadyExistsException e) {
                taken.add(name);
            }
        }
        throw new IOException("cannot find a free name like " + wanted + " in " + places.incoming());
    }

    private static String numbered(String wanted, int number) {
        String suffix = number == 1 ? "" : "-" + number;
        String name = wanted + suffix;
        boolean fits = Stem.of((name + ".job").getBytes(StandardCharsets.UTF_8)).equals(name);
        return fits ? name : wanted.substring(0, wanted.length() - suffix.length()) + suffix;
    }
}
