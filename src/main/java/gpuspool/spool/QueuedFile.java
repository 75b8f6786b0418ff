package gpuspool.spool;

import gpuspool.posix.FileFacts;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Optional;

/** What can be done to a dropped file that nobody has claimed, as anybody could; {@code spool-layout.md}, section 7. */
public final class QueuedFile {
    /** What came of it. */
    public enum Outcome {
        DONE,
        /** It is not there any more: claimed, most likely. */
        GONE,
        /** Another file has its name where it was to go; nothing was changed. */
        TAKEN
    }

    private final JobRefs.Queued job;
    private final Layout places;
    private final Fs fs;
    private final Requests requests;

    public QueuedFile(JobRefs.Queued job, Layout places, Fs fs) {
        this.job = job;
        this.places = places;
        this.fs = fs;
        requests = new Requests(places, fs);
    }

    /** Moves it out of the queue, or back to its end. */
    public Outcome moveTo(Where where) throws IOException {
        Optional<FileFacts> facts = fs.look(job.file());
        if (facts.isEmpty()) {
            return Outcome.GONE;
        }
        Path target = where.in(places).resolve(job.file().getFileName());
        Optional<IOException> error = Fs.attempt(() -> fs.renameToFree(job.file(), target));
        // What decides is where it lies now, not what was answered; but once it is in the queue it may be claimed at
        // once.
        Optional<String> identity = facts.map(FileFacts::identity);
        if (fs.look(job.file()).map(FileFacts::identity).equals(identity)) {
            if (error.isPresent() && !(error.get() instanceof FileAlreadyExistsException)) {
                throw error.get();
            }
            return Outcome.TAKEN;
        }
        if (error.isPresent() && !fs.look(target).map(FileFacts::identity).equals(identity)) {
            return Outcome.GONE;
        }
        fs.sync(where.in(places));
        fs.sync(job.where().in(places));
        if (job.where() == Where.INCOMING) {
            requests.takeBackFirst(job.file());
        }
        return Outcome.DONE;
    }

    /** Asks for it to come first. */
    public Outcome toFront() throws IOException {
        requests.makeFirst(job.file());
        if (fs.look(job.file()).isPresent()) {
            return Outcome.DONE;
        }
        requests.takeBackFirst(job.file());
        return Outcome.GONE;
    }

    /** Sends it to the end of the queue. */
    public Outcome toEnd() throws IOException {
        requests.takeBackFirst(job.file());
        return fs.touch(job.file()) ? Outcome.DONE : Outcome.GONE;
    }
}
