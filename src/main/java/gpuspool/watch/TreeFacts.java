package gpuspool.watch;

import gpuspool.gpu.GpuId;
import gpuspool.job.Ending;
import gpuspool.job.Foreground;
import gpuspool.plan.Found;
import gpuspool.posix.JobProcess;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.JobDir;
import gpuspool.spool.Lineage;
import gpuspool.spool.Mark;
import gpuspool.spool.StatusFile;
import gpuspool.spool.Times;
import gpuspool.supervise.JobProcesses;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What a job directory tells of its job, checked against the processes that live now. */
final class TreeFacts {
    private static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

    private final Edges edges;
    private final Durable durable;

    TreeFacts(Edges edges, Durable durable) {
        this.edges = edges;
        this.durable = durable;
    }

    /** Takes over what the tree says of the job. */
    void learn(Job job, JobDir.Contents contents) {
        StatusFile status = contents.status();
        job.droppedName = contents.droppedName().orElse("");
        Times.parse(status.get("queued").orElse(""))
                .ifPresent(millis -> job.queued = Optional.of(Instant.ofEpochMilli(millis)));
        status.owner().ifPresent(uid -> job.owner = uid);
        job.group = status.get(StatusFile.GROUP).orElse("");
        job.member = (int) status.number(StatusFile.MEMBER).orElse(0);
        job.cookie = status.get("cookie").orElse(JobProcesses.NO_COOKIE);
        job.durability = status.get("durability").orElse("");
        job.command = status.get("command").orElse(job.command);
        status.number("time").ifPresent(millis -> job.time = Optional.of(Duration.ofMillis(millis)));
        job.memory = status.number("gpu_mem");
        job.foreground = Foreground.recorded(job.dir.id().host(), status.words(StatusFile.FOREGROUND));
        job.grace = Duration.ofMillis(status.number("grace").orElse(DEFAULT_GRACE.toMillis()));
        job.runs = Lineage.runs(status);
        // In memory alone where it could not be written down.
        job.signalled |= status.get("signalled").isPresent();
        job.tells = status.get("notify").isPresent();
        job.attempt = Lineage.attempt(status);
        // Decided in memory alone where it could not be written down.
        job.decided = status.get("ending").flatMap(Ending::parse).or(() -> job.decided);
        job.ofThisBoot = isOfThisBoot(status);
        job.jobPid = contents.mark().jobPid();
        job.jobPidWritten = status.get("job_pid").isPresent();
        if (job.ofThisBoot) {
            noteStart(job, status);
            job.since = status.get("started")
                    .map(Times::parse)
                    .filter(OptionalLong::isPresent)
                    .map(millis -> Instant.ofEpochMilli(millis.getAsLong()));
            noteCards(job, status);
            noteSession(job, contents.mark());
        }
    }

    /** A process that was there already started long before it had its cards. */
    private static void noteStart(Job job, StatusFile status) {
        OptionalLong ticks = status.number("pid_start");
        if (job.foreground.isPresent()) {
            job.taken = status.number(StatusFile.TAKEN);
            job.startedAt = job.taken;
        } else if (ticks.isPresent()) {
            job.startedAt = OptionalLong.of(ProcFiles.ticksToMillis(ticks.getAsLong()));
        }
    }

    /**
     * Has its end told, and says whether it lives; until the cards are taken over, also of whoever asked for it.
     *
     * @param taken whether they are
     */
    boolean watchForeground(Job job, boolean taken) throws IOException {
        List<Foreground.Owner> owners = owners(job.foreground.orElseThrow(), taken);
        for (Foreground.Owner owner : owners) {
            edges.exits().watch(owner.pid());
        }
        return live(owners);
    }

    private static List<Foreground.Owner> owners(Foreground process, boolean taken) {
        List<Foreground.Owner> all = process.untilTaken();
        return taken ? all.subList(0, 1) : all;
    }

    private boolean live(List<Foreground.Owner> owners) throws IOException {
        for (Foreground.Owner owner : owners) {
            if (edges.processes().process(owner.pid(), owner.start()).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /**
     * Only while its supervisor is known to have lived under our eyes: that number, found in a file, may be the session of a
     * stranger by now, and whatever is in the job's session is killed in the end.
     */
    private static void noteSession(Job job, Mark mark) {
        job.session = job.supervisor.isPresent() ? mark.jobPid().orElse(job.session) : 0;
    }

    private void noteCards(Job job, StatusFile status) {
        for (String word : status.get("devices").orElse("").split(" ")) {
            GpuId.parse(word).ifPresent(card -> job.cards.putIfAbsent(card, Optional.empty()));
        }
    }

    /** By its process id and the cookie in its environment, which no stranger with a reused id can have. */
    void findSupervisor(Job job, JobDir.Contents contents) throws IOException {
        OptionalLong told = contents.status().number("pid");
        OptionalInt pid = told.isPresent()
                ? OptionalInt.of((int) told.getAsLong())
                : contents.mark().pid();
        job.supervisor = OptionalInt.empty();
        if (pid.isEmpty()) {
            return;
        }
        for (JobProcess process : processes(job).living()) {
            if (process.pid() == pid.getAsInt()) {
                job.supervisor = pid;
                job.startedAt = OptionalLong.of(ProcFiles.ticksToMillis(process.startTicks()));
                noteSession(job, contents.mark());
                edges.exits().watch(pid.getAsInt());
            }
        }
    }

    JobProcesses processes(Job job) {
        return new JobProcesses(job.cookie, job.session, job.lockName, edges.processes());
    }

    private boolean isOfThisBoot(StatusFile status) {
        return status.get("boot").orElse("").equals(edges.bootId());
    }

    private boolean isAlive(Job job, Mark mark) throws IOException {
        if (mark.kind() == Mark.Kind.TOKEN || mark.kind() == Mark.Kind.FOREGROUND) {
            boolean taken = mark.kind() == Mark.Kind.FOREGROUND;
            return job.foreground.isPresent() && live(owners(job.foreground.get(), taken));
        }
        return mark.begun() && !processes(job).living().isEmpty();
    }

    /** For the table of verdicts. */
    Found found(Job job, JobDir.Contents contents) throws IOException {
        Mark mark = contents.mark();
        StatusFile status = contents.status();
        boolean sameBoot = isOfThisBoot(status);
        boolean alive = sameBoot && mark.exitCode().isEmpty() && isAlive(job, mark);
        return new Found(
                Found.MarkKind.valueOf(mark.kind().name()),
                mark.exitCode(),
                mark.begun(),
                contents.droppedName().isPresent(),
                contents.startMark().isPresent(),
                sameBoot,
                !sameBoot && durable.mayLackTraces(status.get("durability").orElse("")),
                // Without the line there is no dropped file either: the write of `status` itself was cut short.
                status.get("lockdir").map(edges.locks().id()::equals).orElse(true),
                alive,
                job.decided,
                status.get("ending").orElse("").equals("exited"),
                contents.again(),
                job.foreground.isPresent());
    }
}
