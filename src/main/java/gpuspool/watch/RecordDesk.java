package gpuspool.watch;

import gpuspool.spool.Filing;
import gpuspool.spool.Fs;
import gpuspool.spool.History;
import gpuspool.spool.HistoryFiles;
import gpuspool.spool.HistoryLines;
import gpuspool.spool.HistoryState;
import gpuspool.spool.JobDir;
import gpuspool.spool.Layout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Writes the record of what this watcher did, on the filer's thread: after the step, and never in the way of the next start. A line
 * that cannot be written is only missing.
 */
final class RecordDesk {
    private static final String TOPIC = "record";

    /** Characters written at once: scripts are long, and memory is small. */
    private static final int BATCH = 1 << 18;

    private final Setup setup;
    private final Fs fs;
    private final Executor filer;
    private final HistoryFiles files;
    private final History history;
    /** Lines lost since it last could be written; the filer's alone. */
    private long missing;

    private boolean failing;
    private volatile long largest;

    RecordDesk(Setup setup, Edges edges) {
        this.setup = setup;
        this.fs = edges.fs();
        this.filer = edges.filer();
        files = HistoryFiles.of(setup.spool().places(), setup.host());
        largest = setup.settings().historySize();
        history = new History(files, fs, () -> largest);
    }

    private record Steps(JobDir dir, List<HistoryState> states) {}

    /** Hands over all that was done to jobs that still lie in running/. */
    void submit(JobBook jobs) {
        largest = setup.settings().historySize();
        List<Steps> steps = new ArrayList<>();
        for (Job job : jobs.all()) {
            if (job.phase == Job.Phase.FILING) {
                job.noteClaim();
            }
            if (!job.unrecorded.isEmpty()) {
                steps.add(new Steps(job.dir, List.copyOf(job.unrecorded)));
                job.unrecorded.clear();
            }
        }
        if (!steps.isEmpty()) {
            filer.execute(() -> write(steps));
        }
    }

    /** On the filer's thread: what was just filed. */
    void writeEnds(List<Filing.Outcome> outcomes) {
        Layout places = setup.spool().places();
        List<Steps> steps = new ArrayList<>();
        for (Filing.Outcome outcome : outcomes) {
            if (outcome.error().isEmpty()) {
                boolean done = outcome.job().isDone();
                JobDir before = outcome.job().dir();
                JobDir dir = new JobDir(
                        (done ? places.done() : places.failed())
                                .resolve(before.id().toString()),
                        before.id());
                steps.add(new Steps(dir, List.of(done ? HistoryState.DONE : HistoryState.FAILED)));
            }
        }
        write(steps);
    }

    private void write(List<Steps> all) {
        List<String> batch = new ArrayList<>();
        int length = 0;
        for (Steps steps : all) {
            try {
                for (String line : HistoryLines.read(steps.dir(), steps.states(), fs)) {
                    batch.add(line);
                    length += line.length();
                }
            } catch (IOException e) {
                String what = steps.dir().path() + " cannot be read: " + e.getMessage();
                note(new History.Outcome(steps.states().size(), Optional.of(new IOException(what, e))));
            }
            if (length >= BATCH) {
                append(batch);
                length = 0;
            }
        }
        append(batch);
    }

    private void append(List<String> batch) {
        if (!batch.isEmpty()) {
            note(history.append(batch));
            batch.clear();
        }
    }

    /** Says once that it fails, and once that it works again. */
    private void note(History.Outcome outcome) {
        missing += outcome.missing();
        if (outcome.why().isPresent()) {
            if (!failing) {
                setup.attention()
                        .set(
                                TOPIC,
                                "cannot add to " + files.current() + ": "
                                        + outcome.why().get().getMessage() + "; jobs are not affected");
            }
            failing = true;
        } else if (failing) {
            setup.attention().clear(TOPIC);
            setup.say("the record can be written again; " + missing + (missing == 1 ? " line is" : " lines are")
                    + " missing in " + files.current() + ": gpuspool doctor --rebuild-history");
            failing = false;
            missing = 0;
        }
    }
}
