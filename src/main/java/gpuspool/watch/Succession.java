package gpuspool.watch;

import gpuspool.config.QueueRules;
import gpuspool.job.AgainFor;
import gpuspool.job.Durations;
import gpuspool.job.JobSpec;
import gpuspool.job.Runs;
import gpuspool.job.Stem;
import gpuspool.plan.Retry;
import gpuspool.posix.RawNames;
import gpuspool.spool.Fs;
import gpuspool.spool.JobDir;
import gpuspool.spool.Numbers;
import gpuspool.spool.Predecessor;
import gpuspool.spool.Predecessors;
import gpuspool.spool.StatusFile;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Knows of files in incoming/ which run each goes on from, and how long a retry is to be kept back. */
final class Succession {
    /** Stems may be shared by many files, whose runs are in between. */
    private static final int MOST_RUNS = 1000;

    private final Setup setup;
    private final Fs fs;
    private final Clocks clocks;
    private final Numbers numbers;
    private final Predecessors predecessors;

    Succession(Setup setup, Fs fs, Clocks clocks, Numbers numbers) {
        this.setup = setup;
        this.fs = fs;
        this.clocks = clocks;
        this.numbers = numbers;
        predecessors = new Predecessors(setup.spool().places(), setup.host(), fs);
    }

    /** What a retry waits for. {@code until}: monotonic. */
    record Wait(long until, String why) {}

    /** The run that the file goes on from; asked once for each file as it stands. */
    Optional<Predecessor> of(Entry entry) throws IOException {
        return seek(entry, 1);
    }

    /** Whether it is a retry that is to wait; a request that it come first ends that. */
    Optional<Wait> waits(Entry entry, JobSpec spec, long now) throws IOException {
        boolean mayBeLater = spec.runs().retries() > 0 || spec.runs().onInterrupt() == Runs.OnInterrupt.REQUEUE;
        Optional<Predecessor> previous = mayBeLater ? seek(entry, MOST_RUNS) : Optional.empty();
        if (previous.isEmpty() || previous.get().why() != AgainFor.RETRY || entry.first.isPresent()) {
            return Optional.empty();
        }
        if (entry.retryAt.isEmpty()) {
            QueueRules rules = setup.settings().queue();
            int retry = previous.get().next().retry();
            Duration delay = Retry.delay(retry, rules.retryDelay(), rules.longestRetryDelay());
            Duration since = Duration.ofMillis(
                    clocks.calendar().millis() - entry.file.facts().changed().toMillis());
            long until = now + Retry.rest(delay, since).toNanos();
            String why = "retry " + retry + " of " + spec.runs().retries() + ", waits " + Durations.write(delay)
                    + " after " + previous.get().id().shortName() + " "
                    + previous.get().how();
            entry.retryAt = Optional.of(new Wait(until, why));
        }
        return entry.retryAt.filter(wait -> now - wait.until() < 0);
    }

    /** Whose job it is, where a watcher made the file: its own uid would put all such jobs down to the watcher's user. */
    OptionalInt madeFor(Entry entry, JobSpec spec) throws IOException {
        if (entry.previous.isPresent()) {
            return entry.previous.get().owner();
        }
        return spec.member().isPresent()
                ? ownerOf(setup.spool()
                        .places()
                        .running()
                        .resolve(spec.member().get().group()))
                : OptionalInt.empty();
    }

    private OptionalInt ownerOf(Path sweep) throws IOException {
        try {
            return StatusFile.read(fs, sweep.resolve(JobDir.STATUS)).owner();
        } catch (NoSuchFileException e) {
            // It has ended, and somebody runs one of its members once more.
            return OptionalInt.empty();
        }
    }

    private Optional<Predecessor> seek(Entry entry, int most) throws IOException {
        if (!entry.previousSought) {
            String stem = Stem.of(RawNames.lastName(entry.file.path()));
            entry.previous = predecessors.of(entry.file.facts(), stem, numbers.next(stem) - 1, most);
            entry.previousSought = true;
            // Perhaps another host's: the run that follows it shall have a higher number than it has.
            entry.previous.ifPresent(previous -> numbers.taken(previous.id()));
        }
        return entry.previous;
    }
}
