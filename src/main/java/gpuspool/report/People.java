package gpuspool.report;

import gpuspool.spool.RecordedRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What each user had. */
final class People {
    private final Map<Integer, Sum> sums = new HashMap<>();

    private static final class Sum {
        private int ended;
        private int done;
        private int running;
        private long gpuMillis;
        private long waitMillis;
        private int waits;
        private double busy;
        private double busyTime;
    }

    /**
     * One user's.
     *
     * @param owner uid; -1 where nobody knows
     * @param ended runs that ended in the window, {@code done} of them in {@code done/}
     * @param meanWait milliseconds; -1 where none was started
     * @param busy percent, the mean over the GPU time that was measured; -1 where none was
     */
    record Person(int owner, int ended, int done, int running, long gpuMillis, long meanWait, int busy) {}

    private Sum of(RecordedRun run) {
        return sums.computeIfAbsent(run.owner().orElse(-1), owner -> new Sum());
    }

    void ended(RecordedRun run) {
        of(run).ended++;
        of(run).done += run.done() ? 1 : 0;
    }

    void running(RecordedRun run) {
        of(run).running++;
    }

    void waited(RecordedRun run) {
        of(run).waitMillis += run.waited().orElseThrow();
        of(run).waits++;
    }

    void used(RecordedRun run, long gpuMillis) {
        Sum sum = of(run);
        sum.gpuMillis += gpuMillis;
        if (run.utilisation().isPresent()) {
            sum.busy += (double) gpuMillis * run.utilisation().getAsInt();
            sum.busyTime += gpuMillis;
        }
    }

    /** Those with the most GPU time first. */
    List<Person> all() {
        List<Person> all = new ArrayList<>();
        sums.forEach((owner, sum) -> all.add(new Person(
                owner,
                sum.ended,
                sum.done,
                sum.running,
                sum.gpuMillis,
                sum.waits == 0 ? -1 : sum.waitMillis / sum.waits,
                sum.busyTime == 0 ? -1 : (int) Math.round(sum.busy / sum.busyTime))));
        all.sort(Comparator.comparingLong(Person::gpuMillis)
                .thenComparingInt(Person::ended)
                .reversed()
                .thenComparingInt(Person::owner));
        return all;
    }
}
