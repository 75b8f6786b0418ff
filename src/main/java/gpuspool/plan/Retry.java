package gpuspool.plan;

import gpuspool.job.AgainFor;
import gpuspool.job.Attempt;
import gpuspool.job.Ending;
import gpuspool.job.RetryOn;
import gpuspool.job.Runs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Whether a run that has ended by itself, or with the machine, is followed by another: {@code spool-layout.md}, section 3.5. */
public final class Retry {
    /** So often at most a job that was interrupted comes back; without an end, what takes the machine down would never stop. */
    public static final int MOST_INTERRUPTIONS = 10;

    private static final int SIGNAL_BASE = 128;
    /** Doubled so often, any delay is longer than the longest that there is. */
    private static final int MOST_DOUBLINGS = 40;

    private Retry() {}

    /**
     * What comes after a run.
     *
     * @param again why another run follows; empty: none does
     * @param why for people: which run follows, or why none does although one was asked for; empty where none was
     */
    public record Decision(Optional<AgainFor> again, String why) {
        private static final Decision LAST = new Decision(Optional.empty(), "");
    }

    /** @param cancelled whether somebody asked for its end */
    public static Decision decide(Runs runs, Attempt attempt, Ending ending, boolean cancelled) {
        if (cancelled) {
            return Decision.LAST;
        }
        if (ending instanceof Ending.Interrupted && runs.onInterrupt() == Runs.OnInterrupt.REQUEUE) {
            return attempt.interruption() < MOST_INTERRUPTIONS
                    ? new Decision(
                            Optional.of(AgainFor.INTERRUPTION),
                            "interruption " + (attempt.interruption() + 1) + " of at most " + MOST_INTERRUPTIONS)
                    : new Decision(
                            Optional.empty(),
                            "it was interrupted " + (MOST_INTERRUPTIONS + 1) + " times, and is queued again "
                                    + MOST_INTERRUPTIONS + " times at most; to run it once more: gpuspool retry");
        }
        if (!isCovered(runs.retryOn(), ending)) {
            return Decision.LAST;
        }
        if (attempt.retry() >= runs.retries()) {
            return new Decision(Optional.empty(), runs.retries() == 0 ? "" : "all its retries are used");
        }
        return new Decision(Optional.of(AgainFor.RETRY), "retry " + (attempt.retry() + 1) + " of " + runs.retries());
    }

    private static boolean isCovered(List<RetryOn> retryOn, Ending ending) {
        if (ending instanceof Ending.Interrupted) {
            return retryOn.contains(new RetryOn.Interrupted());
        }
        if (!(ending instanceof Ending.Exited exited) || exited.code() == 0) {
            return false;
        }
        return retryOn.isEmpty()
                || retryOn.contains(new RetryOn.Code(exited.code()))
                || retryOn.contains(new RetryOn.Signal(exited.code() - SIGNAL_BASE));
    }

    /**
     * How long the queue keeps a retry back.
     *
     * @param retry which one, from 1
     * @param first before the first; doubled for each further one
     * @param longest the most that it becomes
     */
    public static Duration delay(int retry, Duration first, Duration longest) {
        Duration delay = first;
        for (int i = 1; i < Math.min(retry, MOST_DOUBLINGS) && delay.compareTo(longest) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(longest) < 0 ? delay : longest;
    }

    /**
     * How long it is still to be kept back.
     *
     * @param delay from its arrival in the queue
     * @param since its arrival, by the calendar, which may have been set in between: negative, say
     * @return zero to {@code delay}
     */
    public static Duration rest(Duration delay, Duration since) {
        Duration rest = since.isNegative() ? delay : delay.minus(since);
        return rest.isNegative() ? Duration.ZERO : rest;
    }
}
