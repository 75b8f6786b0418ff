package gpuspool.spool;

import java.util.OptionalLong;
import java.util.PriorityQueue;

/** The latest few of many times, without keeping the others. */
public final class NewestTimes {
    private final int most;
    private final PriorityQueue<Long> kept = new PriorityQueue<>();

    /** @param most how many are kept; 0 or more */
    public NewestTimes(int most) {
        this.most = most;
    }

    public void add(long time) {
        if (kept.size() < most) {
            kept.add(time);
        } else if (most > 0 && time > kept.peek()) {
            kept.remove();
            kept.add(time);
        }
    }

    /** The earliest of those kept; empty where none is. */
    public OptionalLong earliest() {
        return kept.isEmpty() ? OptionalLong.empty() : OptionalLong.of(kept.peek());
    }
}
