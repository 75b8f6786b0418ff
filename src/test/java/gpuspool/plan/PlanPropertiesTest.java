package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import gpuspool.plan.Placement.Cards;
import gpuspool.plan.Placement.Plan;
import gpuspool.plan.Placement.Start;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What holds of every plan, whatever the cards, the queue, the settings and what runs. */
final class PlanPropertiesTest {
    private static final int WORLDS = Integer.getInteger("gpuspool.plans", 3000);
    private static final long HOUR = Duration.ofHours(1).toNanos();
    private static final long NOW = 50 * HOUR;
    private static final long GIB = 1L << 30;
    private static final int MOST_ON_A_CARD = 3;

    /** One world, its plan, and what is to be said of it should anything be wrong. */
    private static final class Case {
        private final Random random;
        private final List<Device> all;
        private final Map<GpuId, CardState> states = new HashMap<>();
        private final Set<GpuId> kept = new HashSet<>();
        private final Map<GpuId, Placement.Room> rooms = new HashMap<>();
        private final List<Running> running = new ArrayList<>();
        private final List<TestAsk> gpuJobs = new ArrayList<>();
        private final List<TestAsk> cpuJobs = new ArrayList<>();
        private final int keepIdle;
        private final Rules rules;
        private final Cards cards;
        private final Plan<TestAsk> plan;
        private final String what;

        Case(int seed) {
            random = new Random(seed);
            all = TestCards.cards(1 + random.nextInt(8), "NVIDIA A100", "NVIDIA H200", "NVIDIA H200");
            all.forEach(this::fill);
            keepIdle = random.nextInt(3) == 0 ? random.nextInt(3) : 0;
            for (int i = 0; i < random.nextInt(12); i++) {
                gpuJobs.add(ask("gpu" + i, 1 + random.nextInt(random.nextBoolean() ? 2 : 6)));
            }
            for (int i = 0; i < random.nextInt(4); i++) {
                cpuJobs.add(ask("cpu" + i, 0));
            }
            TestRules made = new TestRules()
                    .now(NOW)
                    .running(running)
                    .slots(random.nextInt(4))
                    .most(random.nextInt(6) == 0 ? 2 : 16)
                    .maxBypass(Duration.ofHours(random.nextInt(3) == 0 ? 2 : 0));
            if (random.nextInt(3) == 0) {
                made.maxGpus(1 + random.nextInt(4));
            }
            if (random.nextInt(3) == 0) {
                made.maxJobs(1 + random.nextInt(4));
            }
            rules = made.rules();
            Links links = random.nextBoolean() ? Links.UNKNOWN : TestCards.randomLinks(all, random);
            cards = new Cards(all, states, kept, links, keepIdle, Optional.empty(), rooms, MOST_ON_A_CARD);
            plan = made.plan(gpuJobs, cpuJobs, cards);
            what = "seed " + seed + ": " + gpuJobs + " and " + cpuJobs + " on " + cards + " by " + rules + " gave "
                    + plan;
        }

        private void fill(Device card) {
            int lot = random.nextInt(9);
            if (lot < 3) {
                runs(card, 1);
                states.put(card.id(), new CardState(CardState.Kind.USED, "used"));
            } else if (lot == 3) {
                states.put(card.id(), new CardState(CardState.Kind.FOREIGN, "used outside"));
            } else if (lot == 4) {
                states.put(card.id(), new CardState(CardState.Kind.KEPT, "kept"));
                kept.add(card.id());
            } else if (lot == 5) {
                int jobs = 1 + random.nextInt(MOST_ON_A_CARD);
                runs(card, jobs);
                states.put(card.id(), new CardState(CardState.Kind.USED, "shared"));
                rooms.put(card.id(), new Placement.Room(random.nextInt(60) * GIB, jobs));
            } else if (lot == 6) {
                rooms.put(card.id(), new Placement.Room(80 * GIB, 0));
            }
        }

        private void runs(Device card, int jobs) {
            for (int i = 0; i < jobs; i++) {
                OptionalLong end = random.nextInt(4) == 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(NOW + (random.nextInt(10) - 1) * HOUR);
                running.add(new Running(
                        "old" + running.size(), random.nextInt(3), Set.of(card.id()), end, Optional.empty()));
            }
        }

        private TestAsk ask(String name, int gpus) {
            TestAsk ask = TestAsk.of(name, gpus).owner(random.nextInt(3));
            ask = random.nextInt(4) == 0 ? ask : ask.hours(1 + random.nextInt(10));
            ask = random.nextInt(4) == 0 ? ask.type("h200") : ask;
            ask = random.nextInt(3) == 0 ? ask.gib(1 + random.nextInt(40)) : ask;
            ask = random.nextInt(4) == 0 ? ask.grace(Duration.ofMinutes(30)) : ask;
            return random.nextBoolean() ? ask.blockedFor(NOW, Duration.ofHours(random.nextInt(4))) : ask;
        }

        Set<Device> there() {
            return all.stream()
                    .filter(card -> !states.containsKey(card.id()) || kept.contains(card.id()))
                    .collect(Collectors.toSet());
        }

        boolean gathers() {
            return plan.blocked().isPresent()
                    && NOW - plan.blocked().get().blockedSince().orElse(NOW)
                            >= rules.maxBypass().toNanos();
        }
    }

    @Test
    void anyPlan_everyRuleHolds() {
        int[] seen = new int[7];
        for (int seed = 0; seed < WORLDS; seed++) {
            Case one = new Case(seed);
            checkCards(one);
            checkOrder(one);
            checkLimits(one, seen);
            checkPassing(one, seen);
            checkReasons(one);
            seen[0] += one.plan.starts().size();
            seen[1] += one.plan.gather().isEmpty() ? 0 : 1;
        }
        for (int i = 0; i < seen.length; i++) {
            assertTrue(seen[i] > WORLDS / 100, "kind " + i + " was hardly seen: " + seen[i]);
        }
    }

    private static void checkCards(Case one) {
        Set<Device> there = one.there();
        Map<GpuId, Long> declared = new HashMap<>();
        Map<GpuId, Integer> sharers = new HashMap<>();
        Set<GpuId> whole = new HashSet<>();
        for (Start<TestAsk> start : one.plan.starts()) {
            TestAsk job = start.request();
            Set<Device> given = Set.copyOf(start.cards());
            assertEquals(job.gpus(), given.size(), one.what);
            assertEquals(job.gpus(), start.cards().size(), one.what);
            assertTrue(Wishes.allowed(job.wish(), one.all).containsAll(given), one.what);
            for (GpuId card : Device.ids(start.cards())) {
                if (job.wish().memory().isPresent()) {
                    declared.merge(card, job.wish().memory().getAsLong(), Long::sum);
                    sharers.merge(card, 1, Integer::sum);
                } else {
                    assertTrue(whole.add(card), "a card twice; " + one.what);
                }
            }
        }
        Set<GpuId> free = new HashSet<>(Device.ids(List.copyOf(there)));
        assertTrue(free.containsAll(whole), one.what);
        sharers.forEach((card, jobs) -> {
            assertTrue(!whole.contains(card), "whole and shared; " + one.what);
            Placement.Room room = one.rooms.get(card);
            if (room == null) {
                assertTrue(free.contains(card) && jobs == 1, "shared without knowing; " + one.what);
            } else {
                assertTrue(declared.get(card) <= room.bytes(), "too much declared; " + one.what);
                assertTrue(room.jobs() + jobs <= MOST_ON_A_CARD, "too many; " + one.what);
            }
        });
        Set<GpuId> taken = new HashSet<>(whole);
        taken.addAll(sharers.keySet());
        taken.retainAll(free);
        assertTrue(taken.isEmpty() || free.size() - taken.size() >= one.keepIdle, "those left to others; " + one.what);
        Set<GpuId> gather = new HashSet<>(Device.ids(one.plan.gather()));
        assertEquals(one.plan.gather().size(), gather.size(), one.what);
        assertTrue(free.containsAll(gather), one.what);
        gather.retainAll(taken);
        assertEquals(Set.of(), gather, one.what);
    }

    private static void checkOrder(Case one) {
        List<TestAsk> started = one.plan.starts().stream().map(Start::request).toList();
        assertEquals(started.size(), Set.copyOf(started).size(), "a job twice; " + one.what);
        for (List<TestAsk> line : List.of(one.gpuJobs, one.cpuJobs)) {
            assertEquals(
                    line.stream().filter(started::contains).toList(),
                    started.stream().filter(line::contains).toList(),
                    one.what);
        }
        if (one.plan.blocked().isEmpty()) {
            return;
        }
        TestAsk blocked = one.plan.blocked().get();
        for (TestAsk job : one.gpuJobs.subList(0, one.gpuJobs.indexOf(blocked))) {
            boolean over = one.plan.reasons().of(job) instanceof Wait.OverUserLimit
                    || one.plan.reasons().of(job) instanceof Wait.AboveUserLimit;
            assertTrue(started.contains(job) || over, job + " was left out; " + one.what);
        }
    }

    private static void checkLimits(Case one, int[] seen) {
        Map<Integer, Set<GpuId>> cards = new HashMap<>();
        Map<Integer, Integer> jobs = new HashMap<>();
        for (Running job : one.running) {
            cards.computeIfAbsent(job.owner(), unused -> new HashSet<>()).addAll(job.cards());
            jobs.merge(job.owner(), 1, Integer::sum);
        }
        for (Start<TestAsk> start : one.plan.starts()) {
            int owner = start.request().owner();
            Set<GpuId> has = cards.computeIfAbsent(owner, unused -> new HashSet<>());
            int before = has.size();
            has.addAll(Device.ids(start.cards()));
            jobs.merge(owner, 1, Integer::sum);
            assertTrue(
                    has.size() == before
                            || has.size() <= one.rules.maxGpusPerUser().orElse(99),
                    one.what);
            assertTrue(jobs.get(owner) <= one.rules.maxJobsPerUser().orElse(99), one.what);
        }
        for (TestAsk job : one.gpuJobs) {
            if (one.plan.reasons().of(job) instanceof Wait.OverUserLimit over) {
                seen[over.limit() == Wait.Limit.GPUS ? 2 : 3]++;
            }
        }
    }

    /** By a reckoning of its own: what the one that waits was promised before others passed, and what is left of it. */
    private static void checkPassing(Case one, int[] seen) {
        if (!one.gathers()) {
            assertEquals(List.of(), one.plan.gather(), one.what);
            return;
        }
        TestAsk blocked = one.plan.blocked().orElseThrow();
        Set<GpuId> its = Set.copyOf(Device.ids(Wishes.allowed(blocked.wish(), one.all)));
        int at = one.gpuJobs.indexOf(blocked);
        List<Running> running = new ArrayList<>(one.running);
        List<Start<TestAsk>> passed = new ArrayList<>();
        for (Start<TestAsk> start : one.plan.starts()) {
            if (one.gpuJobs.indexOf(start.request()) > at) {
                passed.add(start);
            } else {
                running.add(running(start));
            }
        }
        OptionalLong promised = moment(one, blocked, its, running, List.of());
        for (Start<TestAsk> start : passed) {
            boolean touches = Device.ids(start.cards()).stream().anyMatch(its::contains);
            if (touches) {
                assertTrue(promised.isPresent() && start.request().time().isPresent(), start + "; " + one.what);
                seen[4]++;
            } else {
                seen[5]++;
            }
        }
        List<Running> passing = passed.stream().map(PlanPropertiesTest::running).toList();
        if (promised.isPresent()) {
            OptionalLong kept = moment(one, blocked, its, running, passing);
            assertTrue(
                    kept.isPresent() && kept.getAsLong() <= promised.getAsLong(),
                    "promised " + promised + ", left " + kept + "; " + one.what);
            seen[6]++;
        }
    }

    private static Running running(Start<TestAsk> start) {
        TestAsk job = start.request();
        OptionalLong end = job.time().isPresent()
                ? OptionalLong.of(NOW + job.time().get().plus(job.grace()).toNanos())
                : OptionalLong.empty();
        return new Running(job.name(), job.owner(), Set.copyOf(Device.ids(start.cards())), end, Optional.empty());
    }

    /** When the job surely has its cards, given what runs and what passes it. */
    private static OptionalLong moment(
            Case one, TestAsk job, Set<GpuId> its, Collection<Running> running, Collection<Running> passing) {
        // Not now: it waits, if only for cards that are left to others.
        Set<Long> times = new HashSet<>();
        running.forEach(other -> other.end().ifPresent(times::add));
        for (long time : times.stream().filter(end -> end >= NOW).sorted().toList()) {
            Set<GpuId> free = new HashSet<>();
            for (Device card : one.all) {
                CardState state = one.states.get(card.id());
                boolean ours = state == null || state.kind() == CardState.Kind.USED || one.kept.contains(card.id());
                List<Running> on = new ArrayList<>(running);
                on.addAll(passing);
                on.removeIf(other -> !other.cards().contains(card.id()));
                boolean gone = on.stream()
                        .allMatch(other -> other.end().isPresent()
                                && other.end().getAsLong() >= NOW
                                && other.end().getAsLong() <= time);
                boolean room = passing.stream()
                                .noneMatch(other -> other.cards().contains(card.id())
                                        && other.end().orElse(Long.MAX_VALUE) > time)
                        && hasRoom(one, job, card, running);
                if (ours && gone || room) {
                    free.add(card.id());
                }
            }
            long fit = free.stream().filter(its::contains).count();
            if (fit >= job.gpus() && free.size() - job.gpus() >= one.keepIdle) {
                return OptionalLong.of(time);
            }
        }
        return OptionalLong.empty();
    }

    private static boolean hasRoom(Case one, TestAsk job, Device card, Collection<Running> running) {
        Placement.Room room = one.rooms.get(card.id());
        if (job.wish().memory().isEmpty() || room == null) {
            return false;
        }
        long bytes = room.bytes();
        int jobs = room.jobs();
        for (Running other : running) {
            if (other.cards().contains(card.id()) && !one.running.contains(other)) {
                TestAsk started = one.gpuJobs.stream()
                        .filter(ask -> ask.name().equals(other.name()))
                        .findFirst()
                        .orElseThrow();
                bytes -= started.wish().memory().orElse(Long.MAX_VALUE / 2);
                jobs++;
            }
        }
        return bytes >= job.wish().memory().getAsLong() && jobs < MOST_ON_A_CARD;
    }

    private static void checkReasons(Case one) {
        List<TestAsk> started = one.plan.starts().stream().map(Start::request).toList();
        List<TestAsk> all = new ArrayList<>(one.gpuJobs);
        all.addAll(one.cpuJobs);
        all.removeAll(started);
        for (TestAsk job : all) {
            Wait wait = one.plan.reasons().of(job);
            assertNotNull(WaitWords.of(wait, one.cards), one.what);
            boolean full = started.size() >= one.rules.mostStarts();
            assertTrue(full || !(wait instanceof Wait.Next), job + " waits for nothing; " + one.what);
        }
    }
}
