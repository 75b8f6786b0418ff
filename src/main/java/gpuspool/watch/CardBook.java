package gpuspool.watch;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.plan.CardState;
import gpuspool.plan.Placement;
import gpuspool.plan.WaitWords;
import gpuspool.posix.Lock;
import gpuspool.posix.Locks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Which cards can be had, whole or shared: our own books first, the card's lock for what our books do not know. */
final class CardBook {
    private static final long ASK_AGAIN_NANOS = 1_000_000_000L;
    /** A child of ours on its way to its exec holds copies of our locks for a moment: the first retry comes soon. */
    private static final long ASK_SOON_NANOS = 20_000_000L;

    private static final String USER = System.getProperty("user.name");

    /** Of several jobs on a card more are not named in its lock. */
    private static final int MOST_NAMED = 5;

    private final Setup setup;
    private final String spoolId;
    private final JobBook jobs;
    private final CardShares shares;
    private final SharedLocks shared;
    private final CardDesk desk;
    private final CardWatch watch;
    private final Quarantine quarantine;
    private final Locks locks;
    private final KeptCards kept;
    private final Map<GpuId, Long> elsewhereUntil = new HashMap<>();
    /** Of each card that others have: who, in words. */
    private final Map<GpuId, CardState> holders = new HashMap<>();

    private final Map<GpuId, Integer> refusals = new HashMap<>();

    CardBook(
            Setup setup,
            JobBook jobs,
            CardDesk desk,
            CardWatch watch,
            CardShares shares,
            Quarantine quarantine,
            Locks locks) {
        this.setup = setup;
        this.spoolId = setup.spool().id();
        this.jobs = jobs;
        this.shares = shares;
        this.desk = desk;
        this.watch = watch;
        this.quarantine = quarantine;
        this.locks = locks;
        kept = new KeptCards(spoolId, locks);
        shared = new SharedLocks(spoolId, locks);
    }

    /** The cards as they stand now, given the jobs that have some. */
    Placement.Cards view(Collection<Job> jobs, long now) {
        Map<GpuId, CardState> taken = new HashMap<>(watch.states(now));
        taken.putAll(lockedElsewhere(now));
        for (Device card : desk.devices()) {
            quarantine.of(card).ifPresent(state -> taken.put(card.id(), state));
        }
        Predicate<GpuId> open = mayJoin(now);
        for (Job job : jobs) {
            for (GpuId card : job.cards.keySet()) {
                // A sick one will not be free when its job ends.
                taken.merge(
                        card,
                        new CardState(CardState.Kind.USED, WaitWords.used(job.name(), job.since)),
                        (other, used) -> other.kind() == CardState.Kind.SICK ? other : used);
            }
        }
        this.jobs.shared().forEach((card, sharers) -> taken.put(card, CardShares.stateInTheWay(sharers)));
        Set<GpuId> keptAndFree = new HashSet<>(kept.cards());
        keptAndFree.removeAll(taken.keySet());
        keptAndFree.forEach(card -> taken.put(card, kept.state()));
        return new Placement.Cards(
                desk.devices(),
                taken,
                keptAndFree,
                desk.links(),
                setup.settings().gpus().keepIdle(),
                desk.unknown(),
                shares.rooms(
                        card -> !taken.containsKey(card) || keptAndFree.contains(card),
                        card -> isKnownNow(now) && open.test(card),
                        now),
                setup.settings().queue().maxJobsPerGpu());
    }

    /** The rooms if cards were still as they were when they were last looked at, and these were not free. */
    Map<GpuId, Placement.Room> hopedRooms(Map<GpuId, CardState> states, long now) {
        return shares.rooms(card -> !states.containsKey(card) || kept.cards().contains(card), mayJoin(now), now);
    }

    private boolean isKnownNow(long now) {
        return !watch.isDriven() || watch.isFresh(now);
    }

    /** Whether nothing that we know keeps one more job from a card that jobs of ours share, but its memory. */
    private Predicate<GpuId> mayJoin(long now) {
        Set<GpuId> closed = new HashSet<>(lockedElsewhere(now).keySet());
        for (Device card : desk.devices()) {
            quarantine.of(card).ifPresent(state -> closed.add(card.id()));
        }
        return card -> shared.mayJoin(card) && !closed.contains(card);
    }

    /**
     * Has the right to share the cards that jobs of ours share, and gives that to others back.
     *
     * @return when to call again; {@link Engine#NEVER} when only a change brings anything new
     */
    long tidy(long now) throws IOException {
        Set<GpuId> cards = jobs.shared().keySet();
        shared.retain(cards);
        return cards.stream().allMatch(shared::mayJoin) ? Engine.NEVER : now + ASK_AGAIN_NANOS;
    }

    /** Keeps these cards locked for the first job that waits, of this name, and no others. */
    void keep(List<GpuId> cards, String job) throws IOException {
        kept.keep(cards, job);
    }

    /** Cards that are kept so. */
    Set<GpuId> kept() {
        return kept.cards();
    }

    /** Gives back those that no job has. */
    void release() {
        kept.release();
        shared.release();
    }

    /** Whether asking the driver may show that this card is free. */
    boolean mayBeFree(GpuId card) {
        return quarantine.isKnown() && watch.mayBeFree(card);
    }

    /** Whether one of these was asked for just now, and is somebody else's. */
    boolean isElsewhere(Collection<GpuId> cards, long now) {
        return !Collections.disjoint(lockedElsewhere(now).keySet(), cards);
    }

    private Map<GpuId, CardState> lockedElsewhere(long now) {
        Map<GpuId, CardState> locked = new HashMap<>();
        elsewhereUntil.forEach((card, until) -> {
            if (now - until < 0) {
                locked.put(card, holders.get(card));
            }
        });
        return locked;
    }

    /** How these cards stand by what was last known, for people; of a card that a job has, the job's name. */
    Map<GpuId, CardState> told(Collection<Device> cards, Collection<Job> jobs, long now) {
        Map<GpuId, CardState> told = new HashMap<>(watch.told(now));
        told.putAll(lockedElsewhere(now));
        kept.cards().forEach(card -> told.put(card, kept.state()));
        for (Device card : cards) {
            quarantine.of(card).ifPresent(state -> told.put(card.id(), state));
        }
        for (Job job : jobs) {
            job.cards.keySet().forEach(card -> told.put(card, new CardState(CardState.Kind.USED, job.name())));
        }
        this.jobs.shared().forEach((card, sharers) -> told.put(card, CardShares.state(sharers)));
        told.values().removeIf(CardState::isFree);
        told.putAll(new Placement.Cards(
                        desk.devices(),
                        Map.copyOf(told),
                        kept.cards(),
                        desk.links(),
                        setup.settings().gpus().keepIdle())
                .leftIdle());
        return told;
    }

    /** A round of starts begins, which asks again for cards that somebody else had long enough. */
    void beginRound(long now) {
        elsewhereUntil.values().removeIf(until -> now - until >= 0);
    }

    /**
     * When a card that somebody else had is worth asking for again; empty when there is none. That may be past: the round that was
     * refused it took longer.
     */
    Optional<Long> nextAsk() {
        return elsewhereUntil.values().stream().min(Comparator.comparingLong(until -> until));
    }

    /**
     * Locks the cards in sorted order, all or none.
     *
     * @param memory there for a job that shares them
     * @return empty when one of them is somebody else's
     */
    Optional<Map<GpuId, Lock>> lock(List<GpuId> cards, OptionalLong memory, long now) throws IOException {
        Map<GpuId, Lock> held = new TreeMap<>();
        try {
            for (GpuId card : new TreeSet<>(cards)) {
                Optional<Lock> lock = memory.isPresent() ? share(card) : whole(card);
                if (lock.isEmpty()) {
                    holders.put(card, Elsewhere.has(card, spoolId, locks));
                    boolean first = refusals.merge(card, 1, Integer::sum) == 1;
                    elsewhereUntil.put(card, now + (first ? ASK_SOON_NANOS : ASK_AGAIN_NANOS));
                    held.values().forEach(Lock::close);
                    return Optional.empty();
                }
                held.put(card, lock.get());
                refusals.remove(card);
                elsewhereUntil.remove(card);
            }
            return Optional.of(held);
        } catch (IOException e) {
            held.values().forEach(Lock::close);
            throw e;
        }
    }

    private Optional<Lock> whole(GpuId card) throws IOException {
        Optional<Lock> own = kept.take(card);
        return own.isPresent() ? own : locks.tryLock(card.lockName(spoolId));
    }

    private Optional<Lock> share(GpuId card) throws IOException {
        return jobs.shared().containsKey(card) ? shared.join(card) : shared.begin(card, kept.take(card));
    }

    /** Leaves a word in the locks of its cards about who has them. */
    void note(Job job) throws IOException {
        String of = " of " + setup.spool().root() + " (" + USER + ", process "
                + ProcessHandle.current().pid() + ")";
        Map<GpuId, List<Job>> sharers = jobs.shared();
        for (Map.Entry<GpuId, Optional<Lock>> card : job.cards.entrySet()) {
            if (card.getValue().isPresent()) {
                card.getValue().get().note(names(sharers.getOrDefault(card.getKey(), List.of(job))) + of);
            }
        }
    }

    private static String names(List<Job> jobs) {
        String first = jobs.stream().limit(MOST_NAMED).map(Job::name).collect(Collectors.joining(", "));
        int more = jobs.size() - MOST_NAMED;
        return more <= 0 ? first : first + " and " + more + " more";
    }

    /**
     * Locks the job's cards by their names once more where the files we hold have lost theirs.
     *
     * @return those that somebody else was quicker to lock
     */
    List<GpuId> hold(Job job) throws IOException {
        List<GpuId> taken = new ArrayList<>();
        if (job.phase == Job.Phase.GRANTED) {
            // Its process is to lock them.
            return taken;
        }
        for (Map.Entry<GpuId, Optional<Lock>> card : job.cards.entrySet()) {
            Optional<Lock> held = card.getValue();
            if (held.isPresent() && held.get().isNamed()) {
                continue;
            }
            Optional<Lock> again = job.memory.isPresent()
                    ? shareAgain(card.getKey())
                    : locks.tryLock(card.getKey().lockName(spoolId));
            if (again.isPresent()) {
                // The job's own processes keep the old one.
                held.ifPresent(Lock::close);
                card.setValue(again);
            } else if (held.isPresent()) {
                taken.add(card.getKey());
            }
        }
        return taken;
    }

    /** The lock of a card that has lost its name: alone first, unless another job of ours has it by its name already. */
    private Optional<Lock> shareAgain(GpuId card) throws IOException {
        for (Job other : jobs.all()) {
            Optional<Lock> lock = other.shares(card) ? other.cards.get(card) : Optional.empty();
            if (lock.isPresent() && lock.get().isNamed()) {
                return shared.join(card);
            }
        }
        return shared.begin(card, Optional.empty());
    }

    /** Locks again what an adopted job has; what its own processes still hold stays theirs, and is in our books. */
    void lockAgain(Job job) throws IOException {
        for (Map.Entry<GpuId, Optional<Lock>> card : job.cards.entrySet()) {
            if (card.getValue().isEmpty()) {
                String name = card.getKey().lockName(spoolId);
                card.setValue(job.memory.isPresent() ? locks.tryShare(name) : locks.tryLock(name));
            }
        }
    }
}
