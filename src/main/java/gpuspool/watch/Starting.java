package gpuspool.watch;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.plan.CardState;
import gpuspool.plan.Placement;
import gpuspool.posix.Lock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
    private final CardWatch watch;
    private final CardLoop loop;
    private final PickLock picking;
    private final Preparer preparer;
    private final Spawner spawner;
    private final Trouble trouble;
    private final FreeDisk disk;

    private Optional<Placement.Request> blocked = Optional.empty();
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
            CardWatch watch,
            CardLoop loop,
            Preparer preparer,
            Spawner spawner,
            FreeDisk disk,
            Trouble trouble) {
        this.setup = setup;
        this.jobs = jobs;
        this.backlog = backlog;
        this.control = control;
        this.cards = cards;
        this.watch = watch;
        this.loop = loop;
        picking = new PickLock(setup);
        this.preparer = preparer;
        this.spawner = spawner;
        this.trouble = trouble;
        this.disk = disk;
    }

    /** Starts what can start now. */
    void round(long now) {
        blocked = Optional.empty();
        more = false;
        watch.want(false, false, now);
        boolean room = disk.hasRoom(now, hasSomethingToStart());
        try {
            halted = control.halts();
            if (troubleUntil.isPresent() && now - troubleUntil.get() < 0) {
                return;
            }
            troubleUntil = Optional.empty();
            if (!halted && room) {
                refuseSome(now);
                startSome(now);
            } else {
                cards.keep(List.of());
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
        return backlog.hasReady() || backlog.nextRefused().isPresent() || jobs.anyWaits();
    }

    private void refuseSome(long now) throws IOException {
        for (int i = 0; i < MOST_STARTS && backlog.nextRefused().isPresent(); i++) {
            Optional<Job> job = claim(backlog.nextRefused().get(), Map.of(), now);
            if (job.isPresent()) {
                refuse(job.get(), now);
            }
        }
    }

    /** Read once more: what was bad may be good by now. Then it is started like any other. */
    private void refuse(Job job, long now) {
        try {
            boolean unused = preparer.snapshot(job, now);
        } catch (IOException e) {
            boolean unused = putOff(job, e, now);
        }
    }

    private void startSome(long now) throws IOException {
        Placement.Cards view = cards.view(jobs.all(), now);
        Placement.Plan<Placement.Request> plan = Placement.plan(
                queue(true), queue(false), view, Math.max(0, setup.slots() - jobs.runningWithoutCards()), MOST_STARTS);
        blocked = plan.blocked();
        more = plan.starts().size() >= MOST_STARTS;
        wait(view, plan, now);
        if (plan.starts().stream().anyMatch(start -> !start.cards().isEmpty()) && !picking.take(now)) {
            return;
        }
        List<Job> armed = new ArrayList<>();
        Optional<IOException> failed = Optional.empty();
        try {
            armAll(plan.starts(), armed, now);
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

    /** Has the driver asked where that may let the first that waits start, and keeps for it what it can have already. */
    private void wait(Placement.Cards view, Placement.Plan<Placement.Request> plan, long now) throws IOException {
        if (blocked.isEmpty()) {
            cards.keep(List.of());
            return;
        }
        boolean open = view.all().isEmpty() || !jobs.cards().containsAll(Device.ids(view.all()));
        Placement.Plan<Placement.Request> hoped = plan;
        if (open && watch.isDriven()) {
            Placement.Cards hopes = withHope(view, plan.starts());
            hoped = Placement.plan(List.of(blocked.get()).iterator(), Collections.emptyIterator(), hopes, 0, 1);
        }
        boolean promising = !hoped.starts().isEmpty();
        watch.want(open, promising, now);
        // While it is being asked whether all are free, those that are kept stay so.
        if (!promising) {
            cards.keep(Device.ids(hoped.gather()));
            loop.keep(cards.kept(), now);
        }
    }

    /** As if cards were free that were so when they were last looked at. */
    private Placement.Cards withHope(Placement.Cards view, List<Placement.Start<Placement.Request>> starts) {
        Map<GpuId, CardState> rest = new HashMap<>(view.states());
        rest.entrySet()
                .removeIf(card -> card.getValue().kind() == CardState.Kind.UNKNOWN && cards.mayBeFree(card.getKey()));
        starts.forEach(start -> start.cards()
                .forEach(card -> rest.put(card.id(), new CardState(CardState.Kind.USED, "given just now"))));
        return new Placement.Cards(view.all(), rest, view.kept(), view.links(), view.keepIdle());
    }

    private void armAll(List<Placement.Start<Placement.Request>> starts, List<Job> armed, long now) throws IOException {
        boolean headWaits = false;
        for (Placement.Start<Placement.Request> start : starts) {
            if (headWaits && !start.cards().isEmpty()) {
                continue;
            }
            Optional<Job> job = take(start, now);
            if (job.isEmpty() && isLockedElsewhere(Device.ids(start.cards()), now)) {
                // Found only now: nothing may pass it, and it is asked again as soon as the card may be free.
                headWaits = true;
                blocked = Optional.of(start.request());
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
                spawner.spawn(job);
                trouble.forget(STARTING + job.name());
            }
        }
    }

    /** Jobs that are in running/ already come first, then the files in the queue's order. */
    private Iterator<Placement.Request> queue(boolean forCards) {
        return new Chain<>(jobs.waiting(forCards).iterator(), forCards ? backlog.gpuJobs() : backlog.cpuJobs());
    }

    /** Locks the cards, then the job is ours or somebody else's. */
    private Optional<Job> take(Placement.Start<Placement.Request> start, long now) throws IOException {
        if (start.request() instanceof Job job) {
            return lockCards(job, Device.ids(start.cards()), now) ? Optional.of(job) : Optional.empty();
        }
        Optional<Map<GpuId, Lock>> locked = cards.lock(Device.ids(start.cards()), now);
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

    private boolean isLockedElsewhere(List<GpuId> chosen, long now) {
        Set<GpuId> taken = cards.view(jobs.all(), now).states().keySet();
        return chosen.stream().anyMatch(taken::contains);
    }

    /** When the next round may bring anything new, as far as that depends on time. */
    long nextDue(long now) {
        if (more) {
            return now;
        }
        boolean asks = !halted && blocked.isPresent();
        long due = asks ? cards.nextAsk(now).orElse(Engine.NEVER) : Engine.NEVER;
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
        Optional<String> asked = control.haltedBecause().or(disk::full).or(picking::busy);
        return asked.isPresent() ? asked : troubleUntil.map(until -> PUT_OFF + failure);
    }

    /** The first job that waits for cards. */
    Optional<Placement.Request> blocked() {
        return blocked;
    }

    /** Why it waits. */
    Optional<String> whyBlocked(long now) {
        return blocked.map(job -> Placement.why(job.gpus(), job.wish(), cards.view(jobs.all(), now)));
    }
}
