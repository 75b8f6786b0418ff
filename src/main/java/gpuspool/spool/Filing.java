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

/** Moves ended jobs to done/ or failed/: step 8 of {@code spool-layout.md}, section 3. */
public final class Filing {
    private final Layout places;
    private final Fs fs;
    private final InstantSource clock;

    public Filing(Layout places, Fs fs, InstantSource clock) {
        this.places = places;
        this.fs = fs;
        this.clock = clock;
    }

    /**
     * A job to file.
     *
     * @param code the exit code, where the process that waited for the job gave one
     * @param elapsed from start to end, where the start is known
     * @param jobLock held; given up once the job is filed
     */
    public record Ended(JobDir dir, Ending ending, OptionalInt code, Optional<Duration> elapsed, Lock jobLock) {
        public boolean isDone() {
            return ending.isDone();
        }
    }

    /** What became of one of them; empty error: filed. */
    public record Outcome(Ended job, Optional<IOException> error) {}

    /** Files all of them; the parents' fsync is shared. A job that cannot be filed stays in running/, its lock still held. */
    public List<Outcome> file(List<Ended> jobs) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Ended job : jobs) {
            outcomes.add(new Outcome(job, attempt(() -> fileOne(job))));
        }
        Optional<IOException> unsynced = attempt(() -> {
            for (Path parent : List.of(places.done(), places.failed(), places.running())) {
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

    private void fileOne(Ended job) throws IOException {
        JobDir dir = job.dir();
        Path target = (job.isDone() ? places.done() : places.failed())
                .resolve(dir.id().toString());
        if (fs.look(dir.path()).isEmpty() && fs.look(target).isPresent()) {
            return; // Only the parents' fsync was missing when this was tried before.
        }
        // A full disk must not keep an ended job from being filed: the mark's name alone carries the code.
        attempt(() -> dir.append(fs, facts(job)));
        String mark = Mark.nameIn(fs.list(dir.path())).orElse("");
        if (job.code().isPresent() && !mark.startsWith(Mark.EXIT)) {
            String name = Mark.EXIT + job.code().getAsInt();
            fs.rename(dir.file(mark), dir.file(name));
        }
        for (String name : fs.list(dir.path())) {
            if (isToKeep(name)) {
                fs.sync(dir.file(name));
            }
        }
        fs.sync(dir.path());
        fs.renameToFree(dir.path(), target);
    }

    private static boolean isToKeep(String name) {
        return Mark.isMark(name)
                || List.of(JobDir.STATUS, JobDir.OUTPUT, JobDir.STDOUT, JobDir.STDERR, JobDir.REASON)
                        .contains(name);
    }

    private StatusFile.Lines facts(Ended job) {
        StatusFile.Lines lines =
                new StatusFile.Lines().add("ending", job.ending().word());
        job.code().ifPresent(code -> lines.add("exit", code));
        lines.add("ended", Times.format(Instant.ofEpochMilli(clock.millis())));
        job.elapsed().ifPresent(elapsed -> lines.add("elapsed", elapsed.toMillis()));
        return lines;
    }
}
