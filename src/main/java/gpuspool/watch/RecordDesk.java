package gpuspool.watch;

import gpuspool.job.JobId;
import gpuspool.spool.Filing;
import gpuspool.spool.Fs;
import gpuspool.spool.History;
import gpuspool.spool.HistoryFiles;
import gpuspool.spool.HistoryLines;
import gpuspool.spool.HistoryState;
import gpuspool.spool.JobDir;
import gpuspool.spool.Layout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Writes the record of what this watcher did, on the filer's thread: after the step, and never in the way of the next start. A line
 * that cannot be written is only missing.
 */
final class RecordDesk {
    private static final String TOPIC = "record";

    /** Characters written at once: scripts are long, and memory is small. */
    private static final int LARGEST_BATCH = 1 << 18;

    private final Setup setup;
    private final Fs fs;
    private final Executor filer;
    private final HistoryFiles files;
    private final History history;
    /** Lines lost since it last could be written; the filer's alone. */
    private long missing;

    private boolean failing;
    private volatile long largest;
    /** Lines of jobs that are being filed; the filer's alone. */
    private final Map<JobId, List<String>> ends = new HashMap<>();

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

    /** On the filer's thread, before the job is moved: as soon as it is filed, somebody may delete it. */
    void readEnd(Filing.Ended job) {
        try {
            ends.put(job.dir().id(), read(new Steps(job.dir(), List.of(end(job)))));
        } catch (IOException e) {
            // It lies in its last place already, since only the fsync there had failed; it is read there.
            ends.remove(job.dir().id());
        }
    }

    /** On the filer's thread: what was just filed. */
    void writeEnds(List<Filing.Outcome> outcomes) {
        Layout places = setup.spool().places();
        Batch batch = new Batch();
        for (Filing.Outcome outcome : outcomes) {
            JobId id = outcome.job().dir().id();
            List<String> lines = ends.remove(id);
            if (outcome.error().isPresent()) {
                continue;
            }
            HistoryState end = end(outcome.job());
            if (lines != null) {
                batch.add(lines);
            } else {
                Path last = (end == HistoryState.DONE ? places.done() : places.failed()).resolve(id.toString());
                batch.addFrom(new Steps(new JobDir(last, id), List.of(end)));
            }
        }
        batch.write();
    }

    private static HistoryState end(Filing.Ended job) {
        return job.isDone() ? HistoryState.DONE : HistoryState.FAILED;
    }

    private List<String> read(Steps steps) throws IOException {
        return HistoryLines.read(steps.dir(), steps.states(), fs);
    }

    private void write(List<Steps> all) {
        Batch batch = new Batch();
        all.forEach(batch::addFrom);
        batch.write();
    }

    /** Lines that are written together. */
    private final class Batch {
        private final List<String> lines = new ArrayList<>();
        private int length;

        void addFrom(Steps steps) {
            try {
                add(read(steps));
            } catch (IOException e) {
                setup.say("attention " + steps.dir().id().shortName() + ": the record lacks a line of it, as "
                        + steps.dir().path() + " cannot be read: " + e.getMessage());
            }
        }

        void add(List<String> more) {
            for (String line : more) {
                lines.add(line);
                length += line.length();
            }
            if (length >= LARGEST_BATCH) {
                write();
            }
        }

        void write() {
            if (!lines.isEmpty()) {
                note(history.append(lines));
            }
            lines.clear();
            length = 0;
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
