package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import gpuspool.job.CardWish;
import gpuspool.plan.Placement.Cards;
import gpuspool.plan.Placement.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who passes a job that waits for cards, who is over a limit, and what each is told. Four cards, times in hours. */
final class PassingTest {
    private static final List<Device> FOUR =
            TestCards.cards(4, "NVIDIA A100", "NVIDIA A100", "NVIDIA H200", "NVIDIA H200");
    private static final Instant SINCE = Instant.parse("2026-03-01T08:30:00.123Z");
    private static final long HOUR = Duration.ofHours(1).toNanos();
    private static final long NOW = 1000 * HOUR;

    private final TestRules rules = new TestRules().now(NOW);
    private final Map<GpuId, CardState> states = new HashMap<>();
    private final Map<GpuId, Placement.Room> rooms = new HashMap<>();
    private final List<Running> running = new java.util.ArrayList<>();
    private int keepIdle;

    private static GpuId id(int card) {
        return FOUR.get(card).id();
    }

    /** A job of owner 1 that has these cards for at most so many hours; below zero: nobody knows how long. */
    private void runs(String name, int hours, int... cards) {
        runs(1, name, hours, cards);
    }

    private void runs(int owner, String name, int hours, int... cards) {
        Set<GpuId> ids = Arrays.stream(cards).mapToObj(PassingTest::id).collect(Collectors.toSet());
        OptionalLong end = hours < 0 ? OptionalLong.empty() : OptionalLong.of(NOW + hours * HOUR);
        running.add(new Running(name, owner, ids, end, Optional.of(SINCE)));
        ids.forEach(id -> states.put(id, new CardState(CardState.Kind.USED, WaitWords.used(name, Optional.of(SINCE)))));
    }

    private Cards cards() {
        return new Cards(FOUR, states, Set.of(), Links.UNKNOWN, keepIdle, Optional.empty(), rooms, 3);
    }

    private Plan<TestAsk> plan(TestAsk... jobs) {
        return rules.running(running).plan(List.of(jobs), List.of(), cards());
    }

    private static String starts(Plan<TestAsk> plan) {
        return plan.starts().stream()
                .map(start -> start.request().name() + " " + Device.labels(start.cards()))
                .collect(Collectors.joining("; "));
    }

    private String why(Plan<TestAsk> plan, TestAsk job) {
        return WaitWords.of(plan.reasons().of(job), cards());
    }

    private static final TestAsk BIG = TestAsk.of("big", 4);

    @Test
    void withoutTime_nobodyPasses() {
        runs("old", 5, 0);
        TestAsk one = TestAsk.of("one", 1);
        Plan<TestAsk> plan = plan(BIG, one);
        assertEquals("", starts(plan));
        assertEquals("1,2,3", Device.labels(plan.gather()));
        assertEquals("behind big, which gathers 4 GPUs; a job without time does not pass it", why(plan, one));
    }

    @Test
    void endsInTime_passesWithCardsThatAreGathered() {
        runs("old", 5, 0);
        TestAsk exactly = TestAsk.of("five", 1).hours(5);
        TestAsk longer = TestAsk.of("six", 1).hours(6);
        TestAsk graceful = TestAsk.of("graceful", 1).hours(5).grace(Duration.ofMillis(1));
        Plan<TestAsk> plan = plan(BIG, longer, exactly, graceful);
        assertEquals("five 1", starts(plan));
        assertEquals("2,3", Device.labels(plan.gather()));
        assertEquals(
                "behind big, which gathers 4 GPUs; with its time and grace, 6h, this one might run longer than until it has them",
                why(plan, longer));
        assertInstanceOf(Wait.BehindForLong.class, plan.reasons().of(graceful));
    }

    @Test
    void oneWithoutTimeHasACardThatIsNeeded_nothingIsProven() {
        runs("old", 5, 0);
        runs("endless", -1, 1);
        TestAsk one = TestAsk.of("one", 1).hours(1);
        Plan<TestAsk> plan = plan(BIG, one);
        assertEquals("", starts(plan));
        assertEquals(
                "behind big, which gathers 4 GPUs; nobody knows when it has them, for endless, which runs since"
                        + " 2026-03-01T08:30:00Z and nothing says how much longer",
                why(plan, one));
    }

    @Test
    void oneThatShouldHaveEnded_isNotCountedOn() {
        runs("old", 0, 0);
        running.add(new Running("late", 1, Set.of(id(0)), OptionalLong.of(NOW - 1), Optional.empty()));
        assertEquals("", starts(plan(BIG, TestAsk.of("one", 1).hours(1))));
    }

    @Test
    void strangersCards_neverCome() {
        runs("old", 5, 0);
        states.put(id(1), new CardState(CardState.Kind.FOREIGN, "used outside by pid 7"));
        TestAsk one = TestAsk.of("one", 1).hours(1);
        Plan<TestAsk> plan = plan(BIG, one);
        assertEquals("", starts(plan));
        assertEquals("behind big, which gathers 4 GPUs; nobody knows when it has them", why(plan, one));
    }

    @Test
    void sickCardOfARunningJob_neverComes() {
        runs("old", 5, 0);
        states.put(id(0), new CardState(CardState.Kind.SICK, "burnt"));
        assertEquals("", starts(plan(BIG, TestAsk.of("one", 1).hours(1))));
    }

    @Test
    void moreThanEnoughAtThatMoment_theRestIsForThoseThatRunLonger() {
        runs("old", 5, 0, 1);
        // At hour 5 there will be four; it needs three.
        TestAsk three = TestAsk.of("three", 3);
        TestAsk long1 = TestAsk.of("long1", 1).hours(90);
        TestAsk long2 = TestAsk.of("long2", 1).hours(90);
        TestAsk endless = TestAsk.of("endless", 1);
        TestAsk brief = TestAsk.of("brief", 1).hours(1);
        Plan<TestAsk> plan = plan(three, endless, long1, long2, brief);
        assertEquals("long1 2; brief 3", starts(plan));
        assertEquals("", Device.labels(plan.gather()));
    }

    @Test
    void cardsThatItMayNotHave_areForAnybody() {
        runs("old", -1, 2);
        TestAsk typed = TestAsk.of("typed", 2).type("H200");
        Plan<TestAsk> plan = plan(typed, TestAsk.of("one", 1), TestAsk.of("pair", 2), TestAsk.of("two", 1));
        assertEquals("one 0; two 1", starts(plan));
        assertEquals("3", Device.labels(plan.gather()));
    }

    @Test
    void cardsLeftToOthers_areNotTakenFromItByOneThatPasses() {
        runs("old", -1, 2);
        keepIdle = 1;
        TestAsk typed = TestAsk.of("typed", 2).type("H200");
        assertEquals("one 0", starts(plan(typed, TestAsk.of("one", 1), TestAsk.of("two", 1))));
    }

    @Test
    void withinMaxBypass_whoeverFitsPasses_afterwardsItGathers() {
        runs("old", -1, 0);
        rules.maxBypass(Duration.ofHours(2));
        TestAsk one = TestAsk.of("one", 1);
        TestAsk pair = TestAsk.of("pair", 2);
        TestAsk three = TestAsk.of("three", 3);
        for (TestAsk fresh : List.of(BIG, BIG.blockedFor(NOW, Duration.ofMinutes(119)))) {
            Plan<TestAsk> plan = plan(fresh, one, three, pair);
            assertEquals("one 1; pair 2,3", starts(plan));
            assertEquals(Optional.of(fresh), plan.blocked());
            assertEquals(List.of(), plan.gather());
            assertTrue(
                    why(plan, fresh).endsWith("; others may pass it until it has waited 2h (max_bypass)"),
                    why(plan, fresh));
            assertEquals(
                    new Wait.NeedsCards(3, CardWish.ANY, Optional.empty()),
                    plan.reasons().of(three));
        }
        Plan<TestAsk> plan = plan(BIG.blockedFor(NOW, Duration.ofHours(2)), one, pair);
        assertEquals("", starts(plan));
        assertEquals("1,2,3", Device.labels(plan.gather()));
    }

    @Test
    void startedInTheSamePass_theirTimeCounts() {
        TestAsk ahead = TestAsk.of("ahead", 2).hours(3);
        assertEquals(
                "ahead 0,1; in time 2",
                starts(plan(
                        ahead,
                        BIG,
                        TestAsk.of("late", 1).hours(4),
                        TestAsk.of("in time", 1).hours(3))));
        TestAsk unknown = TestAsk.of("unknown", 2);
        assertEquals(
                "unknown 0,1",
                starts(plan(unknown, BIG, TestAsk.of("in time", 1).hours(3))));
    }

    @Test
    void noneIsFree_theOthersAreBehindIt() {
        runs("old", 5, 0, 1, 2, 3);
        TestAsk one = TestAsk.of("one", 1).hours(1);
        Plan<TestAsk> plan = plan(BIG, one);
        assertEquals("behind big, which waits for 4 GPUs", why(plan, one));
        assertTrue(
                why(plan, BIG)
                        .startsWith("needs 4 GPUs, 0 free; GPU 0: used by old since 2026-03-01T08:30:00Z; GPU 1: "),
                why(plan, BIG));
    }

    @Test
    void limitOfCards_keepsItsOwnerBackAndNobodyElse() {
        rules.maxGpus(2);
        runs("old", 5, 0);
        TestAsk pair = TestAsk.of("pair", 2).owner(1);
        TestAsk later = TestAsk.of("later", 1).owner(1);
        TestAsk other = TestAsk.of("other", 2).owner(2);
        TestAsk more = TestAsk.of("more", 1).owner(2);
        Plan<TestAsk> plan = plan(pair, later, other, more);
        assertEquals("other 1,2", starts(plan));
        assertEquals(Optional.empty(), plan.blocked());
        assertEquals(
                "its owner has 1 GPU in use, max_gpus_per_user is 2; longest: old, which runs since 2026-03-01T08:30:00Z",
                why(plan, pair));
        assertEquals(why(plan, pair), why(plan, later));
        assertEquals("its owner has 2 GPUs in use, max_gpus_per_user is 2", why(plan, more));
    }

    @Test
    void oneThatIsAboveTheLimitAlone_holdsUpNobodyNotEvenItsOwner() {
        rules.maxGpus(2);
        TestAsk triple = TestAsk.of("triple", 3).owner(1);
        Plan<TestAsk> plan = plan(triple, TestAsk.of("pair", 2).owner(1));
        assertEquals("pair 0,1", starts(plan));
        assertEquals(Optional.empty(), plan.blocked());
        assertEquals(
                "its owner has 2 GPUs in use, max_gpus_per_user is 2",
                why(
                        plan(
                                triple,
                                TestAsk.of("pair", 2).owner(1),
                                TestAsk.of("one", 1).owner(1)),
                        TestAsk.of("one", 1).owner(1)));
        assertEquals("needs 3 GPUs, max_gpus_per_user is 2: it cannot start while that stands", why(plan, triple));
    }

    @Test
    void limitOfJobs_countsThoseWithoutGpuToo() {
        rules.maxJobs(2).slots(3).running(running);
        runs("old", 5, 0);
        TestAsk cpu1 = TestAsk.of("cpu1", 0).owner(1);
        TestAsk cpu2 = TestAsk.of("cpu2", 0).owner(1);
        TestAsk cpu3 = TestAsk.of("cpu3", 0).owner(2);
        TestAsk gpu = TestAsk.of("gpu", 1).owner(1);
        TestAsk other = TestAsk.of("other", 1).owner(3);
        Plan<TestAsk> plan = rules.running(running).plan(List.of(gpu, other), List.of(cpu1, cpu2, cpu3), cards());
        assertEquals("cpu1 ; cpu3 ; other 1", starts(plan));
        assertEquals(
                "its owner has 2 jobs running, max_jobs_per_user is 2; longest: old, which runs since 2026-03-01T08:30:00Z",
                why(plan, cpu2));
        assertEquals(why(plan, cpu2), why(plan, gpu));
    }

    @Test
    void slotsTaken_saysSo() {
        rules.slots(1);
        TestAsk cpu2 = TestAsk.of("cpu2", 0);
        Plan<TestAsk> plan = rules.plan(List.of(), List.of(TestAsk.of("cpu1", 0), cpu2), cards());
        assertEquals("waits for another job without GPU to end; cpu_slots is 1", why(plan, cpu2));
    }

    private void shared(int card, int gib, int jobs) {
        rooms.put(id(card), new Placement.Room((long) gib << 30, jobs));
        if (jobs > 0) {
            states.put(id(card), new CardState(CardState.Kind.USED, "shared by " + jobs));
        }
    }

    @Test
    void thoseThatShare_arePackedWhereTheLeastIsLeft() {
        shared(0, 80, 0);
        shared(1, 30, 1);
        shared(2, 20, 2);
        shared(3, 90, 3);
        // 25 do not fit on card 2, and 3 is full by number; 20 fit on 2 exactly and fill it by number.
        Plan<TestAsk> plan = plan(
                TestAsk.of("a", 1).gib(25),
                TestAsk.of("b", 1).gib(20),
                TestAsk.of("c", 1).gib(6),
                TestAsk.of("d", 1).gib(74),
                TestAsk.of("e", 1).gib(1));
        assertEquals("a 1; b 2; c 0; d 0; e 1", starts(plan));
        assertEquals(
                Set.of("0", "1", "2"),
                new TreeSet<>(plan.starts().stream()
                        .map(start -> Device.labels(start.cards()))
                        .toList()));
    }

    @Test
    void wholeCardAndShared_neverMeet() {
        shared(0, 80, 0);
        shared(1, 30, 1);
        runs("old", 3, 2);
        runs("old2", -1, 3);
        assertEquals("share 1", starts(plan(TestAsk.of("share", 1).gib(1))));
        Plan<TestAsk> plan = plan(
                TestAsk.of("whole", 1),
                TestAsk.of("share", 1).gib(40),
                TestAsk.of("small", 1).gib(1));
        assertEquals("whole 0", starts(plan), "the shared one is not for it, nor the rest of the whole one for others");
        assertEquals("share", plan.blocked().map(TestAsk::name).orElse(""));
        assertEquals(
                "needs 1 GPU with room for 40 GiB, 1 free; GPU 1: shared by 1; GPU 2: used by old since"
                        + " 2026-03-01T08:30:00Z; GPU 3: used by old2 since 2026-03-01T08:30:00Z",
                why(plan, plan.blocked().orElseThrow()));
    }

    @Test
    void roomNotKnown_aFreeCardAloneWillDo() {
        Plan<TestAsk> plan = plan(TestAsk.of("a", 1).gib(1), TestAsk.of("b", 1).gib(1));
        assertEquals("a 0; b 1", starts(plan));
    }

    @Test
    void thoseThatShare_mayUseUpTheirOwnersCardsAtTheLimit() {
        rules.maxGpus(1);
        shared(0, 80, 0);
        shared(1, 10, 1);
        shared(2, 30, 1);
        running.add(new Running("mine", 1, Set.of(id(2)), OptionalLong.empty(), Optional.empty()));
        assertEquals(
                "a 2; b 2",
                starts(plan(
                        TestAsk.of("a", 1).gib(5).owner(1),
                        TestAsk.of("b", 1).gib(5).owner(1),
                        TestAsk.of("c", 1).gib(5).owner(1))));
    }

    @Test
    void keepIdle_othersAreLeftWhereOneThatSharesNeedsTheLast() {
        keepIdle = 1;
        assertEquals("a 3", starts(plan(TestAsk.of("a", 1).gib(1).devices(List.of("3")))));
        assertEquals(
                "a 0", starts(plan(TestAsk.of("a", 1).gib(1), TestAsk.of("b", 4).gib(1))));
    }

    @Test
    void oneThatSharesWaits_smallOnesDoNotTakeItsRoom() {
        for (int card = 1; card < 4; card++) {
            runs("old" + card, -1, card);
        }
        shared(0, 20, 1);
        running.add(new Running("tenant", 1, Set.of(id(0)), OptionalLong.of(NOW + 2 * HOUR), Optional.empty()));
        TestAsk large = TestAsk.of("large", 1).gib(60);
        assertEquals(
                "brief 0",
                starts(plan(
                        large,
                        TestAsk.of("endless", 1).gib(1),
                        TestAsk.of("longer", 1).gib(1).hours(3),
                        TestAsk.of("brief", 1).gib(1).hours(2))));
    }
}
