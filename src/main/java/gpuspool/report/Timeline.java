package gpuspool.report;

import gpuspool.spool.RecordedRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which job was on which card when. Jobs too short to be seen are counted together, so that a million of them take no more room
 * than a picture of them.
 */
final class Timeline {
    /** Columns of a picture that is as wide as a screen. */
    private static final int COLUMNS = 800;

    private static final int MOST_BARS = 4000;
    private static final double COARSER = 1.5;
    static final int MIXED = -2;

    private final Window window;
    private final double column;
    /** Jobs shorter than that, in milliseconds, are counted together. */
    private double shortest;

    private int bars;
    private final Map<Card, Lane> lanes = new TreeMap<>();

    private static final class Lane {
        private List<Bar> bars = new ArrayList<>();
        private final int[] count = new int[COLUMNS];
        private final long[] busy = new long[COLUMNS];
        private final int[] owner = new int[COLUMNS];
        private final boolean[] failed = new boolean[COLUMNS];

        /** Whether what is counted in two columns can be shown as one. */
        boolean alike(int one, int other) {
            return (count[one] > 0) == (count[other] > 0) && owner[one] == owner[other] && failed[one] == failed[other];
        }
    }

    /**
     * A job on a card, both ends in the window.
     *
     * @param row from 0: jobs that share a card at a time stand one below the other
     */
    record Bar(RecordedRun run, long from, long to, int row) {}

    /**
     * Short jobs, one after the other.
     *
     * @param busy milliseconds that they ran, all in all
     * @param owner -1 where nobody knows, {@link #MIXED} where there are several
     */
    record Bunch(int jobs, long busy, int owner, boolean failed, long from, long to) {}

    record Row(Card card, List<Bar> bars, List<Bunch> bunches, int rows) {}

    Timeline(Window window) {
        this.window = window;
        column = (double) window.length() / COLUMNS;
        shortest = column;
    }

    /** A card that there is, also where no job had it. */
    void know(Card card) {
        lane(card);
    }

    private Lane lane(Card card) {
        return lanes.computeIfAbsent(card, key -> new Lane());
    }

    void add(RecordedRun run, long begin, long end) {
        if (window.overlap(begin, end) == 0) {
            return;
        }
        Bar bar = new Bar(run, Math.max(begin, window.since()), Math.min(end, window.until()), 0);
        for (String word : run.gpus()) {
            put(lane(new Card(run.host(), word)), bar);
        }
        while (bars > MOST_BARS) {
            shortest *= COARSER;
            bars = 0;
            for (Lane lane : lanes.values()) {
                List<Bar> before = lane.bars;
                lane.bars = new ArrayList<>();
                before.forEach(old -> put(lane, old));
            }
        }
    }

    private void put(Lane lane, Bar bar) {
        boolean runs = bar.run().ended().isEmpty();
        if (bar.to() - bar.from() >= shortest || runs) {
            lane.bars.add(bar);
            bars++;
            return;
        }
        int at = (int) Math.min(COLUMNS - 1, ((bar.from() + bar.to()) / 2 - window.since()) / column);
        int owner = bar.run().owner().orElse(-1);
        lane.owner[at] = lane.count[at] == 0 || lane.owner[at] == owner ? owner : MIXED;
        lane.count[at]++;
        lane.busy[at] += bar.to() - bar.from();
        lane.failed[at] |= !bar.run().done();
    }

    int cards() {
        return lanes.size();
    }

    /** By host and card. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        lanes.forEach((card, lane) -> {
            List<Bar> placed = place(lane.bars);
            int most = placed.stream().mapToInt(Bar::row).max().orElse(0) + 1;
            rows.add(new Row(card, placed, bunches(lane), most));
        });
        return rows;
    }

    private static List<Bar> place(List<Bar> bars) {
        List<Bar> sorted = new ArrayList<>(bars);
        sorted.sort(Comparator.comparingLong(Bar::from)
                .thenComparing(bar -> bar.run().id()));
        List<Long> ends = new ArrayList<>();
        List<Bar> placed = new ArrayList<>();
        for (Bar bar : sorted) {
            int row = 0;
            while (row < ends.size() && ends.get(row) > bar.from()) {
                row++;
            }
            if (row == ends.size()) {
                ends.add(0L);
            }
            ends.set(row, bar.to());
            placed.add(new Bar(bar.run(), bar.from(), bar.to(), row));
        }
        return placed;
    }

    private List<Bunch> bunches(Lane lane) {
        List<Bunch> bunches = new ArrayList<>();
        int to = 0;
        for (int from = 0; from < COLUMNS; from = to) {
            int jobs = 0;
            long busy = 0;
            for (to = from; to == from || to < COLUMNS && lane.alike(from, to); to++) {
                jobs += lane.count[to];
                busy += lane.busy[to];
            }
            if (jobs > 0) {
                bunches.add(new Bunch(jobs, busy, lane.owner[from], lane.failed[from], edge(from), edge(to)));
            }
        }
        return bunches;
    }

    private long edge(int at) {
        return window.since() + Math.round(at * column);
    }
}
