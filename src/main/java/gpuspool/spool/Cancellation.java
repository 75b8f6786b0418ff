package gpuspool.spool;

import gpuspool.job.JobId;
import gpuspool.posix.FileFacts;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Cancels jobs by files alone, as anybody could; {@code spool-layout.md}, section 6. */
public final class Cancellation {
    private static final int MOST_TRIES = 10_000;

    private final Layout places;
    private final String host;
    private final Fs fs;

    public Cancellation(Layout places, String host, Fs fs) {
        this.places = places;
        this.host = host;
        this.fs = fs;
    }

    /**
     * Files a queued or held job under {@code failed/}: a new directory there, and one rename of the dropped file into it.
     *
     * @return the id it is filed as; empty when the file was gone already, claimed most likely
     */
    public Optional<JobId> fileQueued(JobRefs.Queued job) throws IOException {
        Optional<FileFacts> facts = fs.look(job.file());
        if (facts.isEmpty()) {
            return Optional.empty();
        }
        JobDir dir = makeDirectory(job.stem());
        try {
            return fileInto(dir, job, facts.get());
        } catch (IOException e) {
            if (fs.look(dir.path()).isPresent()) {
                throw e;
            }
            // Somebody who cleans took it for what a killed cancel left: another look tells where the job is.
            return Optional.empty();
        }
    }

    private Optional<JobId> fileInto(JobDir dir, JobRefs.Queued job, FileFacts facts) throws IOException {
        try {
            fs.create(
                    dir.status(),
                    facts(new Dropped(job.file(), facts), dir.id()).bytes());
        } catch (FileAlreadyExistsException e) {
            // It took so long that the directory was cleaned away, and its name is another job's now.
            return Optional.empty();
        }
        fs.sync(dir.status());
        Path target = dir.path().resolve(job.file().getFileName());
        Optional<IOException> error = Fs.attempt(() -> fs.rename(job.file(), target));
        if (fs.look(target).isPresent()) {
            fs.sync(dir.path());
            fs.sync(places.failed());
            fs.sync(job.where().in(places));
            new Requests(places, fs).takeBackFirst(job.file());
            return Optional.of(dir.id());
        }
        fs.delete(dir.status());
        fs.delete(dir.path());
        if (error.isPresent() && fs.look(job.file()).isPresent()) {
            throw error.get();
        }
        return Optional.empty();
    }

    /**
     * Adds to the record that this queued job was cancelled. It grows on without being put aside: only a watcher knows its limit.
     *
     * @return why it could not be written down; the job is cancelled all the same
     */
    public Optional<IOException> record(JobId id) {
        HistoryFiles files = HistoryFiles.of(places, host);
        JobDir dir = new JobDir(places.failed().resolve(id.toString()), id);
        try {
            List<String> lines = HistoryLines.read(dir, List.of(HistoryState.FAILED), fs);
            return new History(files, fs, () -> Long.MAX_VALUE).append(lines).why();
        } catch (IOException | LinkageError e) {
            return Optional.of(new IOException(files.current() + ": " + e.getMessage(), e));
        }
    }

    private JobDir makeDirectory(String stem) throws IOException {
        int first = new JobRefs(places).highestRun(stem) + 1;
        for (int run = first; run < first + MOST_TRIES; run++) {
            JobId id = new JobId(stem, run, host);
            JobDir dir = new JobDir(places.failed().resolve(id.toString()), id);
            try {
                fs.mkdir(dir.path());
            } catch (FileAlreadyExistsException e) {
                continue;
            }
            // Looked for after the mkdir, as a claim does the other way round: of two that want one number, none or one
            // gets it.
            boolean used = fs.look(places.running().resolve(id.toString())).isPresent()
                    || fs.look(places.done().resolve(id.toString())).isPresent();
            if (!used) {
                return dir;
            }
            fs.delete(dir.path());
        }
        throw new IOException("cannot find a free run number for " + stem + " from " + first + " on");
    }

    private StatusFile.Lines facts(Dropped file, JobId id) {
        return new StatusFile.Lines()
                .addEscaped("name", file.escapedName())
                .add("id", id.toString())
                .add("owner", file.facts().owner())
                .add("inode", file.facts().identity())
                .add("host", host)
                .add("queued", Times.format(file.facts().changed().toInstant()))
                .add("ending", "cancelled")
                .add("ended", Times.format(Instant.now()));
    }

    /** What became of asking for a stop. */
    public enum Asked {
        NOW,
        BEFORE,
        /** It is not in {@code running/} any more. */
        ENDED
    }

    /** Asks the watcher to stop a job: the file {@code cancel} in its directory. */
    public Asked askToStop(JobRefs.Run run) throws IOException {
        try {
            fs.create(run.path().resolve(JobDir.CANCEL), new byte[0]);
            return Asked.NOW;
        } catch (FileAlreadyExistsException e) {
            return Asked.BEFORE;
        } catch (NoSuchFileException e) {
            return Asked.ENDED;
        }
    }
}
