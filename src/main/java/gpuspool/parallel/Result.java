package gpuspool.parallel;

import gpuspool.job.Ending;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How one attempt at a command ended.
 *
 * @param code the exit code, where somebody saw it; above 128 most likely 128 and a signal's number
 * @param ran how long it ran; empty where it never did
 */
record Result(Ending ending, OptionalInt code, Optional<Duration> ran) {
    private static final int SIGNALLED = 128;
    private static final int HIGHEST_SIGNAL = 64;
    private static final int SIGTERM = 15;
    private static final int ALL_ELSE = 255;

    boolean succeeded() {
        return ending.succeeded();
    }

    /** Whether its exit status or its time says all there is to say. */
    boolean isPlain() {
        return ending instanceof Ending.Exited || ending instanceof Ending.TimedOut;
    }

    /** 0 to 255, as a shell would say. */
    int status() {
        if (succeeded()) {
            return 0;
        }
        return code.isPresent() && code.getAsInt() != 0 ? code.getAsInt() : ALL_ELSE;
    }

    /** What the joblog says of it: exit value and signal. */
    int[] logged() {
        if (ending instanceof Ending.TimedOut) {
            return new int[] {-1, SIGTERM};
        }
        if (!(ending instanceof Ending.Exited) || code.isEmpty()) {
            return new int[] {-1, 0};
        }
        int signal = code.getAsInt() - SIGNALLED;
        return signal > 0 && signal <= HIGHEST_SIGNAL ? new int[] {0, signal} : new int[] {code.getAsInt(), 0};
    }

    /** {@code exit 3}, {@code timed out}. */
    String described() {
        return ending.describe();
    }
}
