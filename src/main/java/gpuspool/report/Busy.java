package gpuspool.report;

import gpuspool.spool.RecordedRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who had cards when: for each owner the card time in each bin, and what was measured of it. */
final class Busy {
    private final Window window;
    final Bins bins;
    /** Uid → card-milliseconds in each bin; -1 for an owner nobody knows. */
    final Map<Integer, double[]> byOwner = new HashMap<>();

    private final double[] measuredTime;
    private final double[] measuredBusy;

    Busy(Window window, Bins bins) {
        this.window = window;
        this.bins = bins;
        measuredTime = new double[bins.count()];
        measuredBusy = new double[bins.count()];
    }

    void add(RecordedRun run, long begin, long end) {
        long from = Math.max(begin, window.since());
        long to = Math.min(end, window.until());
        int cards = run.gpus().size();
        if (from >= to || cards == 0) {
            return;
        }
        double[] own = byOwner.computeIfAbsent(run.owner().orElse(-1), owner -> new double[bins.count()]);
        bins.spread(from, to, cards, own);
        if (run.utilisation().isPresent()) {
            bins.spread(from, to, cards, measuredTime);
            bins.spread(from, to, cards * run.utilisation().getAsInt() / 100.0, measuredBusy);
        }
    }

    /** Of those bins in which anything was measured: bin → from 0 to 1, how busy those cards were. */
    Map<Integer, Double> measured() {
        Map<Integer, Double> measured = new TreeMap<>();
        for (int bin = 0; bin < bins.count(); bin++) {
            if (measuredTime[bin] > 0) {
                measured.put(bin, measuredBusy[bin] / measuredTime[bin]);
            }
        }
        return measured;
    }

    /** Owners, those with the most card time first. */
    List<Integer> owners() {
        List<Integer> owners = new ArrayList<>(byOwner.keySet());
        owners.sort((one, other) -> {
            int byTime = Double.compare(sum(byOwner.get(other)), sum(byOwner.get(one)));
            return byTime != 0 ? byTime : Integer.compare(one, other);
        });
        return owners;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    /** Card-milliseconds of all. */
    double all() {
        return byOwner.values().stream().mapToDouble(Busy::sum).sum();
    }

    /** How busy all cards that were measured were, from 0 to 1; -1 where none was. */
    double meanMeasured() {
        double time = sum(measuredTime);
        return time == 0 ? -1 : sum(measuredBusy) / time;
    }
}
