package gpuspool.job;

import java.util.List;
import java.util.Optional;

/**
 * What becomes of a job that did not succeed, or is about to run out of time.
 *
 * @param retries how many more runs it gets after failures, 0 to 1000
 * @param retryOn which endings count as failures; empty: each exit code but 0
 * @param onInterrupt what becomes of it when the machine went down while it ran
 * @param signal what it is told before its time is over; empty: nothing
 */
public record Runs(int retries, List<RetryOn> retryOn, OnInterrupt onInterrupt, Optional<EarlySignal> signal) {
    /** One run and no more. */
    public static final Runs ONE = new Runs(0, List.of(), OnInterrupt.FAIL, Optional.empty());

    /** The most {@code retries}. */
    public static final int MOST_RETRIES = 1000;

    public Runs {
        retryOn = List.copyOf(retryOn);
    }

    /** In the words of job files. */
    public enum OnInterrupt {
        /** It is filed as interrupted. */
        FAIL,
        /** It is filed so, and queued again. */
        REQUEUE
    }
}
