package gpuspool.watch;

import gpuspool.job.Again;
import gpuspool.job.Durations;
import gpuspool.job.EarlySignal;
import gpuspool.job.Ending;
import gpuspool.job.Foreground;
import gpuspool.plan.Retry;
import gpuspool.posix.JobProcess;
import gpuspool.posix.Lock;
import gpuspool.posix.Spawn;
import gpuspool.spool.Filing;
import gpuspool.spool.Fs;
import gpuspool.spool.JobDir;
import gpuspool.spool.Mark;
import gpuspool.spool.Requeue;
import gpuspool.spool.StatusFile;
import gpuspool.supervise.JobProcesses;
import gpuspool.supervise.Stopping;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Steps 7 and 8 of {@code spool-layout.md}, section 3, and stopping jobs: on request, when their time is over, or what they left. */
final class Ender {
    private final Setup setup;
    private final Edges edges;
    private final Fs fs;
    private final Verdicts verdicts;
    private final CardDesk desk;

    Ender(Setup setup, Edges edges, Verdicts verdicts, CardDesk desk) {
        this.desk = desk;
        this.setup = setup;
        this.edges = edges;
        this.fs = edges.fs();
        this.verdicts = verdicts;
    }

    /** Looks whether a job is to be stopped: somebody asked, or its time is over. */
    void checkStop(Job job, boolean stopAll) throws IOException {
        if (!isStoppable(job)) {
            return;
        }
        if (stopAll || fs.look(job.dir.file(JobDir.CANCEL)).isPresent()) {
            decide(job, new Ending.Cancelled());
        } else if (isOverTime(job)) {
            decide(job, new Ending.TimedOut());
        } else if (isTimeForSignal(job)) {
            signalEarly(job);
        }
    }

    private boolean isTimeForSignal(Job job) throws IOException {
        return !job.signalled
                && job.runs.signal().isPresent()
                && job.time.isPresent()
                && hasRunFor(job, job.time.get().minus(job.runs.signal().get().before()));
    }

    /** To all processes of its session, so that a script and what it runs get it; never twice, rather not at all. */
    private void signalEarly(Job job) throws IOException {
        List<JobProcess> processes = withoutSupervisor(job, living(job)).stream()
                .filter(process -> job.session == 0 || process.session() == job.session)
                .toList();
        if (processes.isEmpty()) {
            return;
        }
        EarlySignal signal = job.runs.signal().orElseThrow();
        job.signalled = true;
        try {
            job.dir.append(
                    fs, new StatusFile.Lines().add("signalled", edges.clocks().stamp()));
        } catch (IOException e) {
            // It may be this very job that has filled the disk, and it has little time left.
            setup.say("attention " + job.name() + ": could not write down that it gets " + signal.name()
                    + ", which another watcher may send again: " + e.getMessage());
        }
        for (JobProcess process : processes) {
            edges.processes().signal(process, signal.number());
        }
        setup.say("signalled " + job.name() + ": " + signal.name() + ", " + Durations.write(signal.before())
                + " before its time is over");
    }

    private static boolean isStoppable(Job job) {
        return job.decided.isEmpty()
                && (job.phase == Job.Phase.GRANTED
                        || job.phase == Job.Phase.LIVE
                        || job.phase == Job.Phase.CLAIMED
                        || job.phase == Job.Phase.ARMED);
    }

    /**
     * Stops a job and has it queued again: {@code spool-layout.md}, section 3.4. What asks for the second from here on is its
     * {@code status} alone.
     *
     * @param why for the log
     * @return whether that is decided now; if not, nothing is done to the job: it has ended or is being stopped already, or the
     *     decision could not be written down, which is said
     */
    boolean requeue(Job job, String why) throws IOException {
        // Nobody can run once more what somebody began at his terminal.
        if (job.foreground.isPresent()
                || !isStoppable(job)
                || job.dir.look(fs).mark().exitCode().isPresent()) {
            return false;
        }
        Ending ending = new Ending.Interrupted();
        try {
            job.dir.append(
                    fs,
                    new StatusFile.Lines()
                            .add(StatusFile.AGAIN, Again.WANTED.word())
                            .add("ending", ending.word()));
            fs.sync(job.dir.status());
        } catch (IOException e) {
            boolean written = job.dir.look(fs).again().isOpen();
            setup.say("attention " + job.name() + ": could not write down that it is to be queued again: "
                    + e.getMessage() + (written ? ". It is all the same" : ". So it runs on"));
            if (!written) {
                return false;
            }
        }
        job.decided = Optional.of(ending);
        job.again = true;
        setup.say("stopping " + job.name() + ": " + why + "; it is queued again");
        if (job.phase != Job.Phase.LIVE) {
            stopUnstarted(job, ending);
        }
        return true;
    }

    private static void stopUnstarted(Job job, Ending ending) {
        job.dropCards();
        job.ending = Optional.of(ending);
        job.endedWhole();
    }

    /** Notes the job's own process id once its supervisor has told it. */
    void notePid(Job job) {
        if (job.phase != Job.Phase.LIVE || job.jobPid.isPresent() || job.supervisor.isEmpty()) {
            return;
        }
        try {
            byte[] words = fs.read(job.dir.file(Mark.STARTED), Mark.LARGEST);
            job.jobPid = Mark.parse(List.of(Mark.STARTED), words).jobPid();
            if (job.jobPid.isPresent()) {
                job.session = job.jobPid.getAsInt();
                job.dir.append(fs, new StatusFile.Lines().add("job_pid", job.session));
                job.jobPidWritten = true;
            }
        } catch (IOException e) {
            // For show only, and written again when the job is filed; whoever judges the job meets the same trouble.
            job.jobPidWritten = false;
        }
    }

    private boolean isOverTime(Job job) throws IOException {
        return job.time.isPresent() && hasRunFor(job, job.time.get());
    }

    private boolean hasRunFor(Job job, Duration time) throws IOException {
        return job.phase == Job.Phase.LIVE
                && job.startedAt.isPresent()
                && edges.clocks().uptimeMillis() - job.startedAt.getAsLong() >= time.toMillis();
    }

    /** Writes the word down before anything is done about it, so that a watcher that comes after us knows. */
    private void decide(Job job, Ending ending) {
        try {
            job.dir.append(fs, new StatusFile.Lines().add("ending", ending.word()));
            fs.sync(job.dir.status());
        } catch (IOException e) {
            // It may be this very job that has filled the disk: it is stopped all the same.
            setup.say("attention " + job.name() + ": could not write down that it is being stopped (" + ending.word()
                    + "): " + e.getMessage());
        }
        job.decided = Optional.of(ending);
        if (job.phase == Job.Phase.CLAIMED || job.phase == Job.Phase.ARMED) {
            stopUnstarted(job, ending);
            return;
        }
        String why = ending instanceof Ending.TimedOut
                ? "its time of " + Durations.format(job.time.orElseThrow()) + " is over"
                : "cancelled";
        setup.say("stopping " + job.name() + ": " + why);
    }

    /** The next step of stopping a job that was cancelled or is out of time; its supervisor lives to record the code. */
    void stop(Job job, long now) throws IOException {
        JobProcesses processes = verdicts.processes(job);
        if (job.stopping.isEmpty()) {
            job.stopping = Optional.of(new Stopping(processes, () -> withoutSupervisor(job, living(job)), job.grace));
        }
        Stopping.Rest rest = job.stopping.get().step(now);
        showStuck(job, rest);
        job.wakeAt(now + (rest.isGone() ? Duration.ofSeconds(1) : rest.lookAgain()).toNanos());
    }

    /** Those that a job is stopped by: all it has, or the one process that somebody made himself. */
    private List<JobProcess> living(Job job) throws IOException {
        if (job.foreground.isEmpty()) {
            return verdicts.processes(job).living();
        }
        Foreground process = job.foreground.get();
        return edges.processes().process(process.pid(), process.start()).stream()
                .toList();
    }

    private static List<JobProcess> withoutSupervisor(Job job, List<JobProcess> living) {
        return living.stream()
                .filter(process -> job.supervisor.isEmpty() || process.pid() != job.supervisor.getAsInt())
                .toList();
    }

    /**
     * The next step of sweeping what an ended job left behind.
     *
     * @return whether nothing of it lives and its cards are free
     */
    boolean sweep(Job job, long now) throws IOException {
        JobProcesses processes = verdicts.processes(job);
        if (job.stopping.isEmpty()) {
            reap(job);
            job.stopping = Optional.of(new Stopping(processes, () -> leftovers(job, processes), job.grace));
        }
        Stopping.Rest rest = job.stopping.get().step(now);
        showStuck(job, rest);
        if (!rest.isGone()) {
            job.wakeAt(now + rest.lookAgain().toNanos());
            return false;
        }
        if (job.jobLock.isEmpty()) {
            // Judged anew, with the lock: what was seen before counts for nothing.
            verdicts.judge(job);
            if (job.phase != Job.Phase.SWEEPING) {
                return false;
            }
            if (job.jobLock.isEmpty()) {
                job.waits = "ended, but a process that cannot be seen from here still holds its lock";
                job.wakeAt(now + Duration.ofSeconds(1).toNanos());
                return false;
            }
        }
        job.waits = "";
        job.stopping = Optional.empty();
        followUp(job);
        job.endedWhole();
        job.wakeAt(now);
        return true;
    }

    /** Whether another run follows, by what its status says of it; written down by whoever queues it again. */
    private void followUp(Job job) throws IOException {
        if (!job.undecided) {
            return;
        }
        Ending ending = job.ending.orElseThrow();
        boolean cancelled = fs.look(job.dir.file(JobDir.CANCEL)).isPresent();
        Retry.Decision decision = Retry.decide(job.runs, job.attempt, ending, cancelled);
        if (decision.again().isPresent()) {
            job.again = true;
            job.wanted = Optional.of(
                    new Requeue.Wanted(ending, job.code, decision.again().get(), decision.why()));
        } else if (!decision.why().isEmpty()) {
            verdicts.writeReason(job, List.of(decision.why()));
        }
    }

    /** Known by session or cookie; and, while the lock is not to be had, whoever holds it. */
    private List<JobProcess> leftovers(Job job, JobProcesses processes) throws IOException {
        if (job.foreground.isPresent()) {
            // What somebody began at his terminal is his: a server that he started there lives on.
            return List.of();
        }
        List<JobProcess> living = processes.living();
        if (!living.isEmpty() || job.jobLock.isPresent()) {
            return living;
        }
        Optional<Lock> lock = edges.locks().tryLock(job.lockName);
        lock.ifPresent(Lock::close);
        return lock.isPresent() ? living : processes.lockHolders();
    }

    /** Its supervisor ended before the job's first instruction: what kept it from that may well keep the next one. */
    void startFellThrough(Job job, long again) {
        reap(job);
        job.supervisor = OptionalInt.empty();
        job.spec = Optional.empty();
        job.waits = "its supervisor ended before the job began (killed, or no more processes allowed: ulimit -u);"
                + " tried again every 10 s";
        job.wakeAt(again);
        setup.say("attention " + job.name() + ": " + job.waits);
    }

    private static void reap(Job job) {
        job.supervisor.ifPresent(Spawn::reap);
    }

    private void showStuck(Job job, Stopping.Rest rest) throws IOException {
        if (!rest.stuck()) {
            return;
        }
        JobProcess first = rest.alive().get(0);
        String why = "process " + first.pid() + " (" + first.name() + ", state " + first.state()
                + ") survived SIGKILL; its cards are kept until it is gone";
        if (!why.equals(job.waits)) {
            job.waits = why;
            verdicts.writeReason(job, List.of(why));
            setup.say("attention " + job.name() + ": " + why);
        }
    }

    /** What is filed, and says so. */
    Filing.Ended filed(Job job) throws IOException {
        Optional<Duration> elapsed = job.ranFor.isPresent() ? job.ranFor : job.runsFor(edges.clocks());
        Ending ending = job.ending.orElseThrow();
        job.filingSubmitted = true;
        return new Filing.Ended(job.dir, ending, job.code, job.unwrittenPid(), elapsed, job.jobLock.orElseThrow());
    }

    /** The line that tells the end; said before the cards are given back. */
    void announce(Job job) throws IOException {
        job.ranFor = job.runsFor(edges.clocks());
        Ending ending = job.ending.orElseThrow();
        String how = job.code.isPresent() && !(ending instanceof Ending.Exited)
                ? ending.word() + " (" + new Ending.Exited(job.code.getAsInt()).describe() + ")"
                : ending.describe();
        setup.say("finished " + job.name() + " (" + desk.onCards(job) + ") " + how
                + job.ranFor.map(time -> " after " + Durations.format(time)).orElse(""));
    }
}
