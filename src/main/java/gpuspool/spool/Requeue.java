package gpuspool.spool;

import gpuspool.job.Again;
import gpuspool.job.AgainFor;
import gpuspool.job.Ending;
import gpuspool.posix.FileFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Puts a job back into the queue that was stopped for it, or is to run once more: a copy of its dropped file, handed to
 * {@code incoming/} by one rename that replaces nothing; {@code spool-layout.md}, section 3.4. To be called with the job's lock held, again and again until it is over:
 * each call goes on from what lies there.
 */
public final class Requeue {
    private static final long SECOND = 1000;

    private final Layout places;
    private final Fs fs;

    public Requeue(Layout places, Fs fs) {
        this.places = places;
        this.fs = fs;
    }

    /** How far it came. */
    public sealed interface Outcome {}

    /** The copy is in the queue under this name, escaped, or was; the directory can be filed. */
    public record Handed(String name) implements Outcome {}

    /** Somebody cancelled it before; the directory can be filed. */
    public record Withdrawn() implements Outcome {}

    /** To be tried again: the name cannot be had in {@code incoming/}. */
    public record Waits(String why) implements Outcome {}

    /**
     * That a run is followed by another, as it is written down before anything is done about it.
     *
     * @param ending of the run
     * @param code its exit code, where it has one
     * @param words which run follows, for people
     */
    public record Wanted(Ending ending, OptionalInt code, AgainFor why, String words) {
        /** The line that decides comes last: a torn write leaves nothing decided. */
        private StatusFile.Lines lines() {
            StatusFile.Lines lines = new StatusFile.Lines().add("ending", ending.word());
            code.ifPresent(exit -> lines.add("exit", exit));
            return lines.add(StatusFile.AGAIN_FOR, why.word()).add(say(Again.WANTED));
        }
    }

    /**
     * Goes on as far as it gets.
     *
     * @param wanted what is to be written down first where {@code status} says nothing of another run yet
     * @param synced whether all but the copy itself is synced, too; without, what a power cut leaves cannot be gone on with
     * @throws IOException when something could not be done; what lies there is as good a place to go on from as any
     */
    public Outcome advance(JobDir dir, Optional<Wanted> wanted, boolean synced) throws IOException {
        JobDir.Contents contents = dir.look(fs);
        if (contents.again() == Again.NOT_ASKED && wanted.isPresent()) {
            if (contents.has(JobDir.CANCEL)) {
                return new Withdrawn();
            }
            decide(dir, contents, wanted.get(), synced);
            contents = dir.look(fs);
        }
        if (contents.has(JobDir.AGAIN_DRAFT)) {
            // Half a copy; or, after a power cut, a second name of the whole one.
            Removal.ofGhost(places, dir.file(JobDir.AGAIN_DRAFT), fs);
        }
        Again again = contents.again();
        Path copy = dir.file(JobDir.AGAIN);
        boolean there = contents.has(JobDir.AGAIN);
        boolean handed = again == Again.HANDED || again == Again.MADE && !there;
        if (contents.has(JobDir.CANCEL) && again.isOpen() && !handed) {
            dir.append(fs, say(Again.WITHDRAWN));
            return new Withdrawn();
        }
        String name = contents.status().get("name").orElse("");
        if (again == Again.WANTED) {
            if (!there) {
                copy(dir, contents);
            }
            syncIf(synced, dir.path());
            dir.append(fs, identity(copy).add(say(Again.MADE)));
        }
        if (again.isOpen() && !handed) {
            Path target = places.incoming().resolve(dropped(dir, contents).getFileName());
            if (fs.look(target).isPresent()) {
                return nameTaken(target);
            }
            // Whoever wrote it may have been stopped before this.
            syncIf(synced, dir.status());
            Optional<IOException> error = Fs.attempt(() -> fs.renameToFree(copy, target));
            if (fs.look(copy).isPresent()) {
                return notMoved(target, error);
            }
        }
        if (again.isOpen()) {
            syncIf(synced, places.incoming());
            syncIf(synced, dir.path());
            dir.append(fs, say(Again.HANDED));
        }
        return again == Again.WITHDRAWN ? new Withdrawn() : new Handed(name);
    }

    /** The ending is durable before anybody relies on it: after a power cut the mark could lack the code. */
    private void decide(JobDir dir, JobDir.Contents contents, Wanted wanted, boolean synced) throws IOException {
        Optional<String> mark = Mark.nameIn(contents.names());
        if (mark.isPresent()) {
            syncIf(synced, dir.file(mark.get()));
        }
        dir.append(fs, wanted.lines());
        syncIf(synced, dir.status());
    }

    /** By which whoever finds it in the queue knows where it comes from. */
    private StatusFile.Lines identity(Path copy) throws IOException {
        FileFacts facts =
                fs.look(copy).orElseThrow(() -> new IOException(copy + " was removed meanwhile; it is made anew"));
        return new StatusFile.Lines().add(StatusFile.AGAIN_FILE, Lineage.identity(facts));
    }

    private static StatusFile.Lines say(Again again) {
        return new StatusFile.Lines().add(StatusFile.AGAIN, again.word());
    }

    private void syncIf(boolean synced, Path path) throws IOException {
        if (synced) {
            fs.sync(path);
        }
    }

    /** Under another name until it is whole and on stable storage: as with {@code add}, nobody else will have made it so. */
    private void copy(JobDir dir, JobDir.Contents contents) throws IOException {
        Path dropped = dropped(dir, contents);
        FileFacts facts = fs.look(dropped).orElseThrow(() -> new IOException(dropped + " was removed meanwhile"));
        if (!facts.isRegular()) {
            throw new IOException(dropped + " is " + facts.kind() + " now; only a regular file can be queued again");
        }
        Path draft = dir.file(JobDir.AGAIN_DRAFT);
        fs.copy(dropped, draft);
        // Older than the name it is about to get: that shows a watcher that it is complete.
        fs.dress(draft, facts.mode(), FileTime.fromMillis(facts.modified().toMillis() - SECOND));
        fs.sync(draft);
        fs.rename(draft, dir.file(JobDir.AGAIN));
    }

    /** The dropped file; its name is the copy's. */
    private static Path dropped(JobDir dir, JobDir.Contents contents) throws IOException {
        String name = contents.status().get("name").orElse("");
        List<Path> files = contents.names().stream()
                .filter(DroppedName::isJob)
                .map(dir::file)
                .toList();
        Optional<Path> named = files.stream()
                .filter(file -> Resubmission.escapedName(file).equals(name))
                .findFirst();
        if (named.isEmpty() && files.size() != 1) {
            throw new IOException(dir.path() + " holds " + (files.isEmpty() ? "no" : "more than one")
                    + " job file: put back the one that was dropped, " + name
                    + ", or make a file " + JobDir.CANCEL + " there to let it be");
        }
        return named.orElseGet(() -> files.get(0));
    }

    private Waits notMoved(Path target, Optional<IOException> error) throws IOException {
        if (fs.look(target).isPresent()) {
            return nameTaken(target);
        }
        return new Waits("cannot be moved to incoming/: "
                + error.map(Throwable::getMessage).orElse("its copy is still where it was"));
    }

    private static Waits nameTaken(Path target) {
        return new Waits("its name is taken in incoming/ by another " + Resubmission.escapedName(target)
                + ": it is queued again when that one is gone");
    }
}
