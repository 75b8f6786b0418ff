package gpuspool.plan;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What earlier readings of a card taught; kept by whoever asks, and given back to {@link Freedom} with the next reading.
 *
 * @param baseline bytes in use when no process was on it: the least that was seen; empty when never
 * @param memoryTold whether its driver ever told how much of its memory is in use
 * @param strangerSeen monotonic time of the last reading with a stranger on it; empty when there was none since it was last free
 * @param cleanSince how many readings in a row found it clean since then
 * @param left the job of ours that had it last; empty once it was seen free
 */
public record Past(
        OptionalLong baseline, boolean memoryTold, OptionalLong strangerSeen, int cleanSince, Optional<Left> left) {
    /** Of a card that was never looked at. */
    public static final Past NOTHING = new Past(OptionalLong.empty(), false, OptionalLong.empty(), 0, Optional.empty());

    /** More than this is no baseline, but somebody who cannot be seen; also what is assumed before one was seen. */
    static final long LARGEST_BASELINE = 1L << 30;

    /**
     * The end of a job of ours on a card, to tell what it left behind from an outsider who came after it.
     *
     * @param job its name, or what else of ours it was
     * @param at monotonic time, nanoseconds
     * @param ticks the same time in clock ticks since boot, as processes' start times count; empty when not known
     * @param user whom its processes belong to, in the words of {@code GpuProcess}; empty when not known
     */
    public record Left(String job, long at, OptionalLong ticks, Optional<String> user) {}

    /** A job of ours has just left the card. */
    public Past leftBy(Left last) {
        return new Past(baseline, memoryTold, strangerSeen, cleanSince, Optional.of(last));
    }

    /** Monotonic time at which a job of ours left it; empty once it was seen free. */
    public OptionalLong ownLeft() {
        return left.map(last -> OptionalLong.of(last.at())).orElseGet(OptionalLong::empty);
    }

    /** Whether what is still in use may be our own job's: no stranger came after it. */
    boolean mayBeOurs() {
        return left.isPresent()
                && (strangerSeen.isEmpty()
                        || strangerSeen.getAsLong() - left.get().at() < 0);
    }

    /** A reading that told how much memory is in use; {@code alone}: with no process on the card. */
    Past learn(long used, boolean alone) {
        long least = Math.min(baseline.orElse(LARGEST_BASELINE), used);
        return new Past(alone ? OptionalLong.of(least) : baseline, true, strangerSeen, cleanSince, left);
    }

    long assumedBaseline() {
        return baseline.orElse(LARGEST_BASELINE);
    }

    /** A reading with a stranger. */
    Past strange(long now) {
        return new Past(baseline, memoryTold, OptionalLong.of(now), 0, left);
    }

    /** A reading that tells neither of a stranger nor that there is none. */
    Past interrupted() {
        return new Past(baseline, memoryTold, strangerSeen, 0, left);
    }

    /** A reading with nobody and nothing on the card that does not belong there. */
    Past clean() {
        return new Past(baseline, memoryTold, strangerSeen, strangerSeen.isPresent() ? cleanSince + 1 : 0, left);
    }

    /** Nobody who had it is waited for any more. */
    public Past free() {
        return new Past(baseline, memoryTold, OptionalLong.empty(), 0, Optional.empty());
    }
}
