package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuRules;
import gpuspool.gpu.Reading;
import java.util.Map;
import java.util.OptionalLong;

/** Whether a card that nobody has locked is free, by what its driver says of it; {@code spool-layout.md}, section 10.2. */
public final class Freedom {
    private Freedom() {}

    /**
     * What earlier readings of a card taught.
     *
     * @param baseline bytes in use when no process was on it: the least that was seen; empty when never
     * @param strangerSeen monotonic time of the last reading with a stranger on it; empty when there was none since it was last free
     * @param cleanSince how many readings without one came since
     * @param ownLeft monotonic time at which a job of ours left it; empty once it was seen free
     */
    public record Past(OptionalLong baseline, OptionalLong strangerSeen, int cleanSince, OptionalLong ownLeft) {
        public static final Past NOTHING =
                new Past(OptionalLong.empty(), OptionalLong.empty(), 0, OptionalLong.empty());

        /** A job of ours has just left the card. */
        public Past leftAt(long now) {
            return new Past(baseline, strangerSeen, cleanSince, OptionalLong.of(now));
        }
    }

    /** What is to be thought of a card, and remembered. */
    public record Judgement(CardState state, Past past) {}

    /**
     * Judges a card that no job of ours has.
     *
     * @param ours processes of ours among those on the card, such as one that holds it: pid → what people call it
     * @param now monotonic time of the reading, nanoseconds
     */
    public static Judgement judge(
            Device device, Reading reading, Past past, Map<Integer, String> ours, GpuRules rules, long now) {
        return new Judgement(new CardState(CardState.Kind.UNKNOWN, "not judged yet"), past);
    }
}
