package gpuspool.spool;

import gpuspool.job.Ending;
import gpuspool.posix.Lock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Moves ended jobs to done/ or failed/: step 8 of {@code spool-layout.md}, section 3. */
public final class Filing {
    private final Layout places;
    private final Fs fs;
    private final InstantSource clock;
    private final BooleanSupplier durable;

    /** @param durable asked each time: whether what is filed is synced */
    public Filing(Layout places, Fs fs, InstantSource clock, BooleanSupplier durable) {
        this.places = places;
        this.fs = fs;
        this.clock = clock;
        this.durable = durable;
    }

    /**
     * A job to file.
     *
     * @param code the exit code, where the process that waited for the job gave one
     * @param jobPid the job's own process id, where it is known and does not stand in status yet
     * @param elapsed from start to end, where the start is known
     * @param jobLock held; given up once the job is filed
     */
    public record Ended(
            JobDir dir, Ending ending, OptionalInt code, OptionalInt jobPid, Optional<Duration> elapsed, Lock jobLock) {
        public boolean isDone() {
            return ending.isDone();
        }
    }

    /** What became of one of them; empty error: filed. */
    public record Outcome(Ended job, Optional<IOException> error) {}

    /**
     * Files all of them; the parents' fsync is shared. A job that cannot be filed stays in running/, its lock still held.
     *
     * @param written told of each job when all is written and it still lies in running/: once it is filed, anybody may delete it
     */
    public List<Outcome> file(List<Ended> jobs, Consumer<Ended> written) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Ended job : jobs) {
            outcomes.add(new Outcome(job, attempt(() -> write(job))));
        }
        outcomes.stream()
                .filter(outcome -> outcome.error().isEmpty())
                .forEach(outcome -> written.accept(outcome.job()));
        outcomes.replaceAll(outcome ->
                outcome.error().isPresent() ? outcome : new Outcome(outcome.job(), attempt(() -> move(outcome.job()))));
        Optional<IOException> unsynced = attempt(() -> {
            for (Path parent : durable.getAsBoolean()
                    ? List.of(places.done(), places.failed(), places.running())
                    : List.<Path>of()) {
                fs.sync(parent);
            }
        });
        outcomes.replaceAll(outcome -> outcome.error().isPresent() ? outcome : new Outcome(outcome.job(), unsynced));
        for (Outcome outcome : outcomes) {
            if (outcome.error().isEmpty()) {
                outcome.job().jobLock().retire();
            }
        }
        return outcomes;
    }

    private interface Step {
        void run() throws IOException;
    }

    private static Optional<IOException> attempt(Step step) {
        try {
            step.run();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    private Path target(Ended job) {
        return (job.isDone() ? places.done() : places.failed())
                .resolve(job.dir().id().toString());
    }

    /** Whether only the parents' fsync was missing when this was tried before. */
    private boolean isMoved(Ended job) throws IOException {
        return fs.look(job.dir().path()).isEmpty() && fs.look(target(job)).isPresent();
    }

    /** Writes how it ended. Done for all jobs before the first is synced: they share the file system's work then. */
    private void write(Ended job) throws IOException {
        JobDir dir = job.dir();
        if (isMoved(job)) {
            return;
        }
        List<String> names = fs.list(dir.path());
        try {
            dir.append(fs, facts(job).add(names.contains(JobDir.USAGE) ? used(dir) : new StatusFile.Lines()));
        } catch (IOException e) {
            // A full disk must not keep an ended job from being filed: the mark's name alone carries its code. Without
            // a code
            // the word in status is all there is, and the job waits for it.
            if (job.code().isEmpty()) {
                throw e;
            }
        }
        String mark = Mark.nameIn(names).orElse("");
        if (job.code().isPresent() && !mark.startsWith(Mark.EXIT)) {
            String name = Mark.EXIT + job.code().getAsInt();
            fs.rename(dir.file(mark), dir.file(name));
        }
        if (durable.getAsBoolean()) {
            for (String name : fs.list(dir.path())) {
                if (isToKeep(name)) {
                    fs.announceSync(dir.file(name));
                }
            }
        }
    }

    /** Makes it durable and moves it. */
    private void move(Ended job) throws IOException {
        JobDir dir = job.dir();
        if (isMoved(job)) {
            return;
        }
        if (durable.getAsBoolean()) {
            for (String name : fs.list(dir.path())) {
                if (isToKeep(name)) {
                    fs.sync(dir.file(name));
                }
            }
            fs.sync(dir.path());
        }
        fs.renameToFree(dir.path(), target(job));
    }

    private static boolean isToKeep(String name) {
        return Mark.isMark(name)
                || List.of(JobDir.STATUS, JobDir.OUTPUT, JobDir.STDOUT, JobDir.STDERR, JobDir.REASON, JobDir.PROGRESS)
                        .contains(name);
    }

    /** What it used of its cards: for people, and never in the way of its end. */
    private StatusFile.Lines used(JobDir dir) {
        try {
            return UsageFile.facts(UsageFile.read(dir, fs).summary());
        } catch (IOException e) {
            // The file stays with the job, and says it all the same.
            return new StatusFile.Lines();
        }
    }

    private StatusFile.Lines facts(Ended job) {
        StatusFile.Lines lines = new StatusFile.Lines();
        job.jobPid().ifPresent(pid -> lines.add("job_pid", pid));
        lines.add("ending", job.ending().word());
        job.code().ifPresent(code -> lines.add("exit", code));
        lines.add("ended", Times.format(Instant.ofEpochMilli(clock.millis())));
        job.elapsed().ifPresent(elapsed -> lines.add("elapsed", elapsed.toMillis()));
        return lines;
    }
}
