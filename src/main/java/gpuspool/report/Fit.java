package gpuspool.report;

import gpuspool.spool.RecordedRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** What was asked for and what was used, of jobs that were sampled and had whole cards. */
final class Fit {
    private static final int MOST_SHOWN = 12;
    private static final int QUARTER = 4;

    private static final Comparator<Loose> BY_TIME = Comparator.comparingLong(Loose::gpuMillis)
            .thenComparing(one -> one.run().id(), Comparator.reverseOrder());

    private int sampled;
    private long sampledMillis;
    private int smallMemory;
    private long smallMemoryMillis;
    private int idle;
    private long idleMillis;
    private final PriorityQueue<Loose> loosest = new PriorityQueue<>(BY_TIME);

    /** A run that used less than a quarter of its cards' memory. */
    record Loose(RecordedRun run, long gpuMillis) {}

    /**
     * How many there were, and how much GPU time they had.
     *
     * @param small those that never had a quarter of a card's memory
     * @param idle those whose cards were busy for less than a quarter of the time
     */
    record Sums(int sampled, long sampledMillis, int small, long smallMillis, int idle, long idleMillis) {}

    void add(RecordedRun run, long gpuMillis) {
        boolean measured = run.peak().isPresent() && run.total().isPresent()
                || run.utilisation().isPresent();
        if (!measured || run.memory().isPresent() || gpuMillis == 0) {
            return;
        }
        sampled++;
        sampledMillis += gpuMillis;
        if (run.utilisation().isPresent() && run.utilisation().getAsInt() < 100 / QUARTER) {
            idle++;
            idleMillis += gpuMillis;
        }
        if (run.peak().isPresent()
                && run.total().isPresent()
                && run.peak().getAsLong() < run.total().getAsLong() / QUARTER) {
            smallMemory++;
            smallMemoryMillis += gpuMillis;
            loosest.add(new Loose(run, gpuMillis));
            if (loosest.size() > MOST_SHOWN) {
                loosest.remove();
            }
        }
    }

    Sums sums() {
        return new Sums(sampled, sampledMillis, smallMemory, smallMemoryMillis, idle, idleMillis);
    }

    /** Those with the most GPU time first. */
    List<Loose> loosest() {
        List<Loose> all = new ArrayList<>(loosest);
        all.sort(BY_TIME.reversed());
        return all;
    }
}
