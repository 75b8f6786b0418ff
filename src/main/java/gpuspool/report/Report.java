package gpuspool.report;

import gpuspool.spool.JobRow;
import gpuspool.spool.RecordedRun;
import gpuspool.view.CardHost;
import gpuspool.view.CardView;
import gpuspool.view.Snapshot;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * Adds up what ran in a window, run by run: values in, values out. First {@link #present} once, then {@link #add} for each run that has
 * ended, and {@link #finish}.
 */
public final class Report {
    private static final int MOST_BINS = 120;
    /** Endings of sweeps, which are no runs: their members are. */
    private static final Set<String> SWEEPS = Set.of("all done", "some failed");

    /** How the states of jobs begin that have been started. */
    private static final List<String> RUNNING = List.of("running", "stopping", "ending");

    final Window window;
    final Busy busy;
    final WaitTimes waits;
    final Failures failures = new Failures();
    final People people = new People();
    final Fit fit = new Fit();
    final Timeline timeline;
    /** What cards are called, where that is known better than by their words. */
    final Map<Card, String> labels = new HashMap<>();

    private final IntPredicate wanted;
    private final Map<String, RecordedRun> open = new HashMap<>();
    private int ended;
    private int done;
    private int running;
    private long gpuMillis;

    /** @param wanted whose runs count, by uid; -1 is an owner nobody knows */
    public Report(Window window, IntPredicate wanted) {
        this.window = window;
        this.wanted = wanted;
        Bins bins = Bins.of(window, MOST_BINS);
        busy = new Busy(window, bins);
        waits = new WaitTimes(bins);
        timeline = new Timeline(window);
    }

    /** Whether a run is one that the report is of. */
    public boolean isOf(RecordedRun run) {
        OptionalLong begin = run.begin();
        long end = run.ended().orElse(window.until());
        boolean touches = window.has(end) || begin.isPresent() && window.overlap(begin.getAsLong(), end) > 0;
        return touches
                && !SWEEPS.contains(run.ending())
                && wanted.test(run.owner().orElse(-1));
    }

    /** Takes in one run that has ended. */
    public void add(RecordedRun run) {
        RecordedRun unused = open.remove(run.id());
        if (isOf(run)) {
            count(run);
        }
    }

    /** Nothing more comes: what is left of those that ran runs still. */
    public void finish() {
        open.values().stream().filter(this::isOf).forEach(this::count);
        open.clear();
    }

    private void count(RecordedRun run) {
        long end = run.ended().orElse(window.until());
        OptionalLong begin = run.begin();
        long used = begin.isEmpty()
                ? 0
                : window.overlap(begin.getAsLong(), end) * run.gpus().size();
        gpuMillis += used;
        people.used(run, used);
        if (begin.isPresent()) {
            busy.add(run, begin.getAsLong(), end);
            timeline.add(run, begin.getAsLong(), end);
        }
        if (run.started().isPresent()
                && window.has(run.started().getAsLong())
                && run.waited().isPresent()) {
            waits.add(run);
            people.waited(run);
        }
        if (run.ended().isEmpty() || end >= window.until()) {
            running++;
            people.running(run);
        } else {
            ended++;
            people.ended(run);
            fit.add(run, used);
            if (run.done()) {
                done++;
            } else {
                failures.add(run, used);
            }
        }
    }

    /** Takes in what runs now, as far as no line of the record tells its end, and which cards there are. */
    public void present(Snapshot now) {
        for (JobRow row : now.overview().running()) {
            boolean begun = RUNNING.stream().anyMatch(row.state()::startsWith);
            if (begun && row.id().contains(".") && row.millis().isPresent()) {
                open.put(row.id(), running(row, now.millis()));
            }
        }
        for (CardHost host : now.cards().hosts()) {
            for (CardView card : host.cards()) {
                Card key = new Card(host.host(), card.word());
                if (card.ours()) {
                    timeline.know(key);
                }
                card.index().ifPresent(index -> labels.put(key, Integer.toString(index)));
            }
        }
    }

    private static RecordedRun running(JobRow row, long now) {
        return new RecordedRun(
                row.id(),
                row.job(),
                row.id().substring(row.id().lastIndexOf('.') + 1),
                row.owner(),
                OptionalLong.empty(),
                OptionalLong.of(now - row.millis().orElseThrow()),
                OptionalLong.empty(),
                OptionalLong.empty(),
                row.devices(),
                row.command(),
                "",
                OptionalInt.empty(),
                false,
                "",
                "",
                OptionalLong.empty(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalLong.empty());
    }

    /** Milliseconds since 1970: what ended before does not matter. */
    public long since() {
        return window.since();
    }

    public ZoneId zone() {
        return window.zone();
    }

    /** Runs that ended in the window. */
    int ended() {
        return ended;
    }

    /** Those of them that lie in {@code done/}. */
    int done() {
        return done;
    }

    /** Runs that had not ended when it was over. */
    int running() {
        return running;
    }

    /** GPU time in the window, in milliseconds of one card each. */
    long gpuMillis() {
        return gpuMillis;
    }

    int cards() {
        return timeline.cards();
    }

    /** How much of all cards' time jobs had, from 0 to 1; -1 where no card is known. */
    double share() {
        return cards() == 0 ? -1 : busy.all() / ((double) cards() * window.length());
    }

    boolean isEmpty() {
        return ended == 0 && running == 0 && waits.count() == 0;
    }

    List<People.Person> people() {
        return people.all();
    }
}
