package gpuspool.watch;

import gpuspool.job.Again;
import gpuspool.job.Ending;
import gpuspool.job.Foreground;
import gpuspool.job.JobId;
import gpuspool.job.Runs;
import gpuspool.plan.Recovery;
import gpuspool.plan.Verdict;
import gpuspool.posix.FileFacts;
import gpuspool.posix.RawNames;
import gpuspool.posix.Spawn;
import gpuspool.spool.CopyGhost;
import gpuspool.spool.Escapes;
import gpuspool.spool.Fs;
import gpuspool.spool.JobDir;
import gpuspool.spool.LockNames;
import gpuspool.spool.Mark;
import gpuspool.spool.Removal;
import gpuspool.supervise.JobProcesses;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Forms and carries out the verdict on one job directory: only with its job lock in hand, from a listing made after the lock was
 * got ({@code spool-layout.md}, rule R4). Used at start-up, whenever a supervisor ends, and for whatever turns up in running/.
 */
final class Verdicts {
    /** Starts in which no shell began before a job is given up: what its environment holds is no passing trouble. */
    private static final int MOST_STARTS = 3;

    private final Setup setup;
    private final Edges edges;
    private final Fs fs;
    private final CardBook cards;
    private final TreeFacts facts;

    Verdicts(Setup setup, Edges edges, CardBook cards, Durable durable) {
        this.setup = setup;
        this.edges = edges;
        this.fs = edges.fs();
        this.cards = cards;
        facts = new TreeFacts(edges, durable);
    }

    /** A directory that is not in the books yet. */
    Job newJob(JobId id) {
        JobDir dir = new JobDir(setup.spool().places().running().resolve(id.toString()), id);
        return new Job(dir, LockNames.job(setup.spool().id(), id));
    }

    /** Judges the job by what is found now and sets its phase. */
    void judge(Job job) throws IOException {
        if (job.jobLock.isEmpty()) {
            job.jobLock = edges.locks().tryLock(job.lockName);
        }
        if (job.jobLock.isEmpty()) {
            adopt(job);
            return;
        }
        if (fs.look(job.dir.path()).isEmpty()) {
            vanished(job);
            return;
        }
        JobDir.Contents contents = job.dir.look(fs);
        facts.learn(job, contents);
        carryOut(job, contents, Recovery.judge(facts.found(job, contents)));
    }

    /** Somebody holds its lock: something of it lives. Only its supervisor's own words may say more. */
    private void adopt(Job job) throws IOException {
        Optional<JobDir.Contents> contents = lookUnlocked(job);
        if (contents.isEmpty()) {
            vanished(job);
            return;
        }
        facts.learn(job, contents.get());
        if (job.foreground.isPresent()) {
            adoptForeground(job, contents.get().mark().kind());
            return;
        }
        facts.findSupervisor(job, contents.get());
        boolean supervisorGone =
                job.supervisor.isEmpty() && contents.get().mark().pid().isPresent();
        job.code = contents.get().mark().exitCode();
        if (job.code.isPresent() && supervisorGone) {
            // The ending is written, yet the lock is held: by what the job left behind. Sweep first, judge then.
            job.phase = Job.Phase.SWEEPING;
        } else {
            job.phase = Job.Phase.LIVE;
            job.waits = job.supervisor.isEmpty() && contents.get().mark().begun()
                    ? "its supervisor is gone, its processes live on"
                    : "";
        }
    }

    /** Its process has its cards, or is about to; or what that left behind has them. */
    private void adoptForeground(Job job, Mark.Kind mark) throws IOException {
        job.watched = facts.watchForeground(job, mark == Mark.Kind.FOREGROUND);
        job.phase = mark == Mark.Kind.TOKEN ? Job.Phase.GRANTED : Job.Phase.LIVE;
        job.waits = job.watched
                ? ""
                : "its process " + job.foreground.orElseThrow().pid() + " has ended, what it started has its cards";
    }

    /** Whether the process lives that its cards are for; its end will be told. */
    boolean foregroundLives(Job job) throws IOException {
        return facts.watchForeground(job, false);
    }

    /** Why a job is cancelled whose process is gone. */
    static String deserted(Job job) {
        Foreground process = job.foreground.orElseThrow();
        return "its process " + process.pid()
                + process.asker()
                        .map(asker -> ", or process " + asker.pid() + ", which asked for it,")
                        .orElse("")
                + " ended before it had taken its cards";
    }

    /** Filed by another watcher between our listing and our lock, or taken away by somebody's hand. */
    private void vanished(Job job) {
        if (job.supervisor.isPresent()) {
            setup.say(
                    "attention " + job.name() + ": its directory is gone from running/, moved or removed by somebody; "
                            + "how it ended is not recorded");
        }
        job.forget();
    }

    private Optional<JobDir.Contents> lookUnlocked(Job job) throws IOException {
        try {
            return Optional.of(job.dir.look(fs));
        } catch (IOException e) {
            if (fs.look(job.dir.path()).isEmpty()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    JobProcesses processes(Job job) {
        return facts.processes(job);
    }

    private void carryOut(Job job, JobDir.Contents contents, Verdict verdict) throws IOException {
        job.waits = verdict instanceof Verdict.HandsOff ? job.waits : "";
        if (!job.ofThisBoot) {
            layGhost(job, contents);
            layGhostOfCopy(job, contents);
        }
        if (verdict instanceof Verdict.Ended ended) {
            // Where it ended while nobody looked, it may be a child of ours all the same.
            contents.mark().pid().ifPresent(Spawn::reap);
            job.ending = Optional.of(ended.ending());
            job.code = ended.code();
            job.again = ended.again();
            job.undecided = ended.undecided();
            job.handedOn = contents.again() == Again.HANDED;
            job.phase = Job.Phase.SWEEPING;
            boolean deserted = contents.mark().kind() == Mark.Kind.TOKEN
                    && job.foreground.isPresent()
                    && !contents.has(JobDir.CANCEL);
            if (deserted && job.decided.isEmpty()) {
                writeReason(job, List.of(deserted(job)));
            }
            if (!job.ofThisBoot && ended.code().isPresent()) {
                writeReason(
                        job,
                        List.of("the machine went down after it had ended and before that was filed: its output may be"
                                + " cut short"));
            }
            boolean untold = contents.again() == Again.NOT_ASKED && !ended.undecided();
            if (untold && job.runs.onInterrupt() == Runs.OnInterrupt.REQUEUE) {
                writeReason(
                        job,
                        List.of("the machine went down, and with durability = \"fast\" nobody can tell whether it was"
                                + " queued again already: if it is not there, run it again (gpuspool retry)"));
            }
            if (contents.again().isOpen() && !ended.again()) {
                writeReason(
                        job,
                        List.of(
                                "the machine went down while it was on its way back into the queue, and with durability ="
                                        + " \"fast\" nobody can tell how far it had come: if it is not there, run it again"
                                        + " (gpuspool retry)"));
            }
        } else if (verdict instanceof Verdict.LostClaim) {
            Removal.ofLostClaim(setup.spool().places(), job.dir.path(), fs);
            job.forget();
        } else if (verdict instanceof Verdict.NotStarted) {
            job.dropCards();
            job.spec = Optional.empty();
            job.phase = Job.Phase.CLAIMED;
        } else if (verdict instanceof Verdict.StartAgain again) {
            job.dropCards();
            boolean oftenEnough = again.aside() && putAside(job, contents) >= MOST_STARTS;
            // Its process id is the first thing a shell writes.
            if (oftenEnough && contents.mark().pid().isEmpty()) {
                giveUp(job);
            } else {
                job.phase = Job.Phase.ARMED;
            }
        } else if (verdict instanceof Verdict.StillRunning) {
            cards.lockAgain(job);
            if (job.foreground.isPresent()) {
                job.watched = facts.watchForeground(job, true);
            } else {
                facts.findSupervisor(job, contents);
            }
            job.phase = Job.Phase.LIVE;
        } else if (verdict instanceof Verdict.OpenGroup) {
            job.phase = Job.Phase.GROUP;
        } else if (verdict instanceof Verdict.HandsOff handsOff) {
            setAside(job, handsOff.what());
        }
    }

    /** Says how many starts that came to nothing there are by now. */
    private int putAside(Job job, JobDir.Contents contents) throws IOException {
        String startMark = contents.startMark().orElseThrow();
        int k = 1;
        while (contents.has(JobDir.UNSPAWNED + k)) {
            k++;
        }
        fs.rename(job.dir.file(startMark), job.dir.file(JobDir.UNSPAWNED + k));
        return k;
    }

    /** No shell can begin in its environment: it would be tried for ever. */
    private void giveUp(Job job) throws IOException {
        byte[] mark = fs.read(job.dir.file(Mark.STARTED), Mark.ROOM);
        String said = Escapes.escape(new String(mark, StandardCharsets.UTF_8).strip());
        writeReason(
                job,
                List.of(
                        "/bin/sh, its supervisor, could not begin in " + MOST_STARTS + " starts"
                                + (said.isEmpty() ? "" : "; it said: " + said),
                        "look at what the job file sets in env, such as LD_LIBRARY_PATH or LD_PRELOAD"));
        job.ending = Optional.of(new Ending.NotStarted());
        job.phase = Job.Phase.FILING;
    }

    /** Leaves the directory to an operator. */
    void setAside(Job job, String what) throws IOException {
        String before = job.waits;
        job.phase = Job.Phase.SET_ASIDE;
        job.waits = "needs attention: " + what;
        job.closeJobLock();
        if (job.waits.equals(before)) {
            return;
        }
        writeReason(job, List.of(job.waits));
        setup.say("attention " + job.name() + ": " + what + ". Nothing was done to running/" + job.dir.id()
                + "; move the directory to failed/ when you have looked at it");
    }

    void writeReason(Job job, List<String> lines) throws IOException {
        String text = String.join("\n", lines) + "\n";
        fs.overwrite(job.dir.file(JobDir.REASON), text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * After a power cut a file may have its name in incoming/ again although it was claimed. It is the same inode: taken out of
     * the queue before its directory is dealt with, so that it cannot run a second time.
     */
    private void layGhost(Job job, JobDir.Contents contents) throws IOException {
        if (contents.droppedName().isEmpty()) {
            return;
        }
        Path own = job.dir.file(contents.droppedName().get());
        Path ghost = RawNames.resolve(
                setup.spool().places().incoming(), contents.droppedName().get());
        Optional<String> ownIdentity = fs.look(own).map(FileFacts::identity);
        if (fs.look(ghost).map(FileFacts::identity).equals(ownIdentity) && ownIdentity.isPresent()) {
            Removal.ofGhost(setup.spool().places(), ghost, fs);
            setup.say("removed incoming/" + ghost.getFileName() + ": the power cut had left a second name of running/"
                    + job.dir.id() + "/" + ghost.getFileName());
        }
    }

    /** The same of a copy that was on its way back into the queue: had it arrived, it is handed over. */
    private void layGhostOfCopy(Job job, JobDir.Contents contents) throws IOException {
        boolean laid = contents.has(JobDir.AGAIN) && CopyGhost.lay(setup.spool().places(), job.dir, contents, fs);
        if (laid) {
            setup.say("removed running/" + job.dir.id() + "/" + JobDir.AGAIN
                    + ": the power cut had left a second name of what was queued again");
        }
    }
}
