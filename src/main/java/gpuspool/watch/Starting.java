package gpuspool.watch;

import gpuspool.config.QueueRules;
import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.plan.Line;
import gpuspool.plan.Placement;
import gpuspool.plan.PlainLine;
import gpuspool.plan.Reasons;
import gpuspool.plan.Rules;
import gpuspool.plan.Wait;
import gpuspool.plan.WaitWords;
import gpuspool.posix.Lock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One round of starts after the other: plan, lock and claim, prepare, one batch of fsyncs for all, spawn. */
final class Starting {
    /** Starts that share one batch of fsyncs. */
    private static final int MOST_STARTS = 16;

    private static final String NOTING = "note";
    private static final String STARTING = "start ";
    private static final String PUT_OFF = "starting is put off after an error, tried again every 10 s: ";
    private static final long AFTER_TROUBLE = Duration.ofSeconds(10).toNanos();

    private final Setup setup;
    private final JobBook jobs;
    private final Backlog backlog;
    private final ControlDesk control;
    private final CardBook cards;
    private final CardLoop loop;
    private final CardWait waits;
    private final PickLock picking;
    private final Preparer preparer;
    private final Spawner spawner;
    private final Granter granter;
    private final Trouble trouble;
    private final FreeDisk disk;
    private final RunningJobs running;
    private Optional<Reasons> reasons = Optional.empty();

    /** Whether the last round stopped at its limit rather than at the end of the queue. */
    private boolean more;

    private boolean halted;
    private Optional<Long> troubleUntil = Optional.empty();
    /** The error that starting was put off for. */
    private String failure = "";

    Starting(
            Setup setup,
            JobBook jobs,
            Backlog backlog,
            ControlDesk control,
            CardBook cards,
            CardLoop loop,
            CardWait waits,
            Preparer preparer,
            Spawner spawner,
            Granter granter,
            FreeDisk disk,
            Trouble trouble,
            RunningJobs running) {
        this.setup = setup;
        this.jobs = jobs;
        this.backlog = backlog;
        this.control = control;
        this.cards = cards;
        this.loop = loop;
        this.waits = waits;
        picking = new PickLock(setup);
        this.preparer = preparer;
        this.spawner = spawner;
        this.granter = granter;
        this.trouble = trouble;
        this.disk = disk;
        this.running = running;
    }

    /** Starts what can start now. */
    void round(long now) {
        waits.begin(now);
        cards.beginRound(now);
        picking.beginRound();
        more = false;
        boolean room = disk.hasRoom(now, hasSomethingToStart());
        try {
            halted = control.halts();
            if (troubleUntil.isPresent() && now - troubleUntil.get() < 0) {
                return;
            }
            troubleUntil = Optional.empty();
            if (!halted && room) {
                refuseSome(now);
                openSome(now);
                startSome(now);
            } else {
                waits.end();
            }
        } catch (IOException e) {
            troubleUntil = Optional.of(now + AFTER_TROUBLE);
            failure = e.getMessage();
            for (Job job : jobs.all()) {
                if (job.isWaitingToStart()) {
                    judgeLater(job, e, now);
                }
            }
            trouble.is(
                    STARTING,
                    "attention: cannot start jobs: " + e.getMessage()
                            + ". Running jobs are not touched and queued ones are kept; tried again every 10 s");
        }
    }

    private boolean hasSomethingToStart() {
        return backlog.hasReady()
                || backlog.nextRefused().isPresent()
                || backlog.nextSweep().isPresent()
                || jobs.anyWaits();
    }

    private void refuseSome(long now) throws IOException {
        for (int i = 0; i < MOST_STARTS && backlog.nextRefused().isPresent(); i++) {
            Optional<Job> job = claim(backlog.nextRefused().get(), Map.of(), now);
            if (job.isPresent()) {
                readAgain(job.get(), now);
            }
        }
    }

    /** Sweeps wait for nothing: what is in them does. */
    private void openSome(long now) throws IOException {
        for (int i = 0; i < MOST_STARTS && backlog.nextSweep().isPresent(); i++) {
            Optional<Job> job = claim(backlog.nextSweep().get(), Map.of(), now);
            if (job.isPresent()) {
                readAgain(job.get(), now);
            }
        }
    }

    /** It may be something else by now than when it was chosen. Then it is started like any other. */
    private void readAgain(Job job, long now) {
        try {
            boolean unused = preparer.snapshot(job, now);
        } catch (IOException e) {
            boolean unused = putOff(job, e, now);
        }
    }

    private void startSome(long now) throws IOException {
        Placement.Cards view = cards.view(jobs.all(), now);
        Rules rules = rules(now);
        Placement.Plan<Placement.Request> plan = Placement.plan(queue(true), queue(false), view, rules);
        reasons = Optional.of(plan.reasons());
        more = plan.starts().size() >= MOST_STARTS;
        waits.follow(view, plan, rules);
        List<Job> armed = new ArrayList<>();
        Optional<IOException> failed = Optional.empty();
        try {
            armAll(pickable(plan.starts(), now), armed, now);
        } catch (IOException e) {
            // Where room is short, for descriptors say, those before it have theirs.
            failed = Optional.of(e);
        }
        try {
            spawnAll(armed, now);
        } finally {
            picking.release();
        }
        if (failed.isPresent()) {
            throw failed.get();
        }
        if (!armed.isEmpty()) {
            trouble.isOver(STARTING, "jobs can be started again");
        }
    }

    private Rules rules(long now) throws IOException {
        QueueRules settings = setup.settings().queue();
        boolean any = backlog.hasReady() || jobs.anyWaits();
        return new Rules(
                settings.cpuSlots().orElse(setup.slots()),
                MOST_STARTS,
                settings.maxBypass(),
                settings.maxGpusPerUser(),
                settings.maxJobsPerUser(),
                any ? running.at(now) : List.of(),
                now);
    }

    /** Those that may start where another program is picking cards. */
    private List<Placement.Start<Placement.Request>> pickable(List<Placement.Start<Placement.Request>> starts, long now)
            throws IOException {
        List<Placement.Start<Placement.Request>> withoutCards =
                starts.stream().filter(start -> start.cards().isEmpty()).toList();
        if (withoutCards.size() == starts.size() || picking.take(now)) {
            return starts;
        }
        starts.stream()
                .filter(start -> !start.cards().isEmpty())
                .findFirst()
                .ifPresent(start -> waits.found(start.request()));
        return withoutCards;
    }

    private void armAll(List<Placement.Start<Placement.Request>> starts, List<Job> armed, long now) throws IOException {
        boolean headWaits = false;
        for (Placement.Start<Placement.Request> start : starts) {
            if (headWaits && !start.cards().isEmpty()) {
                continue;
            }
            Optional<Job> job = take(start, now);
            if (job.isEmpty() && cards.isElsewhere(Device.ids(start.cards()), now)) {
                headWaits = true;
                waits.found(start.request());
            }
            job.ifPresent(own -> loop.given(own, now));
            if (job.isPresent() && prepare(job.get(), now)) {
                armed.add(job.get());
            }
        }
    }

    private void spawnAll(List<Job> armed, long now) throws IOException {
        if (!armed.isEmpty()) {
            armed.forEach(job -> loop.starts(job, now));
            preparer.sync(armed);
            for (Job job : armed) {
                note(job);
                if (job.foreground.isPresent()) {
                    grant(job, now);
                } else {
                    spawner.spawn(job);
                    trouble.forget(STARTING + job.name());
                }
            }
        }
    }

    /** Jobs that are in running/ already come first, then the files in the queue's order. */
    private Line<Placement.Request> queue(boolean forCards) {
        return new Chain<>(
                new PlainLine<>(jobs.waiting(forCards).iterator()), forCards ? backlog.gpuJobs() : backlog.cpuJobs());
    }

    /** Locks the cards, then the job is ours or somebody else's. */
    private Optional<Job> take(Placement.Start<Placement.Request> start, long now) throws IOException {
        if (start.request() instanceof Job job) {
            return lockCards(job, Device.ids(start.cards()), now) ? Optional.of(job) : Optional.empty();
        }
        Optional<Map<GpuId, Lock>> locked =
                cards.lock(Device.ids(start.cards()), start.request().wish().memory(), now);
        if (locked.isEmpty()) {
            return Optional.empty();
        }
        Optional<Job> job = Optional.empty();
        try {
            job = claim((Entry) start.request(), locked.get(), now);
        } finally {
            if (job.isEmpty()) {
                locked.get().values().forEach(Lock::close);
            }
        }
        return job;
    }

    private Optional<Job> claim(Entry entry, Map<GpuId, Lock> locked, long now) throws IOException {
        Optional<Job> job = preparer.claim(entry, locked, backlog, now);
        if (job.isPresent()) {
            jobs.add(job.get());
            control.claimed(entry.file.path());
        }
        return job;
    }

    /** For people alone: where it cannot be written, others see that the card is taken all the same. */
    private void note(Job job) {
        try {
            cards.note(job);
            trouble.isOver(NOTING, "locks can be written to again");
        } catch (IOException e) {
            trouble.is(NOTING, "attention: " + e.getMessage() + ". Others on this host do not see who has a card");
        }
    }

    /** One directory that cannot be written to must never keep the others from starting. */
    private boolean lockCards(Job job, List<GpuId> chosen, long now) {
        try {
            return preparer.lockCards(job, chosen, now);
        } catch (IOException e) {
            return putOff(job, e, now);
        }
    }

    private void grant(Job job, long now) {
        try {
            granter.grant(job);
            trouble.forget(STARTING + job.name());
        } catch (IOException e) {
            boolean unused = putOff(job, e, now);
        }
    }

    private boolean prepare(Job job, long now) {
        try {
            boolean may = preparer.snapshot(job, now);
            if (may) {
                preparer.arm(job);
            }
            return may;
        } catch (IOException e) {
            return putOff(job, e, now);
        }
    }

    private boolean putOff(Job job, IOException e, long now) {
        trouble.is(
                STARTING + job.name(),
                "attention " + job.name() + ": cannot be started: " + e.getMessage() + ". Tried again every 10 s");
        judgeLater(job, e, now);
        return false;
    }

    /** What a start left half done is judged by what lies there, like after a kill: the error may have lied. */
    private static void judgeLater(Job job, IOException e, long now) {
        job.dropCards();
        job.spec = Optional.empty();
        job.phase = Job.Phase.LIVE;
        job.waits = PUT_OFF + e.getMessage();
        job.wakeAt(now + AFTER_TROUBLE);
    }

    /** When the next round may bring anything new, as far as that depends on time. */
    long nextDue(long now) {
        if (more) {
            return now;
        }
        boolean asks = !halted && waits.first().isPresent();
        long due = asks ? cards.nextAsk().orElse(Engine.NEVER) : Engine.NEVER;
        if (!halted) {
            Duration maxBypass = setup.settings().queue().maxBypass();
            due = Math.min(due, waits.nextGathering(maxBypass, now).orElse(Engine.NEVER));
        }
        due = Math.min(due, picking.nextAsk().orElse(Engine.NEVER));
        due = Math.min(due, disk.nextDue());
        return Math.min(due, troubleUntil.orElse(Engine.NEVER));
    }

    /** Until when starting is put off after an error; empty when it is not. */
    Optional<Long> troubleUntil() {
        return troubleUntil;
    }

    /** Why nothing is started at all; empty when things are. */
    Optional<String> haltedBecause() {
        Optional<String> asked = control.haltedBecause().or(disk::full);
        return asked.isPresent() ? asked : troubleUntil.map(until -> PUT_OFF + failure);
    }

    /** The first job that waits for cards. */
    Optional<Placement.Request> blocked() {
        return waits.first();
    }

    /**
     * Why a job that could start does not, by the latest plan.
     *
     * @param view the cards as they stand now
     */
    String why(Placement.Request job, Placement.Cards view) {
        return picking.busy()
                .filter(busy -> waits.first().filter(first -> first == job).isPresent())
                .orElseGet(() -> WaitWords.of(wait(job), view));
    }

    /** The same as a value. */
    Wait wait(Placement.Request job) {
        Wait wait = reasons.map(latest -> latest.of(job)).orElse(new Wait.Next());
        Optional<Placement.Request> first = waits.first();
        boolean planned = first.isEmpty()
                || reasons.filter(latest -> latest.of(first.get()) instanceof Wait.Next)
                        .isEmpty();
        if (planned || !(wait instanceof Wait.Next) || job.gpus() == 0) {
            return wait;
        }
        // The first one's cards were found to be taken only when they were to be locked.
        return first.get() == job
                ? new Wait.NeedsCards(job.gpus(), job.wish(), Optional.empty())
                : new Wait.Behind(first.get().name(), first.get().gpus());
    }
}
