package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gpuspool.job.AgainFor;
import gpuspool.job.Attempt;
import gpuspool.job.Ending;
import gpuspool.job.RetryOn;
import gpuspool.job.Runs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which endings are followed by another run, and how long that one is kept back. */
class RetryRulesTest {
    private static final Ending INTERRUPTED = new Ending.Interrupted();
    private static final Optional<AgainFor> NONE = Optional.empty();

    private static Runs runs(int retries, RetryOn... endings) {
        return new Runs(retries, List.of(endings), Runs.OnInterrupt.FAIL, Optional.empty());
    }

    private static Runs requeued(int retries, RetryOn... endings) {
        return new Runs(retries, List.of(endings), Runs.OnInterrupt.REQUEUE, Optional.empty());
    }

    private static Optional<AgainFor> after(Runs runs, Ending ending) {
        return Retry.decide(runs, Attempt.FIRST, ending, false).again();
    }

    private static Optional<AgainFor> after(Runs runs, int code) {
        return after(runs, new Ending.Exited(code));
    }

    private static Optional<AgainFor> why(AgainFor why) {
        return Optional.of(why);
    }

    @Test
    void withoutRetryOn_eachCodeButZero() {
        assertEquals(why(AgainFor.RETRY), after(runs(1), 1));
        assertEquals(why(AgainFor.RETRY), after(runs(1), 137));
        assertEquals(NONE, after(runs(1), 0));
        assertEquals(NONE, after(runs(0), 1));
        assertEquals(NONE, after(runs(1), INTERRUPTED));
    }

    @Test
    void withRetryOn_theseAlone() {
        Runs some = runs(1, new RetryOn.Code(3), new RetryOn.Signal(9));
        assertEquals(why(AgainFor.RETRY), after(some, 3));
        assertEquals(why(AgainFor.RETRY), after(some, 137));
        assertEquals(NONE, after(some, 9));
        assertEquals(NONE, after(some, 4));
        Runs interrupted = runs(1, new RetryOn.Interrupted());
        assertEquals(why(AgainFor.RETRY), after(interrupted, INTERRUPTED));
        assertEquals(NONE, after(interrupted, 1));
    }

    @Test
    void othersThanFailures_areTheLast() {
        for (Ending ending : List.of(
                new Ending.TimedOut(),
                new Ending.Cancelled(),
                new Ending.Refused(),
                new Ending.NotStarted(),
                new Ending.Unknown())) {
            assertEquals(NONE, after(requeued(5), ending), ending.word());
        }
    }

    @Test
    void cancelled_isTheLast() {
        Retry.Decision decision = Retry.decide(requeued(5), Attempt.FIRST, new Ending.Exited(1), true);
        assertEquals(new Retry.Decision(NONE, ""), decision);
    }

    @Test
    void retriesUsed_isTheLastAndSaysSo() {
        assertEquals(
                new Retry.Decision(why(AgainFor.RETRY), "retry 2 of 2"),
                Retry.decide(runs(2), new Attempt(1, 7), new Ending.Exited(1), false));
        assertEquals(
                new Retry.Decision(NONE, "all its retries are used"),
                Retry.decide(runs(2), new Attempt(2, 0), new Ending.Exited(1), false));
    }

    @Test
    void interruptions_doNotUseUpRetriesAndHaveAnEnd() {
        Runs both = requeued(1, new RetryOn.Interrupted());
        assertEquals(
                new Retry.Decision(why(AgainFor.INTERRUPTION), "interruption 10 of at most 10"),
                Retry.decide(both, new Attempt(1, 9), INTERRUPTED, false));
        assertEquals(
                NONE, Retry.decide(both, new Attempt(0, 10), INTERRUPTED, false).again());
        assertEquals(new Attempt(1, 10), new Attempt(1, 9).then(AgainFor.INTERRUPTION));
        assertEquals(new Attempt(2, 9), new Attempt(1, 9).then(AgainFor.RETRY));
        assertEquals(new Attempt(1, 9), new Attempt(1, 9).then(AgainFor.STOP));
    }

    @Test
    void delay_doublesUpToTheLongest() {
        Duration first = Duration.ofSeconds(5);
        Duration longest = Duration.ofMinutes(5);
        assertEquals(Duration.ofSeconds(5), Retry.delay(1, first, longest));
        assertEquals(Duration.ofSeconds(20), Retry.delay(3, first, longest));
        assertEquals(Duration.ofSeconds(160), Retry.delay(6, first, longest));
        assertEquals(longest, Retry.delay(7, first, longest));
        assertEquals(longest, Retry.delay(1000, first, longest));
        assertEquals(Duration.ofSeconds(1), Retry.delay(1, first, Duration.ofSeconds(1)), "the longest wins");
        assertEquals(Duration.ZERO, Retry.delay(1000, Duration.ZERO, longest));
    }

    @Test
    void rest_isNeverLongerThanTheDelay() {
        Duration delay = Duration.ofSeconds(20);
        assertEquals(Duration.ofSeconds(13), Retry.rest(delay, Duration.ofSeconds(7)));
        assertEquals(Duration.ZERO, Retry.rest(delay, Duration.ofSeconds(21)));
        assertEquals(delay, Retry.rest(delay, Duration.ofDays(-400)), "the clock was set back");
    }
}
