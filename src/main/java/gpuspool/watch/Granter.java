package gpuspool.watch;

import gpuspool.gpu.CardVariables;
import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.job.Foreground;
import gpuspool.job.JobSpec;
import gpuspool.job.Pin;
import gpuspool.posix.FileFacts;
import gpuspool.posix.Lock;
import gpuspool.spool.Fs;
import gpuspool.spool.Grant;
import gpuspool.spool.HistoryState;
import gpuspool.spool.LockNames;
import gpuspool.spool.Mark;
import gpuspool.spool.StatusFile;
import gpuspool.spool.Times;
import gpuspool.supervise.JobEnvironment;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/** Gives cards to a process that is there already, and notices when that has them; {@code spool-layout.md}, section 13. */
final class Granter {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final String MEMORY = "GPUSPOOL_GPU_MEM";

    private final Setup setup;
    private final Edges edges;
    private final Fs fs;
    private final CardDesk desk;

    Granter(Setup setup, Edges edges, CardDesk desk) {
        this.setup = setup;
        this.edges = edges;
        this.fs = edges.fs();
        this.desk = desk;
    }

    /** Grants a durable claim its cards: from here on whoever has its job lock goes by the tree. */
    void grant(Job job) throws IOException {
        Foreground process = job.foreground.orElseThrow();
        List<Device> cards = desk.describe(job.cards.keySet());
        Pin pin = job.wish().pin().orElse(setup.settings().gpus().pin());
        grantOf(job, cards, pin).write(job.dir, fs);
        job.grantedNanos = OptionalLong.of(edges.clocks().nanos());
        job.cardLocks().forEach(Lock::close);
        job.cards.replaceAll((card, lock) -> Optional.empty());
        job.closeJobLock();
        job.phase = Job.Phase.GRANTED;
        job.waits = "";
        setup.say("granted " + job.name() + (job.cards.isEmpty() ? " without GPU" : " " + desk.onCards(job))
                + " to process " + process.pid() + ": " + job.command);
        // It may be gone by now, which is told at once, and judged then.
        job.watched = true;
        job.sleeping = true;
        for (Foreground.Owner owner : process.untilTaken()) {
            edges.exits().watch(owner.pid());
        }
    }

    private Grant grantOf(Job job, List<Device> cards, Pin pin) {
        JobSpec spec = job.spec.orElseThrow();
        StatusFile facts = StatusFile.parse(desk.facts(job.cards.keySet()).bytes());
        Map<String, String> told = desk.variables(job.cards.keySet(), job.memory, pin);
        List<String> unset = new ArrayList<>(CardVariables.hidden(desk.vendor()));
        if (job.memory.isEmpty()) {
            // It may have been called by a job that shares its cards.
            unset.add(MEMORY);
        }
        Map<String, String> environment =
                JobEnvironment.told(job.dir.id(), job.dir.path(), job.cookie, told, spec.env());
        unset.removeAll(environment.keySet());
        return new Grant(
                job.dir.id().toString(),
                edges.locks().path(),
                locks(job),
                cards.stream().map(Device::id).map(GpuId::word).toList(),
                facts.words("indices"),
                environment,
                unset);
    }

    private List<Grant.Wanted> locks(Job job) {
        String spoolId = setup.spool().id();
        List<Grant.Wanted> locks = new ArrayList<>();
        for (GpuId card : new TreeSet<>(job.cards.keySet())) {
            locks.add(new Grant.Wanted(card.lockName(spoolId), job.memory.isPresent()));
        }
        locks.add(new Grant.Wanted(LockNames.job(spoolId, job.dir.id()), false));
        return locks;
    }

    /** Looks whether its process has taken what it was granted, where that was not seen before. */
    void look(Job job) throws IOException {
        boolean open = job.phase == Job.Phase.GRANTED || job.phase == Job.Phase.LIVE;
        if (job.foreground.isEmpty() || !open || job.taken.isPresent()) {
            return;
        }
        Optional<FileFacts> mark = fs.look(job.dir.file(Mark.FOREGROUND));
        if (mark.isPresent()) {
            taken(job, mark.get().changed().toInstant());
        }
    }

    private void taken(Job job, Instant renamed) throws IOException {
        long millis = millisSince(job, renamed);
        job.taken = OptionalLong.of(edges.clocks().uptimeMillis() - millis);
        job.startedAt = job.taken;
        job.since = Optional.of(edges.clocks().calendar().instant().minusMillis(millis));
        job.spawnedNanos = OptionalLong.of(edges.clocks().nanos() - millis * NANOS_PER_MILLI);
        job.phase = Job.Phase.LIVE;
        job.unrecorded.add(HistoryState.RUNNING);
        Foreground process = job.foreground.orElseThrow();
        setup.say("launch " + job.name() + (job.cards.isEmpty() ? " without GPU" : " on " + desk.onCards(job))
                + " in the foreground, process " + process.pid() + ": " + job.command);
        setup.news().started(job.dir.id(), desk.labels(job.cards.keySet()), job.since.get());
        try {
            job.dir.append(
                    fs,
                    new StatusFile.Lines()
                            .add("pid", process.pid())
                            .add("pid_start", process.start())
                            .add(StatusFile.TAKEN, job.taken.getAsLong())
                            .add("started", Times.format(job.since.get())));
        } catch (IOException e) {
            // It runs, and nothing but its time and what is shown of it rests on this.
            setup.say(
                    "attention " + job.name() + ": since when it runs could not be noted in status: " + e.getMessage());
        }
    }

    /** By the calendar, but never longer ago than we know: where a watcher before us granted it, it counts from now. */
    private long millisSince(Job job, Instant renamed) {
        if (job.grantedNanos.isEmpty()) {
            return 0;
        }
        long most = (edges.clocks().nanos() - job.grantedNanos.getAsLong()) / NANOS_PER_MILLI;
        long told = edges.clocks().calendar().millis() - renamed.toEpochMilli();
        return Math.max(0, Math.min(told, most));
    }
}
