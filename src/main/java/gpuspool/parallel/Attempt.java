package gpuspool.parallel;

import gpuspool.job.JobId;
import java.time.Instant;
import java.util.Optional;

/** One run of a command, from the queue to its end. */
final class Attempt {
    final Task task;
    final int number;
    final String stem;
    final int slot;
    Optional<JobId> id = Optional.empty();
    Optional<Instant> started = Optional.empty();
    /** Whether it was us who asked for its end. */
    boolean stopped;

    /**
     * @param number 1 for the first
     * @param slot a number from 1 that no other attempt has that was not over when this one was made
     */
    Attempt(Task task, int number, String stem, int slot) {
        this.task = task;
        this.number = number;
        this.stem = stem;
        this.slot = slot;
    }
}
