package gpuspool.watch;

import gpuspool.job.Ending;
import gpuspool.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Told of what this watcher does with jobs, the moment it is done, by the watcher's own threads: whoever listens returns at once. For
 * a watcher in the same process; everybody else looks at the tree, which tells the same.
 */
public interface JobNews {
    /** Nobody listens. */
    JobNews NOBODY = new JobNews() {
        @Override
        public void started(JobId id, String cards, Instant at) {}

        @Override
        public void filed(Filed job) {}
    };

    /**
     * A job runs.
     *
     * @param cards the numbers of its cards by commas; empty for none
     */
    void started(JobId id, String cards, Instant at);

    /** A job lies in {@code done/} or {@code failed/}, all of it written; or its run does, and another follows by itself. */
    void filed(Filed job);

    /**
     * How a job ended.
     *
     * @param done whether it lies in {@code done/}
     * @param code its exit code, where the process that waited for it gave one
     * @param ran from start to end; empty where it never started
     */
    record Filed(JobId id, boolean done, Ending ending, OptionalInt code, Optional<Duration> ran) {}
}
