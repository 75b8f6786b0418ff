package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import gpuspool.job.CardWish;
import gpuspool.plan.Placement.Cards;
import gpuspool.plan.Placement.Plan;
import gpuspool.plan.Placement.Start;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/** Jobs that come, wait, run and end by a clock of their own, on cards that are given out by plans. */
final class SimulatedQueue {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final String what;
    private final Random random;
    private final List<Device> all;
    private final List<Sim> coming = new ArrayList<>();
    private final List<Sim> waiting = new ArrayList<>();
    private final List<Sim> running = new ArrayList<>();
    private final Set<GpuId> kept = new HashSet<>();
    private Duration maxBypass = Duration.ZERO;
    private long now;
    private int blocked;
    private int passed;
    private long work;
    private Optional<Sim> first = Optional.empty();

    /** A job; times in nanoseconds. */
    private static final class Sim implements Placement.Request {
        private final String name;
        private final int gpus;
        private final int priority;
        private final long comes;
        private final long length;
        private final Optional<Duration> time;
        private OptionalLong blockedSince = OptionalLong.empty();
        /** By then it must have started. */
        private OptionalLong deadline = OptionalLong.empty();

        private long started;
        private List<Device> cards = List.of();

        Sim(String name, int gpus, int priority, long comes, long length, Optional<Duration> time) {
            this.name = name;
            this.gpus = gpus;
            this.priority = priority;
            this.comes = comes;
            this.length = length;
            this.time = time;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int gpus() {
            return gpus;
        }

        @Override
        public CardWish wish() {
            return CardWish.ANY;
        }

        @Override
        public Optional<Duration> time() {
            return time;
        }

        @Override
        public OptionalLong blockedSince() {
            return blockedSince;
        }

        long end() {
            return started + length;
        }

        /** As far as anybody could know. */
        long latestEnd() {
            return time.isPresent() ? started + time.get().toNanos() : end();
        }
    }

    SimulatedQueue(String what, Random random, int cards) {
        this.what = what;
        this.random = random;
        all = TestCards.cards(cards, "NVIDIA H200");
    }

    void maxBypass(Duration longest) {
        maxBypass = longest;
    }

    /** @param timed the share of those that say how long they run at most */
    void add(double timed, int levels) {
        int gpus =
                random.nextInt(3) == 0 ? 1 + random.nextInt(all.size()) : 1 + random.nextInt(Math.min(2, all.size()));
        long length = (1 + random.nextInt(240)) * MINUTE;
        Optional<Duration> time = random.nextDouble() < timed
                ? Optional.of(Duration.ofNanos(random.nextBoolean() ? length : length + random.nextInt(120) * MINUTE))
                : Optional.empty();
        long comes = random.nextInt(3) == 0 ? random.nextInt(600) * MINUTE : 0;
        coming.add(new Sim("job" + coming.size(), gpus, random.nextInt(levels), comes, length, time));
        coming.sort(Comparator.comparingLong(job -> job.comes));
    }

    /** How many times a job became the first to lack cards. */
    int blocked() {
        return blocked;
    }

    /** How many started behind one that gathered. */
    int passed() {
        return passed;
    }

    /** Nanoseconds that cards were in use, all together. */
    long work() {
        return work;
    }

    /** Nanoseconds until the last job had ended, for each card. */
    double cardTime() {
        return (double) now * all.size();
    }

    /** @param anybody whether nobody has a deadline */
    void run(boolean anybody) {
        while (!coming.isEmpty() || !waiting.isEmpty() || !running.isEmpty()) {
            now = next();
            running.removeIf(job -> job.end() <= now);
            coming.stream().filter(job -> job.comes <= now).forEach(waiting::add);
            coming.removeIf(job -> job.comes <= now);
            waiting.sort(Comparator.comparingInt((Sim job) -> -job.priority).thenComparingLong(job -> job.comes));
            while (plan(anybody)) {
                assertTrue(running.size() <= all.size(), what);
            }
        }
    }

    private long next() {
        long next = Long.MAX_VALUE;
        for (Sim job : coming) {
            next = Math.min(next, job.comes);
        }
        for (Sim job : running) {
            next = Math.min(next, job.end());
        }
        if (first.isPresent() && gathersAt(first.get()) > now) {
            next = Math.min(next, gathersAt(first.get()));
        }
        assertTrue(next < Long.MAX_VALUE, () -> "nothing runs and " + waiting.size() + " wait for ever; " + what);
        return next;
    }

    private long gathersAt(Sim job) {
        return job.blockedSince.orElseThrow() + maxBypass.toNanos();
    }

    /** Tells whether anything was started. */
    private boolean plan(boolean anybody) {
        Plan<Sim> plan = Placement.plan(
                new PlainLine<>(waiting.iterator()),
                new PlainLine<>(List.<Sim>of().iterator()),
                cards(),
                rules());
        boolean gathers = plan.blocked().isPresent()
                && plan.blocked().get().blockedSince().orElse(now) + maxBypass.toNanos() <= now;
        int at = plan.blocked().map(waiting::indexOf).orElse(waiting.size());
        for (Start<Sim> start : plan.starts()) {
            Sim job = start.request();
            passed += gathers && waiting.indexOf(job) > at ? 1 : 0;
        }
        // Of those that pass now none may hold it up any longer.
        long longest = now;
        List<Start<Sim>> behind = new ArrayList<>();
        for (Start<Sim> start : plan.starts()) {
            if (waiting.indexOf(start.request()) > at) {
                behind.add(start);
            }
        }
        for (Start<Sim> start : plan.starts()) {
            if (!behind.contains(start)) {
                start(start);
            }
        }
        for (Sim job : running) {
            longest = Math.max(longest, job.latestEnd());
        }
        behind.forEach(this::start);
        kept.clear();
        kept.addAll(Device.ids(plan.gather()));
        if (behind.size() < plan.starts().size()) {
            // Those before it may hold it up as they like.
            plan.blocked().ifPresent(job -> job.deadline = OptionalLong.empty());
        }
        follow(plan.blocked(), longest, anybody);
        return !plan.starts().isEmpty();
    }

    private void start(Start<Sim> start) {
        Sim job = start.request();
        Set<GpuId> taken = new HashSet<>();
        running.forEach(other -> taken.addAll(Device.ids(other.cards)));
        taken.retainAll(Device.ids(start.cards()));
        assertEquals(Set.of(), taken, what);
        assertEquals(job.gpus, start.cards().size(), what);
        job.started = now;
        job.cards = start.cards();
        work += job.length * job.gpus;
        waiting.remove(job);
        running.add(job);
    }

    /** Once it is the first to lack cards and gathers them, what runs then may hold it up, and nothing else. */
    private void follow(Optional<Sim> latest, long longest, boolean anybody) {
        boolean other = !latest.equals(first);
        first = latest;
        if (first.isEmpty()) {
            return;
        }
        Sim job = first.get();
        if (other) {
            blocked++;
            job.deadline = OptionalLong.empty();
        }
        if (job.blockedSince.isEmpty()) {
            job.blockedSince = OptionalLong.of(now);
        }
        if (!anybody && job.deadline.isEmpty() && gathersAt(job) <= now) {
            job.deadline = OptionalLong.of(longest);
        }
        assertTrue(
                now < job.deadline.orElse(Long.MAX_VALUE),
                () -> job.name + " should have started by " + job.deadline + ", it is " + now + "; " + what);
    }

    private Cards cards() {
        Map<GpuId, CardState> states = new HashMap<>();
        for (Sim job : running) {
            job.cards.forEach(card -> states.put(card.id(), new CardState(CardState.Kind.USED, "used")));
        }
        kept.removeAll(states.keySet());
        kept.forEach(card -> states.put(card, new CardState(CardState.Kind.KEPT, "kept")));
        return new Cards(all, states, Set.copyOf(kept), Links.UNKNOWN, 0);
    }

    private Rules rules() {
        List<Running> known = new ArrayList<>();
        for (Sim job : running) {
            OptionalLong end = job.time.isPresent() ? OptionalLong.of(job.latestEnd()) : OptionalLong.empty();
            known.add(new Running(job.name, 0, Set.copyOf(Device.ids(job.cards)), end, Optional.empty()));
        }
        return new TestRules().now(now).running(known).maxBypass(maxBypass).rules();
    }
}
