package gpuspool.watch;

import gpuspool.job.JobId;
import gpuspool.spool.Filing;
import gpuspool.spool.Fs;
import gpuspool.spool.HistoryLines;
import gpuspool.spool.HistoryState;
import gpuspool.spool.JobDir;
import gpuspool.spool.Where;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/**
 * Writes the record of what this watcher did, on the filer's thread: after the step, and never in the way of the next start. A line
 * that cannot be written is only missing.
 */
final class RecordDesk {
    private static final long MOMENT = Duration.ofMillis(100).toNanos();

    private final Setup setup;
    private final Fs fs;
    private final Executor filer;
    private final Inbox inbox;
    private final RecordWriter writer;
    /** When what was done so far is handed over; the engine's alone. */
    private long due = Engine.NEVER;
    /** Steps of jobs that are being filed, which are written with their ends. */
    private final Map<JobId, List<HistoryState>> starts = new ConcurrentHashMap<>();
    /** Lines of jobs that are being filed; the filer's alone. */
    private final Map<JobId, List<String>> ends = new HashMap<>();

    RecordDesk(Setup setup, Edges edges, Inbox inbox) {
        this.setup = setup;
        this.fs = edges.fs();
        this.filer = edges.filer();
        this.inbox = inbox;
        writer = new RecordWriter(setup, fs);
    }

    private record Steps(JobDir dir, List<HistoryState> states) {}

    /**
     * Hands over what was done, a moment after: a job that ends within that time is looked at and written down once, not twice.
     *
     * @param now the monotonic clock
     */
    void submit(JobBook jobs, long now) {
        writer.largest(setup.settings().historySize());
        List<Steps> steps = new ArrayList<>();
        for (Job job : jobs.all()) {
            if (job.phase == Job.Phase.FILING) {
                job.noteClaim();
                job.unrecorded.forEach(state -> ending(job.dir.id()).add(state));
                job.unrecorded.clear();
            } else if (!job.unrecorded.isEmpty()) {
                steps.add(new Steps(job.dir, job.unrecorded));
            }
        }
        if (steps.isEmpty()) {
            due = Engine.NEVER;
        } else if (due == Engine.NEVER) {
            due = now + MOMENT;
        } else if (now - due >= 0) {
            hand(steps);
        }
    }

    private void hand(List<Steps> steps) {
        List<Steps> copy = steps.stream()
                .map(one -> new Steps(one.dir(), List.copyOf(one.states())))
                .toList();
        steps.forEach(one -> one.states().clear());
        due = Engine.NEVER;
        filer.execute(() -> write(copy));
    }

    /** When to submit again; {@link Engine#NEVER} when there is nothing to write. */
    long nextDue() {
        return due;
    }

    /** The watcher leaves: nothing waits any longer. */
    void flush(JobBook jobs, long now) {
        submit(jobs, now);
        if (due != Engine.NEVER) {
            due = now;
            submit(jobs, now);
        }
    }

    private List<HistoryState> ending(JobId id) {
        return starts.computeIfAbsent(id, job -> new CopyOnWriteArrayList<>());
    }

    /** On the filer's thread, before the job is moved: as soon as it is filed, somebody may delete it. */
    void readEnd(Filing.Ended job) {
        try {
            ends.put(job.dir().id(), read(new Steps(job.dir(), states(job)), fs));
        } catch (IOException e) {
            // Where only the fsync of its last place had failed, it lies there already, and was read the first time.
            ends.putIfAbsent(job.dir().id(), List.of());
        }
    }

    /** On the filer's thread: what was just filed. */
    void writeEnds(List<Filing.Outcome> outcomes) {
        for (Filing.Outcome outcome : outcomes) {
            if (outcome.error().isEmpty()) {
                Filing.Ended job = outcome.job();
                List<String> lines = ends.remove(job.dir().id());
                if (lines == null || lines.isEmpty()) {
                    add(new Steps(lastPlace(job), states(job)));
                } else {
                    writer.add(lines);
                }
                starts.remove(job.dir().id());
            }
        }
        writer.write();
    }

    private JobDir lastPlace(Filing.Ended job) {
        Where end = job.isDone() ? Where.DONE : Where.FAILED;
        JobId id = job.dir().id();
        return new JobDir(end.in(setup.spool().places()).resolve(id.toString()), id);
    }

    private List<HistoryState> states(Filing.Ended job) {
        List<HistoryState> states =
                new ArrayList<>(starts.getOrDefault(job.dir().id(), List.of()));
        states.add(end(job));
        return states;
    }

    private static HistoryState end(Filing.Ended job) {
        return job.isDone() ? HistoryState.DONE : HistoryState.FAILED;
    }

    private static List<String> read(Steps steps, Fs fs) throws IOException {
        return HistoryLines.read(steps.dir(), steps.states(), fs);
    }

    private void write(List<Steps> all) {
        try {
            all.forEach(this::add);
            writer.write();
        } catch (Error e) {
            inbox.put(new Inbox.Broken(e));
            throw e;
        }
    }

    /** It may have been filed together with others before this was come to. */
    private Steps whereItIs(Steps steps) throws IOException {
        JobId id = steps.dir().id();
        for (Where where : List.of(Where.RUNNING, Where.DONE, Where.FAILED)) {
            Path place = where.in(setup.spool().places()).resolve(id.toString());
            if (fs.look(place).isPresent()) {
                return new Steps(new JobDir(place, id), steps.states());
            }
        }
        return steps;
    }

    private void add(Steps steps) {
        try {
            writer.add(read(whereItIs(steps), fs));
        } catch (IOException e) {
            setup.say("attention " + steps.dir().id().shortName() + ": the record lacks a line of it, as "
                    + steps.dir().path() + " cannot be read: " + e.getMessage());
        }
    }
}
