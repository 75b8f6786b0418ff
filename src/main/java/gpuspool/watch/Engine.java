package gpuspool.watch;

import gpuspool.gpu.GpuId;
import gpuspool.job.JobId;
import gpuspool.plan.Placement;
import gpuspool.posix.Lock;
import gpuspool.spool.Claims;
import gpuspool.spool.Filing;
import gpuspool.spool.Numbers;
import gpuspool.spool.Removal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The watcher's one thread of decisions: observe, plan, perform, and again. It never waits; {@link #turn} does everything that is
 * due and tells when the next thing will be. All it knows can be read off the tree again, so it may be killed anywhere.
 */
final class Engine {
    static final long NEVER = Long.MAX_VALUE;

    /** Starts that share one batch of fsyncs. */
    private static final int MOST_STARTS = 16;

    private static final int READS_PER_TURN = 200;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long RECONCILE = Duration.ofSeconds(60).toNanos();
    private static final long AFTER_TROUBLE = Duration.ofSeconds(10).toNanos();

    private final Setup setup;
    private final Edges edges;
    private final Inbox inbox;
    private final Map<JobId, Job> jobs = new TreeMap<>(java.util.Comparator.comparing(JobId::toString));
    private final Intake intake;
    private final CardBook cards;
    private final Verdicts verdicts;
    private final Starter starter;
    private final Ender ender;
    private final Filing filing;
    private final BlockingQueue<Filing.Ended> toFile = new LinkedBlockingQueue<>();
    private final Numbers numbers;

    private long nextScan;
    private long nextChecks;
    private long troubleUntil;
    private boolean inTrouble;
    private boolean paused;
    private boolean stopAll;
    private Optional<Placement.Request> blocked = Optional.empty();
    /** Whether the last round stopped at its limit rather than at the end of the queue. */
    private boolean moreToStart;

    Engine(Setup setup, Edges edges, Inbox inbox) {
        this.setup = setup;
        this.edges = edges;
        this.inbox = inbox;
        String spoolId = setup.spool().id();
        numbers = new Numbers(setup.host());
        intake = new Intake(setup);
        cards = new CardBook(setup.cards(), spoolId, edges.locks());
        verdicts = new Verdicts(setup, edges, cards);
        Claims claims = new Claims(
                setup.spool(),
                new Claims.Claimant(setup.host(), edges.bootId(), edges.locks().id()),
                edges.fs(),
                edges.locks(),
                numbers,
                edges.clocks().calendar());
        starter = new Starter(setup, edges, cards, claims, verdicts);
        ender = new Ender(setup, edges, verdicts);
        filing = new Filing(setup.spool().places(), edges.fs(), edges.clocks().calendar());
    }

    /** Judges everything that lies in running/ before the first claim, and tidies tmp/. */
    void recover() throws IOException {
        long now = edges.clocks().nanos();
        numbers.learn(setup.spool().places(), edges.fs());
        Removal.sweepTmp(setup.spool().places(), edges.fs());
        scan(now);
    }

    /**
     * Does all that is due.
     *
     * @return the monotonic time of the next thing to do; {@link #NEVER} when only an event can bring any
     */
    long turn() throws IOException {
        long now = edges.clocks().nanos();
        takeEvents(now);
        observe(now);
        advanceJobs(now);
        if (!stopAll) {
            start(now);
        }
        submitFilings();
        return nextDue(edges.clocks().nanos());
    }

    /** A directory that cannot be listed for a moment must not end the service: jobs run, and others wait to be filed. */
    private void observe(long now) {
        try {
            if (now - nextScan >= 0) {
                scan(now);
            }
            if (!stopAll) {
                intake.read(now, READS_PER_TURN);
            }
        } catch (IOException e) {
            nextScan = now + AFTER_TROUBLE;
            setup.say("attention: cannot look at the spool: " + e.getMessage() + ". Looked at again in 10 s");
        }
    }

    private void hint(Path file, long now) {
        try {
            intake.hint(file, now);
        } catch (IOException e) {
            // The scan looks at it too.
            nextScan = now;
        }
    }

    private void takeEvents(long now) {
        for (Inbox.Event event : inbox.drain()) {
            if (event instanceof Inbox.Changed changed) {
                hint(changed.file(), now);
            } else if (event instanceof Inbox.Rescan) {
                nextScan = now;
            } else if (event instanceof Inbox.ProcessEnded ended) {
                for (Job job : jobs.values()) {
                    if (job.supervisor.isPresent() && job.supervisor.getAsInt() == ended.pid()) {
                        job.wakeAt(now);
                    }
                }
            } else if (event instanceof Inbox.Filed filed) {
                filed.outcomes().forEach(outcome -> takeFiled(outcome, now));
            } else if (event instanceof Inbox.StopJobs) {
                stopAll = true;
                nextChecks = now;
            }
        }
    }

    private void takeFiled(Filing.Outcome outcome, long now) {
        Job job = jobs.get(outcome.job().dir().id());
        if (outcome.error().isEmpty()) {
            job.phase = Job.Phase.GONE;
            jobs.remove(job.dir.id());
            return;
        }
        job.filingSubmitted = false;
        job.wakeAt(now + 3 * AFTER_TROUBLE);
        job.waits = "ended, but cannot be filed: " + outcome.error().get().getMessage();
        setup.say("attention " + job.name() + ": cannot be moved out of running/: "
                + outcome.error().get().getMessage() + ". Its ending is kept in its directory; next try in 30 s");
    }

    private void scan(long now) throws IOException {
        nextScan = now + RECONCILE;
        for (String name : edges.fs().list(setup.spool().places().running())) {
            Optional<JobId> id =
                    JobId.parse(name).filter(parsed -> parsed.host().equals(setup.host()));
            if (id.isPresent() && !jobs.containsKey(id.get())) {
                Job job = verdicts.newJob(id.get());
                jobs.put(id.get(), job);
                judge(job, now);
            }
        }
        jobs.values().removeIf(job -> job.phase == Job.Phase.GONE);
        intake.scan(now);
    }

    /** One directory that cannot be judged must never stop the others. */
    private void judge(Job job, long now) {
        try {
            verdicts.judge(job);
            job.wakeAt(now + SECOND);
            job.sleeping = job.phase == Job.Phase.LIVE && job.supervisor.isPresent();
        } catch (IOException e) {
            attention(job, e, now);
        }
    }

    private void attention(Job job, IOException e, long now) {
        job.waits = "cannot be looked at: " + e.getMessage();
        job.wakeAt(now + AFTER_TROUBLE);
        setup.say("attention " + job.name() + ": " + e.getMessage() + ". Looked at again in 10 s");
    }

    private void advanceJobs(long now) {
        boolean check = now - nextChecks >= 0;
        if (check) {
            nextChecks = now + SECOND;
        }
        for (Job job : List.copyOf(jobs.values())) {
            try {
                if (check) {
                    ender.checkStop(job, stopAll);
                }
                advance(job, now);
            } catch (IOException e) {
                attention(job, e, now);
            }
        }
        jobs.values().removeIf(job -> job.phase == Job.Phase.GONE);
    }

    private void advance(Job job, long now) throws IOException {
        boolean unread = (job.phase == Job.Phase.CLAIMED || job.phase == Job.Phase.ARMED) && job.spec.isEmpty();
        boolean toStop = job.decided.isPresent() && job.stopping.isEmpty();
        if (unread && job.isDue(now)) {
            starter.snapshot(job, now);
        } else if (job.phase == Job.Phase.LIVE && (job.isDue(now) || toStop)) {
            judge(job, now);
            if (job.phase != Job.Phase.LIVE) {
                job.stopping = Optional.empty();
            } else if (job.decided.isPresent()) {
                ender.stop(job, now);
            }
        }
        boolean sweepNow = job.phase == Job.Phase.SWEEPING && (job.stopping.isEmpty() || job.isDue(now));
        if (sweepNow && ender.sweep(job, now)) {
            ender.announce(job);
            job.dropCards();
        }
    }

    private void start(long now) {
        blocked = Optional.empty();
        moreToStart = false;
        if (inTrouble && now - troubleUntil < 0) {
            return;
        }
        inTrouble = false;
        try {
            paused = edges.fs().look(setup.spool().places().pause()).isPresent();
            if (!paused) {
                startRound(now);
            }
        } catch (IOException e) {
            trouble(e, now);
            jobs.values().stream().filter(Job::isWaitingToStart).forEach(job -> judgeAfterTrouble(job, troubleUntil));
        }
    }

    private void trouble(IOException e, long now) {
        inTrouble = true;
        troubleUntil = now + AFTER_TROUBLE;
        nextScan = troubleUntil;
        setup.say("attention: cannot start jobs: " + e.getMessage()
                + ". Running jobs are not touched and queued ones are kept; next try in 10 s");
    }

    /** What a start left half done is judged by what lies there, like after a kill: the error may have lied. */
    private void judgeAfterTrouble(Job job, long when) {
        job.dropCards();
        job.spec = Optional.empty();
        job.phase = Job.Phase.LIVE;
        job.waits = "starting is put off after an error, see the watcher's log";
        job.wakeAt(when);
    }

    private void startRound(long now) throws IOException {
        for (int i = 0; i < MOST_STARTS && intake.nextRefused().isPresent(); i++) {
            claimRefused(intake.nextRefused().get(), now);
        }
        Placement.Cards view = cards.view(jobs.values(), now);
        Placement.Plan<Placement.Request> plan =
                Placement.plan(queue(true), queue(false), view, freeSlots(), MOST_STARTS);
        blocked = plan.blocked();
        moreToStart = plan.starts().size() >= MOST_STARTS;
        List<Job> ready = new ArrayList<>();
        boolean headWaits = false;
        for (Placement.Start<Placement.Request> start : plan.starts()) {
            if (headWaits && !start.cards().isEmpty()) {
                continue;
            }
            Optional<Job> job = take(start, now);
            if (job.isEmpty() && isLockedElsewhere(start.cards(), now)) {
                // Found only now: nothing may pass it, and it is asked again as soon as the card may be free.
                headWaits = true;
                blocked = Optional.of(start.request());
            }
            if (job.isPresent() && arm(job.get(), now)) {
                ready.add(job.get());
            }
        }
        if (ready.isEmpty()) {
            return;
        }
        starter.sync(ready);
        for (Job job : ready) {
            starter.spawn(job);
        }
    }

    /** One directory that cannot be written to must never keep the others from starting. */
    private boolean arm(Job job, long now) {
        try {
            boolean may = starter.snapshot(job, now);
            if (may) {
                starter.arm(job);
            }
            return may;
        } catch (IOException e) {
            attention(job, e, now);
            judgeAfterTrouble(job, now + AFTER_TROUBLE);
            return false;
        }
    }

    private boolean isLockedElsewhere(List<GpuId> chosen, long now) {
        Set<GpuId> taken = cards.view(jobs.values(), now).taken().keySet();
        return chosen.stream().anyMatch(taken::contains);
    }

    private void claimRefused(Entry entry, long now) throws IOException {
        Optional<Job> job = starter.claim(entry, Map.of(), intake, now);
        if (job.isPresent()) {
            jobs.put(job.get().dir.id(), job.get());
            starter.snapshot(job.get(), now);
        }
    }

    /** Locks the cards, then the job is ours or somebody else's. */
    private Optional<Job> take(Placement.Start<Placement.Request> start, long now) throws IOException {
        if (start.request() instanceof Job job) {
            return lockCards(job, start.cards(), now) ? Optional.of(job) : Optional.empty();
        }
        Optional<Map<GpuId, Lock>> locked = cards.lock(start.cards(), now);
        if (locked.isEmpty()) {
            return Optional.empty();
        }
        Optional<Job> job = Optional.empty();
        try {
            job = starter.claim((Entry) start.request(), locked.get(), intake, now);
        } finally {
            if (job.isEmpty()) {
                locked.get().values().forEach(Lock::close);
            }
        }
        job.ifPresent(claimed -> jobs.put(claimed.dir.id(), claimed));
        return job;
    }

    private boolean lockCards(Job job, List<GpuId> chosen, long now) {
        try {
            return starter.lockCards(job, chosen, now);
        } catch (IOException e) {
            attention(job, e, now);
            judgeAfterTrouble(job, now + AFTER_TROUBLE);
            return false;
        }
    }

    /** Jobs that are in running/ already come first, then the files in the queue's order. */
    private Iterator<Placement.Request> queue(boolean gpu) {
        List<Placement.Request> claimed = new ArrayList<>();
        for (Job job : jobs.values()) {
            if (job.isWaitingToStart() && job.gpus() > 0 == gpu) {
                claimed.add(job);
            }
        }
        return new Chain<>(claimed.iterator(), gpu ? intake.gpuJobs() : intake.cpuJobs());
    }

    private int freeSlots() {
        long used = jobs.values().stream()
                .filter(job -> job.cards.isEmpty())
                .filter(job -> job.phase == Job.Phase.LIVE || job.phase == Job.Phase.SWEEPING)
                .count();
        return (int) Math.max(0, setup.slots() - used);
    }

    private void submitFilings() throws IOException {
        List<Filing.Ended> ended = new ArrayList<>();
        long now = edges.clocks().nanos();
        for (Job job : jobs.values()) {
            if (job.phase == Job.Phase.FILING && !job.filingSubmitted && job.isDue(now)) {
                ended.add(ender.filed(job));
            }
        }
        if (!ended.isEmpty()) {
            toFile.addAll(ended);
            edges.filer().execute(this::fileAll);
        }
    }

    /** On the filer's thread: all that have ended by now, which share their fsyncs. */
    private void fileAll() {
        List<Filing.Ended> ended = new ArrayList<>();
        toFile.drainTo(ended);
        if (!ended.isEmpty()) {
            inbox.put(new Inbox.Filed(filing.file(ended)));
        }
    }

    private long nextDue(long now) {
        long due = nextScan;
        if ((intake.hasUnread() || moreToStart) && !stopAll) {
            return now;
        }
        boolean asks = !stopAll && !paused;
        // Looked at while paused, too: what is shown of a file should not be why it waited before.
        due = stopAll ? due : Math.min(due, intake.nextLook().orElse(NEVER));
        due = asks && blocked.isPresent() ? Math.min(due, cards.nextAsk(now).orElse(NEVER)) : due;
        due = inTrouble ? Math.min(due, troubleUntil) : due;
        for (Job job : jobs.values()) {
            if (job.phase == Job.Phase.SET_ASIDE || job.filingSubmitted) {
                continue;
            }
            due = Math.min(due, nextChecks);
            boolean waitsForCards = job.isWaitingToStart();
            due = job.sleeping || waitsForCards ? due : Math.min(due, job.notBefore);
        }
        return due;
    }

    Collection<Job> jobs() {
        return jobs.values();
    }

    Intake intake() {
        return intake;
    }

    /** Why nothing is started at all; empty when things are. */
    Optional<String> haltedBecause() {
        if (paused) {
            return Optional.of("paused: control/pause lies there; remove it to go on");
        }
        return inTrouble ? Optional.of("starting is put off after an error, see the watcher's log") : Optional.empty();
    }

    /** The first job that waits for cards, and why. */
    Optional<String> whyBlocked(long now) {
        return blocked.map(job -> Placement.why(job.gpus(), cards.view(jobs.values(), now)));
    }

    Optional<Placement.Request> blocked() {
        return blocked;
    }

    /** Whether nothing is left to do unless somebody changes something by hand. */
    boolean isDrained() {
        return intake.isDrained() && jobs.values().stream().allMatch(job -> job.phase == Job.Phase.SET_ASIDE);
    }

    /** Whether all jobs were to be stopped, and are. */
    boolean isStopped() {
        return stopAll && jobs.values().stream().allMatch(job -> job.phase == Job.Phase.SET_ASIDE);
    }

    int running() {
        return (int) jobs.values().stream()
                .filter(job -> job.phase == Job.Phase.LIVE)
                .count();
    }

    /** For a leaving watcher: the directory it watches. */
    Path root() {
        return setup.spool().root();
    }
}
