package gpuspool.watch;

import java.time.InstantSource;

/** A clock whose waiting times cost nothing. */
final class JumpingClock implements Clocks {
    private static final long NANOS_PER_MILLI = 1_000_000;

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
        return InstantSource.system();
    }

    void advanceTo(long nanos) {
        now = Math.max(now, nanos);
    }
}
