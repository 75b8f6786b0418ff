package gpuspool.watch;

import gpuspool.gpu.GpuId;
import gpuspool.gpu.Inventory;
import gpuspool.job.JobId;
import gpuspool.spool.Claims;
import gpuspool.spool.Filing;
import gpuspool.spool.Fs;
import gpuspool.spool.JobDir;
import gpuspool.spool.Numbers;
import gpuspool.spool.Outcomes;
import gpuspool.spool.Removal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The watcher's one thread of decisions: observe, plan, perform, and again. It never waits; {@link #turn} does everything that is
 * due and tells when the next thing will be. All it knows can be read off the tree again, so it may be killed anywhere.
 */
final class Engine {
    static final long NEVER = Long.MAX_VALUE;

    private static final String LOOKING = "look ";
    private static final String SHARING = "sharing";

    private static final int READS_PER_TURN = 200;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long RECONCILE = Duration.ofSeconds(60).toNanos();
    private static final long AFTER_TROUBLE = Duration.ofSeconds(10).toNanos();

    private final Setup setup;
    private final Edges edges;
    private final Fs fs;
    private final Inbox inbox;
    private final JobBook jobs = new JobBook();
    private final Trouble trouble;
    private final Durable durable;
    private final UsageBook usage;
    private final Backlog backlog;
    private final Waits waits;
    private final Intake intake;
    private final ControlDesk control;
    private final Numbers numbers;
    private final CardDesk desk;
    private final LetGo letGo;
    private final Quarantine quarantine;
    private final CardHealth health;
    private final CardWatch watch;
    private final SampleDesk samples;
    private final CardLoop cardLoop;
    private final CardBook cards;
    private final Verdicts verdicts;
    private final Preparer preparer;
    private final Granter granter;
    private final Starting starting;
    private final Ender ender;
    private final RecordDesk record;
    private final RequeueDesk requeue;
    private final FilingDesk filing;
    private final Notifier notifier;
    private final GroupDesk groups;

    private long nextScan;
    /** When the settings are looked at next, besides at each scan. */
    private long nextSettings = NEVER;
    /** When cancel requests and time limits are looked at next. */
    private long nextChecks;

    /** When the right to share a card is asked for again, while a job waits. */
    private long nextShare = NEVER;

    private boolean stopAll;

    Engine(Setup setup, Edges edges, Inbox inbox) {
        this.setup = setup;
        this.edges = edges;
        this.fs = edges.fs();
        this.inbox = inbox;
        trouble = new Trouble(setup::say);
        usage = new UsageBook(setup, edges, jobs, inbox);
        backlog = new Backlog(usage::ofCards, usage::ofSlots);
        numbers = new Numbers();
        desk = new CardDesk(setup.cards());
        letGo = new LetGo(setup, fs, edges.clocks());
        quarantine = new Quarantine(setup, fs, edges.clocks(), desk);
        health = new CardHealth(setup, desk, quarantine, letGo);
        Owners owners = new Owners(jobs, edges);
        watch = new CardWatch(setup, edges, desk, owners, letGo);
        CardShares shares = new CardShares(setup, jobs, desk, watch, owners);
        cards = new CardBook(setup, jobs, desk, watch, shares, quarantine, edges.locks());
        control = new ControlDesk(setup, fs, backlog, new CardRequests(setup, fs, desk, watch, quarantine, letGo));
        Clocks clocks = edges.clocks();
        waits = new Waits(
                setup,
                fs,
                clocks,
                backlog,
                new OtherJobs(setup.host(), new Outcomes(setup.spool().places(), fs), clocks, backlog, jobs));
        Succession succession = new Succession(setup, fs, clocks, numbers);
        intake = new Intake(setup, backlog, desk, succession, waits, new Requesters(edges.processes(), edges.exits()));
        durable = new Durable(setup, fs);
        verdicts = new Verdicts(setup, edges, cards, durable);
        Claims claims = new Claims(
                setup.spool(),
                new Claims.Claimant(setup.host(), edges.bootId(), edges.locks().id()),
                fs,
                edges.locks(),
                numbers,
                edges.clocks().calendar());
        preparer = new Preparer(setup, edges, desk, cards, claims, succession, verdicts, durable, waits);
        ender = new Ender(setup, edges, verdicts, desk);
        Holding holding = new Holding(
                setup.holder().command(), setup.holder().environment(), setup::say, () -> inbox.put(new Inbox.Wake()));
        CollisionWatch collisions = new CollisionWatch(setup, edges, jobs, desk, watch, owners, ender);
        OverrunWatch overruns = new OverrunWatch(setup, edges, jobs, desk, shares);
        samples = new SampleDesk(edges, jobs, desk, owners, trouble);
        cardLoop = new CardLoop(
                setup,
                jobs,
                desk,
                watch,
                cards,
                owners,
                holding,
                collisions,
                shares,
                overruns,
                samples,
                health,
                letGo,
                trouble);
        granter = new Granter(setup, edges, desk);
        starting = new Starting(
                setup,
                jobs,
                backlog,
                control,
                cards,
                cardLoop,
                new CardWait(jobs, cards, watch, cardLoop),
                preparer,
                new Spawner(setup, edges, verdicts, desk),
                granter,
                new FreeDisk(setup, fs),
                trouble,
                new RunningJobs(jobs, edges.clocks()));
        record = new RecordDesk(setup, edges, inbox);
        requeue = new RequeueDesk(setup, edges, inbox, trouble, durable);
        notifier = new Notifier(setup, fs, inbox);
        filing = new FilingDesk(setup, edges, inbox, record, trouble, durable);
        groups = new GroupDesk(setup, edges, inbox, jobs, desk, verdicts, trouble, durable);
    }

    /** Judges everything that lies in running/ before the first claim, and tidies tmp/. */
    void recover() throws IOException {
        numbers.learn(setup.spool().places(), fs);
        Removal.sweepTmp(setup.spool().places(), fs);
        long now = edges.clocks().nanos();
        quarantine.update(now);
        scan(now);
        cardLoop.begin(now);
    }

    /**
     * Does all that is due.
     *
     * @return the monotonic time of the next thing to do; {@link #NEVER} when only an event can bring any
     */
    long turn() throws IOException {
        long now = edges.clocks().nanos();
        quarantine.update(now);
        takeEvents(now);
        observe(now);
        advanceJobs(now);
        cardLoop.turn(now);
        shareCards(now);
        if (!stopAll) {
            starting.round(now);
            // What came to nothing of what was begun leaves its right to others.
            shareCards(now);
            // What a start left half done is judged by what lies there, like after a kill.
            nextScan = Math.min(nextScan, starting.troubleUntil().orElse(nextScan));
        }
        health.heed(!jobs.cards().isEmpty() || starting.blocked().isPresent());
        // Before the filing, which moves what the record is to tell of; the filer does one after the other.
        record.submit(jobs, edges.clocks().nanos());
        requeue.submit(jobs, edges.clocks().nanos());
        if (!stopAll) {
            groups.submit(starting.haltedBecause().isPresent(), edges.clocks().nanos());
        }
        filing.submit(jobs, ender, edges.clocks().nanos());
        return nextDue(edges.clocks().nanos());
    }

    private void shareCards(long now) {
        try {
            nextShare = cards.tidy(now);
            trouble.isOver(SHARING, "cards can be shared again");
        } catch (IOException e) {
            nextShare = now + AFTER_TROUBLE;
            trouble.is(
                    SHARING,
                    "attention: cannot lock the right to share a card: " + e.getMessage()
                            + ". No further job is put on cards that jobs share; tried again every 10 s");
        }
    }

    private void takeEvents(long now) {
        for (Inbox.Event event : inbox.drain()) {
            if (event instanceof Inbox.Changed changed) {
                hint(changed.file(), now);
                requeue.hint(jobs, changed.file(), now);
            } else if (event instanceof Inbox.Requested request) {
                control.hint(request.file());
            } else if (event instanceof Inbox.Rescan) {
                nextScan = now;
            } else if (event instanceof Inbox.ProcessEnded ended) {
                ended(ended.pid(), now);
            } else if (event instanceof Inbox.Filed filed) {
                filed.outcomes()
                        .forEach(outcome ->
                                jobs.get(outcome.job().dir().id()).ifPresent(job -> filed(job, outcome, now)));
            } else if (event instanceof Inbox.Notified told) {
                notifier.take(told);
            } else if (event instanceof Inbox.OfCards told) {
                if (cardLoop.heard(told.news(), now)) {
                    backlog.readAllAgain();
                }
            } else if (event instanceof Inbox.Requeued requeued) {
                jobs.get(requeued.id()).ifPresent(job -> queuedAgain(job, requeued, now));
            } else if (event instanceof Inbox.UsageRead read) {
                usage.take(read);
            } else if (event instanceof Inbox.OfGroup told) {
                jobs.get(told.id()).ifPresent(job -> groups.take(job, told, now));
                told.told().ifPresent(news -> news.released().forEach(file -> hint(file, now)));
            } else if (event instanceof Inbox.Broken broken) {
                throw broken.error();
            } else if (event instanceof Inbox.StopJobs) {
                stopAll = true;
                nextChecks = now;
            }
        }
        jobs.forgetGone();
    }

    private void ended(int pid, long now) {
        intake.ended(pid);
        for (Job job : jobs.all()) {
            if (job.endsWith(pid)) {
                job.wakeAt(now);
                job.deserted = job.foreground.isPresent();
            }
        }
    }

    private void queuedAgain(Job job, Inbox.Requeued told, long now) {
        requeue.take(job, told, now);
        if (job.handedOn) {
            // Known before the job is filed: in between there would seem to be nothing left to do.
            hint(requeue.place(job), now);
        }
    }

    private void filed(Job job, Filing.Outcome outcome, long now) {
        filing.take(job, outcome, now);
        if (job.phase == Job.Phase.GONE) {
            Filing.Ended ended = outcome.job();
            setup.news()
                    .filed(new JobNews.Filed(
                            job.dir.id(), ended.isDone(), ended.ending(), ended.code(), ended.elapsed()));
            waits.others().filed(job.dir.id());
            groups.filed(job, now);
        }
        if (job.phase == Job.Phase.GONE && !job.handedOn) {
            Path place = outcome.job().isDone()
                    ? setup.spool().places().done()
                    : setup.spool().places().failed();
            notifier.ended(job, new JobDir(place.resolve(job.dir.id().toString()), job.dir.id()));
        }
    }

    private void hint(Path file, long now) {
        try {
            intake.hint(file, now);
            groups.hint(file, now);
        } catch (IOException e) {
            // The scan looks at it too.
            nextScan = now;
        }
    }

    /** A directory that cannot be listed for a moment must not end the service: jobs run, and others wait to be filed. */
    private void observe(long now) {
        try {
            if (now - nextScan >= 0 || backlog.hasRoomForMore()) {
                scan(now);
                trouble.isOver(LOOKING, "the spool can be looked at again");
            } else if (nextSettings != NEVER && now - nextSettings >= 0) {
                nextSettings = setup.liveSettings().look(now);
            }
            if (!stopAll) {
                intake.read(now, READS_PER_TURN);
                waits.turn(now);
            }
        } catch (IOException e) {
            nextScan = now + AFTER_TROUBLE;
            trouble.is(
                    LOOKING,
                    "attention: cannot look at the spool: " + e.getMessage() + ". It is looked at again every 10 s");
        }
    }

    private void scan(long now) throws IOException {
        nextScan = now + RECONCILE;
        nextSettings = setup.liveSettings().look(now);
        for (String name : fs.list(setup.spool().places().running())) {
            Optional<JobId> id =
                    JobId.parse(name).filter(parsed -> parsed.host().equals(setup.host()));
            if (id.isPresent() && jobs.get(id.get()).isEmpty()) {
                Job job = verdicts.newJob(id.get());
                jobs.add(job);
                judge(job, now);
            }
        }
        for (Job job : jobs.all()) {
            if (job.phase == Job.Phase.SET_ASIDE) {
                // Somebody may have mended it by hand, or taken it away.
                judge(job, now);
            }
        }
        jobs.forgetGone();
        durable.tidy(jobs);
        groups.lookAgain(now);
        intake.scan(now);
        waits.scan(now);
        control.scan();
        usage.scan();
    }

    /** One directory that cannot be judged must never stop the others. */
    private void judge(Job job, long now) {
        try {
            verdicts.judge(job);
            job.wakeAt(now + SECOND);
            boolean isTold = job.foreground.isPresent() ? job.watched : job.supervisor.isPresent();
            job.sleeping = job.runs() && job.phase != Job.Phase.SWEEPING && isTold;
            if (job.phase == Job.Phase.ARMED && job.supervisor.isPresent()) {
                ender.startFellThrough(job, now + AFTER_TROUBLE);
            }
            trouble.isOver(LOOKING + job.name(), job.name() + " can be looked at again");
        } catch (IOException e) {
            lookLater(job, e, now);
        }
    }

    private void lookLater(Job job, IOException e, long now) {
        job.waits = "cannot be looked at: " + e.getMessage();
        job.wakeAt(now + AFTER_TROUBLE);
        trouble.is(
                LOOKING + job.name(),
                "attention " + job.name() + ": " + e.getMessage() + ". It is looked at again every 10 s");
    }

    private void advanceJobs(long now) {
        boolean check = now - nextChecks >= 0;
        if (check) {
            nextChecks = now + SECOND;
        }
        for (Job job : jobs.all()) {
            try {
                if (check) {
                    ender.notePid(job);
                    granter.look(job);
                    ender.checkStop(job, stopAll);
                    groups.checkCancel(job, now);
                }
                advance(job, now);
            } catch (IOException e) {
                lookLater(job, e, now);
            }
        }
        jobs.forgetGone();
    }

    private void advance(Job job, long now) throws IOException {
        boolean unread = (job.phase == Job.Phase.CLAIMED || job.phase == Job.Phase.ARMED) && job.spec.isEmpty();
        boolean toStop = job.decided.isPresent() && job.stopping.isEmpty();
        boolean out = job.phase == Job.Phase.LIVE || job.phase == Job.Phase.GRANTED;
        if (job.deserted && job.phase == Job.Phase.CLAIMED) {
            // Whatever it waits for: its process does not wait any more.
            job.deserted = false;
            judge(job, now);
        } else if (unread && job.isDue(now)) {
            preparer.snapshot(job, now);
        } else if (out && (job.isDue(now) || toStop)) {
            granter.look(job);
            judge(job, now);
            if (job.phase != Job.Phase.LIVE && job.phase != Job.Phase.GRANTED) {
                job.stopping = Optional.empty();
            } else if (job.decided.isPresent()) {
                ender.stop(job, now);
            }
        }
        boolean sweepNow = job.phase == Job.Phase.SWEEPING && (job.stopping.isEmpty() || job.isDue(now));
        if (sweepNow && ender.sweep(job, now)) {
            watch.left(job, now);
            ender.announce(job);
            usage.ended(job);
            job.dropCards();
            samples.ended(job);
        }
    }

    private long nextDue(long now) {
        long due = Math.min(record.nextDue(), Math.min(nextScan, nextSettings));
        due = Math.min(due, quarantine.nextDue());
        if (!stopAll) {
            due = Math.min(due, letGo.nextDue());
            if (backlog.hasUnread()) {
                return now;
            }
            // Looked at while paused, too: what is shown of a file should not be why it waited before.
            due = Math.min(due, backlog.nextLook().orElse(NEVER));
            due = Math.min(due, waits.nextDue());
            due = Math.min(due, starting.nextDue(now));
            due = starting.blocked().isPresent() ? Math.min(due, nextShare) : due;
            due = Math.min(due, usage.nextDue());
        }
        due = Math.min(due, cardLoop.nextDue());
        for (Job job : jobs.all()) {
            if (job.phase != Job.Phase.SET_ASIDE && !job.filingSubmitted) {
                due = Math.min(due, nextChecks);
                // Sweeps are left as they are while all jobs are being stopped.
                boolean isLeft = stopAll && job.phase == Job.Phase.GROUP;
                due = job.sleeping || job.isWaitingToStart() || isLeft ? due : Math.min(due, job.notBefore);
            }
        }
        return due;
    }

    /**
     * Makes sure that the cards of running jobs are locked by their names, whatever became of the lock directory.
     *
     * @return what could not be locked, for people
     */
    List<String> holdCards() throws IOException {
        List<String> taken = new ArrayList<>();
        for (Job job : jobs.all()) {
            List<GpuId> cardsTaken = cards.hold(job);
            if (!cardsTaken.isEmpty()) {
                taken.add("GPU " + desk.labels(cardsTaken) + " of " + job.name());
            }
        }
        return taken;
    }

    /** Gives up all it holds and leaves the jobs as they are, for the next to find; it is not used afterwards. */
    void release() {
        for (Job job : jobs.all()) {
            job.dropCards();
            job.closeJobLock();
        }
        cards.release();
        cardLoop.release(edges.clocks().nanos());
    }

    /** The cards as they are known now, for people. */
    String cards() {
        return desk.tell();
    }

    /** Which cards there are, as far as it is known now. */
    Inventory inventory() {
        return desk.inventory();
    }

    CardDesk desk() {
        return desk;
    }

    CardBook book() {
        return cards;
    }

    Quarantine quarantine() {
        return quarantine;
    }

    JobBook jobs() {
        return jobs;
    }

    Backlog backlog() {
        return backlog;
    }

    Starting starting() {
        return starting;
    }

    Ender ender() {
        return ender;
    }

    Trouble trouble() {
        return trouble;
    }

    /** The last call: what waited to be written down is handed over. */
    void leave() {
        record.flush(jobs, edges.clocks().nanos());
    }

    /** Whether nothing is left to do unless somebody changes something by hand. */
    boolean isDrained() {
        boolean allSeen = starting.troubleUntil().isEmpty();
        return allSeen
                && notifier.isIdle()
                && backlog.isDrained()
                && !waits.somethingMoves()
                && jobs.isSettled(job -> job.phase == Job.Phase.GROUP
                        ? groups.isIdle(job, backlog::knows)
                        : backlog.knows(requeue.place(job)));
    }

    /** Whether watchers were asked to leave, and no job of this host runs: what is claimed and not started can wait. */
    boolean mayLeave() {
        return control.draining() && jobs.noneRuns() && notifier.isIdle();
    }

    /** Whether all jobs were to be stopped, and are. */
    boolean isStopped() {
        return stopAll && jobs.isSettled(job -> true);
    }
}
