package gpuspool.watch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock whose waiting times cost nothing. */
final class JumpingClock implements Clocks {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private Duration calendarStep = Duration.ZERO;
    private long now = 1_000_000 * NANOS_PER_MILLI;

    @Override
    public long nanos() {
        // Never twice the same, as on a machine.
        return ++now;
    }

    @Override
    public long uptimeMillis() {
        return now / NANOS_PER_MILLI;
    }

    @Override
    public InstantSource calendar() {
        return () -> Instant.now().plus(calendarStep);
    }

    /** Somebody sets the machine's clock. */
    void stepCalendar(Duration step) {
        calendarStep = calendarStep.plus(step);
    }

    void advanceTo(long nanos) {
        now = Math.max(now, nanos);
    }
}
