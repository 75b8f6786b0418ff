package gpuspool.parallel;

import gpuspool.job.JobId;
import java.time.Instant;

/** What the other threads tell the one that decides. */
sealed interface Event {
    /** There is more input, or its end. */
    record Input() implements Event {}

    /** @param cards the numbers of its cards by commas; empty for none */
    record Started(JobId id, String cards, Instant at) implements Event {}

    /** @param done whether it lies in {@code done/} */
    record Ended(JobId id, boolean done, Result result) implements Event {}

    /** A job was taken out of the queue by somebody else. */
    record Vanished(String stem) implements Event {}

    /** @param mayStop whether a second one stops what runs */
    record Interrupt(String name, boolean mayStop) implements Event {}

    /** Nobody looks after the jobs any more. */
    record WatcherLeft(String why) implements Event {}
}
