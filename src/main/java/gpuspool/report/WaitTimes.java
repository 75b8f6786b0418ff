package gpuspool.report;

import gpuspool.spool.RecordedRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;

/** How long jobs waited that were started in a window. */
final class WaitTimes {
    private static final int MOST_LONGEST = 10;

    /** Upper bounds of the groups in which waits are counted; a last one is open. */
    static final List<Duration> BOUNDS = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofHours(1),
            Duration.ofHours(4),
            Duration.ofHours(12),
            Duration.ofDays(1));

    private static final Comparator<RecordedRun> BY_WAIT =
            Comparator.comparingLong(run -> run.waited().orElse(0));

    private final Bins bins;
    private long[] waits = new long[64];
    private int count;
    private final int[] groups = new int[BOUNDS.size() + 1];
    private final double[] sums;
    private final int[] counts;
    private final PriorityQueue<RecordedRun> longest =
            new PriorityQueue<>(BY_WAIT.thenComparing(RecordedRun::id, Comparator.reverseOrder()));

    WaitTimes(Bins bins) {
        this.bins = bins;
        sums = new double[bins.count()];
        counts = new int[bins.count()];
    }

    void add(RecordedRun run) {
        long wait = run.waited().orElseThrow();
        if (count == waits.length) {
            waits = Arrays.copyOf(waits, count * 2);
        }
        waits[count++] = wait;
        int group = 0;
        while (group < BOUNDS.size() && wait >= BOUNDS.get(group).toMillis()) {
            group++;
        }
        groups[group]++;
        int bin = bins.at(run.started().orElseThrow());
        sums[bin] += wait;
        counts[bin]++;
        longest.add(run);
        if (longest.size() > MOST_LONGEST) {
            longest.remove();
        }
    }

    int count() {
        return count;
    }

    int[] groups() {
        return groups.clone();
    }

    /** The wait that so much of all, from 0 to 1, did not exceed, in milliseconds; empty where nobody waited. */
    OptionalLong quantile(double part) {
        if (count == 0) {
            return OptionalLong.empty();
        }
        Arrays.sort(waits, 0, count);
        int rank = (int) Math.ceil(part * count) - 1;
        return OptionalLong.of(waits[Math.max(0, rank)]);
    }

    /** The mean of those started in a bin, in milliseconds; empty where none was. */
    OptionalLong mean(int bin) {
        return counts[bin] == 0 ? OptionalLong.empty() : OptionalLong.of(Math.round(sums[bin] / counts[bin]));
    }

    /** The longest first. */
    List<RecordedRun> longest() {
        List<RecordedRun> all = new ArrayList<>(longest);
        all.sort(BY_WAIT.reversed().thenComparing(RecordedRun::id));
        return all;
    }
}
