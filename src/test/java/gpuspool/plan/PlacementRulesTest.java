package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import gpuspool.job.CardWish;
import gpuspool.plan.Placement.Cards;
import gpuspool.plan.Placement.Plan;
import gpuspool.plan.Placement.Start;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Wishes, cards that are left to others, and cards that are kept: by examples, then for cards and queues of all kinds. */
final class PlacementRulesTest {
    private static final List<Device> FOUR = TestCards.cards(4, "NVIDIA A100", "NVIDIA H200");

    private record Ask(String name, int gpus, CardWish wish) implements Placement.Request {
        static Ask any(String name, int gpus) {
            return new Ask(name, gpus, CardWish.ANY);
        }

        static Ask of(String name, int gpus, String... devices) {
            return new Ask(name, gpus, new CardWish(List.of(devices), Optional.empty(), Optional.empty()));
        }
    }

    /** What a look found, each test changes what it is about. */
    private static final class World {
        private List<Device> all = FOUR;
        private final Map<GpuId, CardState> states = new HashMap<>();
        private final Set<GpuId> kept = new HashSet<>();
        private Links links = Links.UNKNOWN;
        private int keepIdle;

        World used(int... indices) {
            for (int index : indices) {
                states.put(all.get(index).id(), new CardState(CardState.Kind.USED, "used by old.1"));
            }
            return this;
        }

        World kept(int... indices) {
            for (int index : indices) {
                states.put(all.get(index).id(), new CardState(CardState.Kind.KEPT, "kept"));
                kept.add(all.get(index).id());
            }
            return this;
        }

        World keepIdle(int count) {
            keepIdle = count;
            return this;
        }

        Cards cards() {
            return new Cards(all, states, kept, links, keepIdle);
        }

        Plan<Ask> plan(Ask... jobs) {
            return new TestRules().plan(List.of(jobs), List.of(), cards());
        }
    }

    private static List<String> starts(Plan<Ask> plan) {
        return plan.starts().stream()
                .map(start -> start.request().name() + " " + Device.labels(start.cards()))
                .toList();
    }

    private static void assertPlan(List<String> starts, String blocked, String gather, Plan<Ask> plan) {
        assertEquals(starts, starts(plan));
        assertEquals(blocked, plan.blocked().map(Ask::name).orElse(""));
        assertEquals(gather, Device.labels(plan.gather()));
    }

    @Test
    void wishes_areGivenOrWaitedFor() {
        Ask typed = new Ask("t", 2, new CardWish(List.of(), Optional.of("h200"), Optional.empty()));
        assertPlan(List.of("t 1,3", "a 0"), "", "", new World().plan(typed, Ask.any("a", 1)));
        // Cards of another type are nothing that it could wait for.
        assertPlan(List.of("a 0"), "t", "1", new World().used(3).plan(typed, Ask.any("a", 1)));
        assertPlan(List.of("a 0"), "t", "1", new World().used(3).keepIdle(1).plan(typed, Ask.any("a", 1)));
        assertPlan(List.of(), "t", "1", new World().used(2, 3).keepIdle(1).plan(typed, Ask.any("a", 1)));
        assertPlan(List.of("d 2"), "", "", new World().plan(Ask.of("d", 1, "2", "3")));
    }

    @Test
    void keepIdle_leavesThoseOfTheHighestIndex() {
        assertPlan(
                List.of("a 0", "b 1"),
                "c",
                "",
                new World().keepIdle(2).plan(Ask.any("a", 1), Ask.any("b", 1), Ask.any("c", 1)));
        assertPlan(List.of("a 0,1,2"), "", "", new World().keepIdle(1).plan(Ask.any("a", 3)));
        assertPlan(List.of(), "a", "0,1,2", new World().keepIdle(1).plan(Ask.any("a", 4)));
        assertPlan(List.of(), "a", "", new World().keepIdle(9).plan(Ask.any("a", 2)));
        // Cards in use are not idle.
        assertPlan(List.of(), "a", "", new World().used(2, 3).keepIdle(2).plan(Ask.any("a", 1)));
    }

    @Test
    void keepIdle_othersAreLeftWhereAJobNeedsTheLast() {
        assertPlan(List.of("d 3"), "", "", new World().keepIdle(3).plan(Ask.of("d", 1, "3")));
        assertPlan(List.of(), "d", "", new World().keepIdle(4).plan(Ask.of("d", 1, "3")));
        assertPlan(List.of("d 1"), "", "", new World().keepIdle(2).plan(Ask.of("d", 1, "1", "2", "3")));
    }

    @Test
    void kept_areForTheFirstThatWaits() {
        assertPlan(List.of("a 1,2,3"), "b", "", new World().used(0).kept(1, 3).plan(Ask.any("a", 3), Ask.any("b", 1)));
        // One that came first meanwhile and can have others does not take them, unless it needs them.
        assertPlan(List.of("a 0", "b 1"), "", "", new World().kept(2, 3).plan(Ask.of("a", 1, "0"), Ask.any("b", 1)));
        assertPlan(
                List.of("a 0", "b 1,2,3"), "", "", new World().kept(2, 3).plan(Ask.of("a", 1, "0"), Ask.any("b", 3)));
    }

    @Test
    void gather_keepsWhatIsKeptAndTakesWhatIsFree() {
        assertPlan(List.of(), "a", "0,2,3", new World().used(1).kept(2, 3).plan(Ask.any("a", 4), Ask.any("b", 1)));
        assertPlan(
                List.of(), "a", "0,3", new World().used(1).kept(3).keepIdle(1).plan(Ask.any("a", 4)));
        assertPlan(List.of(), "a", "", new World().used(0, 1, 2, 3).plan(Ask.any("a", 2)));
        assertPlan(List.of(), "a", "", new World().used(3).plan(Ask.of("a", 1, "3")));
    }

    @Test
    void gather_takesThoseThatBelongTogether() {
        World world = new World().used(0).keepIdle(1);
        world.links = new Links(Map.of(Set.of(FOUR.get(2).id(), FOUR.get(3).id()), new Links.Link(true, 10)));
        assertPlan(List.of(), "a", "2,3", world.plan(Ask.any("a", 3)));
    }

    private static String why(int gpus, CardWish wish, Cards cards) {
        return WaitWords.of(new Wait.NeedsCards(gpus, wish, Optional.empty()), cards);
    }

    @Test
    void why_speaksOfTheCardsThatTheJobMayHave() {
        CardWish typed = new CardWish(List.of("1", "2", "3"), Optional.of("h200"), Optional.empty());
        assertEquals(
                "needs 2 GPUs of type \"h200\" among 1,2,3, 1 free; GPU 3: used by old.1",
                why(2, typed, new World().used(0, 3).cards()));
        assertEquals(
                "needs 4 GPUs, 2 kept for it, 0 free; GPU 2: used by old.1; GPU 3: left idle (keep_idle is 1)",
                why(4, CardWish.ANY, new World().kept(0, 1).used(2).keepIdle(1).cards()));
        assertEquals(
                "needs 4 GPUs, 2 free; GPU 2: left idle (keep_idle is 2); GPU 3: left idle (keep_idle is 2)",
                why(4, CardWish.ANY, new World().keepIdle(2).cards()));
    }

    @Test
    void cardsNotKnown_whySaysSo() {
        Cards cards = new Cards(List.of(), Map.of(), Set.of(), Links.UNKNOWN, 1, Optional.of("Driver Not Loaded (9)."));
        assertEquals("needs 1 GPU; GPUs not known: Driver Not Loaded (9)", why(1, CardWish.ANY, cards));
    }

    @Test
    void leftIdle_areTheLastFreeOnes() {
        assertEquals(
                Set.of(FOUR.get(2).id()),
                new World().used(3).keepIdle(1).cards().leftIdle().keySet());
        assertEquals(
                Set.of(FOUR.get(0).id()),
                new World().used(3).kept(1, 2).keepIdle(2).cards().leftIdle().keySet());
        assertEquals(Map.of(), new World().cards().leftIdle());
    }

    private static World random(Random random) {
        World world = new World();
        world.all = TestCards.cards(1 + random.nextInt(8), "NVIDIA A100", "NVIDIA H200", "NVIDIA H200");
        world.links = random.nextBoolean() ? Links.UNKNOWN : TestCards.randomLinks(world.all, random);
        world.keepIdle = random.nextBoolean() ? 0 : random.nextInt(4);
        for (int i = 0; i < world.all.size(); i++) {
            int lot = random.nextInt(5);
            if (lot == 0) {
                world.used(i);
            } else if (lot == 1) {
                world.kept(i);
            }
        }
        return world;
    }

    private static List<Ask> randomQueue(World world, Random random) {
        List<Ask> queue = new ArrayList<>();
        for (int i = 0; i < random.nextInt(6); i++) {
            List<String> devices = new ArrayList<>();
            for (Device card : world.all) {
                if (random.nextInt(3) == 0) {
                    devices.add(
                            random.nextBoolean()
                                    ? card.label()
                                    : card.id().word().substring(0, 7));
                }
            }
            Optional<String> type = random.nextInt(3) == 0 ? Optional.of("h200") : Optional.empty();
            CardWish wish = new CardWish(random.nextBoolean() ? List.of() : devices, type, Optional.empty());
            queue.add(new Ask("job" + i, 1 + random.nextInt(4), wish));
        }
        return queue;
    }

    @Test
    void anyCardsAnyQueue_rulesHold() {
        int blocked = 0;
        int gathered = 0;
        int starts = 0;
        int passed = 0;
        for (int seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            World world = random(random);
            List<Ask> queue = randomQueue(world, random);
            Plan<Ask> plan = world.plan(queue.toArray(Ask[]::new));
            String what = "seed " + seed + ": " + queue + " on " + world.cards() + " gave " + plan;

            Set<Device> free = new HashSet<>(world.all);
            free.removeIf(card -> world.states.containsKey(card.id()));
            Set<Device> kept = new HashSet<>(world.all);
            kept.removeIf(card -> !world.kept.contains(card.id()));

            // In order, and nothing passes the one that waits but with cards that it may never have.
            int before = plan.blocked().map(queue::indexOf).orElse(queue.size());
            List<Ask> started = plan.starts().stream().map(Start::request).toList();
            assertEquals(queue.subList(0, before), started.subList(0, before), what);
            assertEquals(queue.stream().filter(started::contains).toList(), started, what);
            for (Start<Ask> start : plan.starts().subList(before, started.size())) {
                List<Device> its = Wishes.allowed(queue.get(before).wish(), world.all);
                assertTrue(Collections.disjoint(its, start.cards()), what);
            }

            Set<Device> left = new HashSet<>(free);
            left.addAll(kept);
            for (Start<Ask> start : plan.starts()) {
                assertEquals(start.request().gpus(), Set.copyOf(start.cards()).size(), what);
                assertTrue(left.containsAll(start.cards()), what);
                assertWished(start.request(), start.cards(), what);
                start.cards().forEach(left::remove);
                assertTrue(left.size() >= world.keepIdle, what);
            }
            if (plan.blocked().isPresent()) {
                assertWaitsRightly(plan.blocked().get(), plan.gather(), left, kept, world, what);
            } else {
                assertEquals(List.of(), plan.gather(), what);
            }
            blocked += plan.blocked().isPresent() ? 1 : 0;
            gathered += plan.gather().isEmpty() ? 0 : 1;
            starts += started.size();
            passed += started.size() - before;
        }
        assertTrue(
                blocked > 1000 && gathered > 300 && starts > 1000 && passed > 50,
                blocked + " " + gathered + " " + starts + " " + passed);
    }

    private static void assertWished(Ask job, List<Device> cards, String what) {
        for (Device card : cards) {
            boolean named = job.wish().devices().stream()
                    .anyMatch(word ->
                            card.label().equals(word) || card.id().word().startsWith(word));
            assertTrue(job.wish().devices().isEmpty() || named, what);
            assertTrue(job.wish().type().isEmpty() || card.name().contains("H200"), what);
        }
    }

    private static void assertWaitsRightly(
            Ask job, List<Device> gather, Set<Device> left, Set<Device> kept, World world, String what) {
        List<Device> fit = Wishes.allowed(job.wish(), world.all).stream()
                .filter(left::contains)
                .toList();
        int spare = left.size() - world.keepIdle;
        assertTrue(fit.size() < job.gpus() || spare < job.gpus(), "it could start; " + what);
        assertEquals(gather.size(), Set.copyOf(gather).size(), what);
        assertTrue(fit.containsAll(gather), what);
        assertTrue(gather.size() < job.gpus(), what);
        assertEquals(job.gpus() == 1 ? 0 : Math.max(0, Math.min(fit.size(), spare)), gather.size(), what);
        boolean givesBack = fit.stream().anyMatch(card -> kept.contains(card) && !gather.contains(card));
        assertFalse(job.gpus() > 1 && givesBack && !kept.containsAll(gather), "others were taken instead; " + what);
    }

    @Test
    void anyCards_oneJobGetsTheBestOfThemWhereNothingIsLeftIdle() {
        for (int seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            World world = random(random).keepIdle(0);
            int gpus = 1 + random.nextInt(world.all.size());
            Plan<Ask> plan = world.plan(Ask.any("a", gpus));
            List<Device> there = world.all.stream()
                    .filter(card -> !world.states.containsKey(card.id()) || world.kept.contains(card.id()))
                    .toList();
            assertEquals(there.size() >= gpus, !plan.starts().isEmpty());
            if (!plan.starts().isEmpty()) {
                assertEquals(
                        CardChoice.of(there, gpus, world.links),
                        plan.starts().get(0).cards(),
                        "seed " + seed);
            }
        }
    }
}
