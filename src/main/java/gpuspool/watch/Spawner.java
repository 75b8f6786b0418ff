package gpuspool.watch;

import gpuspool.gpu.CardVariables;
import gpuspool.job.Ending;
import gpuspool.job.JobSpec;
import gpuspool.job.Pin;
import gpuspool.posix.Errno;
import gpuspool.posix.Lock;
import gpuspool.posix.PosixException;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.Fs;
import gpuspool.spool.HistoryState;
import gpuspool.spool.JobDir;
import gpuspool.spool.StatusFile;
import gpuspool.supervise.Launcher;
import gpuspool.supervise.SlurmVariables;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Step 5 of {@code spool-layout.md}, section 3: from an armed job to its supervisor. */
final class Spawner {
    private final Setup setup;
    private final Edges edges;
    private final Fs fs;
    private final Verdicts verdicts;
    private final CardDesk desk;

    Spawner(Setup setup, Edges edges, Verdicts verdicts, CardDesk desk) {
        this.desk = desk;
        this.setup = setup;
        this.edges = edges;
        this.fs = edges.fs();
        this.verdicts = verdicts;
    }

    /** Spawns an armed, durable job; on an error nothing runs and it stays ARMED for another try. */
    void spawn(Job job) throws IOException {
        JobSpec spec = job.spec.orElseThrow();
        List<String> command = new ArrayList<>(spec.interpreter());
        command.add(job.dir.file(JobDir.SCRIPT).toString());
        List<Lock> locks = new ArrayList<>(List.of(job.jobLock.orElseThrow()));
        locks.addAll(job.cardLocks());
        int pid;
        try {
            pid = edges.launcher()
                    .launch(new Launcher.Launch(
                            job.dir,
                            job.logs.split(),
                            job.logs.files(),
                            job.cwd.toString(),
                            command,
                            environment(job, spec),
                            locks));
        } catch (PosixException e) {
            notSpawned(job, e);
            return;
        }
        job.spawnedNanos = OptionalLong.of(edges.clocks().nanos());
        job.since = Optional.of(edges.clocks().calendar().instant());
        job.closeJobLock();
        job.phase = Job.Phase.LIVE;
        job.supervisor = OptionalInt.of(pid);
        // Asked for before anything else can fail: without it nobody would notice the job's end.
        job.wakeAt(edges.clocks().nanos() + Duration.ofSeconds(1).toNanos());
        edges.exits().watch(pid);
        job.sleeping = true;
        job.unrecorded.add(HistoryState.RUNNING);
        setup.say("launch " + job.name() + (job.cards.isEmpty() ? " without GPU: " : " on " + desk.onCards(job) + ": ")
                + job.command);
        setup.news().started(job.dir.id(), desk.labels(job.cards.keySet()), job.since.get());
        try {
            record(job, pid);
        } catch (IOException e) {
            // It runs; the mark holds its supervisor's words too.
            setup.say("attention " + job.name() + ": its process id could not be noted in status: " + e.getMessage());
        }
    }

    private void record(Job job, int pid) throws IOException {
        StatusFile.Lines lines = new StatusFile.Lines().add("pid", pid);
        OptionalLong ticks = ProcFiles.startTicks(pid);
        ticks.ifPresent(start -> {
            lines.add("pid_start", start);
            job.startedAt = OptionalLong.of(ProcFiles.ticksToMillis(start));
        });
        job.dir.append(fs, lines.add("started", edges.clocks().stamp()));
    }

    private void notSpawned(Job job, PosixException e) throws IOException {
        if (e.errno() == Errno.EEXIST) {
            // The start mark is there already: somebody started it. Only a new look may say what it is now.
            job.dropCards();
            job.closeJobLock();
            verdicts.judge(job);
            return;
        }
        verdicts.judge(job);
        if (e.errno() == Errno.E2BIG) {
            verdicts.writeReason(
                    job,
                    List.of(job.droppedName + ":1:1: " + e.getMessage()
                            + "; its command and environment are too large together: put the text into a file"));
            job.ending = Optional.of(new Ending.NotStarted());
            job.phase = Job.Phase.FILING;
            return;
        }
        throw e;
    }

    private List<String> environment(Job job, JobSpec spec) {
        Pin pin = spec.cards().pin().orElse(setup.settings().gpus().pin());
        Map<String, String> cards = desk.variables(job.cards.keySet(), job.memory, pin);
        Map<String, String> told = new TreeMap<>(cards);
        spec.slurm()
                .ifPresent(slurm -> told.putAll(SlurmVariables.of(
                        slurm,
                        job.dir.id(),
                        job.cookie,
                        job.cwd,
                        job.cards.size(),
                        cards.getOrDefault("GPUSPOOL_GPUS", ""))));
        spec.member().ifPresent(member -> told.putAll(member.environment()));
        return setup.environment()
                .without(setup.settings().dropEnv())
                .without(CardVariables.hidden(desk.vendor()))
                .without(spec.slurm().isPresent() ? List.of(SlurmVariables.ALL) : List.of())
                .of(job.dir.id(), job.dir.path(), job.cookie, told, spec.env());
    }
}
