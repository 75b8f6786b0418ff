package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.GpuRules;
import gpuspool.gpu.IgnoreRule;
import gpuspool.gpu.Reading;
import gpuspool.gpu.Reading.ComputeMode;
import gpuspool.plan.CardState.Kind;
import gpuspool.plan.Freedom.Judgement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of {@code spool-layout.md}, section 10.2, that rest on a reading, with what people read of each. */
final class FreedomTest {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    /** The clock may be anywhere, and wrap. */
    private static final long NOW = Long.MAX_VALUE - 3 * SECOND;

    private static final Device CARD = new Device(
            new GpuId.Uuid("GPU-5f0c2a1b-0000"),
            Device.Vendor.NVIDIA,
            OptionalInt.of(3),
            "NVIDIA H200",
            "",
            OptionalLong.of(141 * GIB),
            Optional.empty());

    /** An idle card of this kind has 500 MiB in use. */
    private static final Past IDLE = Past.NOTHING.learn(500 * MIB, true);

    private static final Past AFTER_EXP1 =
            IDLE.leftBy(new Past.Left("exp1.1", NOW - SECOND, OptionalLong.of(5000), Optional.of("alice")));

    /** A reading that is put together as it is needed; nothing is on the card but what idle ones have in use. */
    private static final class Card {
        private final List<GpuProcess> processes = new ArrayList<>();
        private Optional<Reading.Memory> memory = memory(500 * MIB);
        private boolean listed = true;
        private ComputeMode mode = ComputeMode.SHARED;
        private Past past = IDLE;
        private Ours ours = Ours.NONE;
        private long least;
        private final List<IgnoreRule> ignore = new ArrayList<>();
        private long now = NOW;

        private static Optional<Reading.Memory> memory(long used) {
            return Optional.of(new Reading.Memory(141 * GIB, used, 140 * GIB - used));
        }

        Card uses(long bytes) {
            memory = memory(bytes);
            return this;
        }

        Card tellsNoMemory() {
            memory = Optional.empty();
            return this;
        }

        Card tellsNoProcesses() {
            listed = false;
            return this;
        }

        Card in(ComputeMode other) {
            mode = other;
            return this;
        }

        Card after(Past other) {
            past = other;
            return this;
        }

        Card at(long time) {
            now = time;
            return this;
        }

        Card minFree(long bytes) {
            least = bytes;
            return this;
        }

        Card ignoring(String rule) {
            ignore.add(IgnoreRule.parse(rule).orElseThrow());
            return this;
        }

        Card holder(int pid) {
            ours = new Ours(Set.of(pid), ours.jobs());
            return this;
        }

        Card job(int pid, String name) {
            Map<Integer, String> jobs = new HashMap<>(ours.jobs());
            jobs.put(pid, name);
            ours = new Ours(ours.holding(), jobs);
            return this;
        }

        Card with(GpuProcess process) {
            processes.add(process);
            return this;
        }

        /** A compute process; {@code bytes} below 0: not told. */
        Card with(int pid, String user, String command, long bytes) {
            return with(process(GpuProcess.Kind.COMPUTE, pid, user, command, bytes, OptionalLong.of(9000)));
        }

        Judgement judge() {
            GpuRules basic = GpuRules.DEFAULTS;
            GpuRules rules = new GpuRules(
                    least,
                    ignore,
                    0,
                    basic.collision(),
                    basic.pin(),
                    basic.hold(),
                    basic.holdPercent(),
                    basic.pickLock());
            Reading reading = new Reading.Known(
                    memory, listed ? Optional.of(processes) : Optional.empty(), mode, Reading.Figures.NONE);
            return Freedom.judge(CARD, reading, past, ours, rules, now);
        }
    }

    private static Card card() {
        return new Card();
    }

    private static GpuProcess process(
            GpuProcess.Kind kind, int pid, String user, String command, long bytes, OptionalLong start) {
        return new GpuProcess(
                pid,
                kind,
                bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes),
                Optional.of(user).filter(text -> !text.isEmpty()),
                Optional.of(command).filter(text -> !text.isEmpty()),
                start);
    }

    private static GpuProcess display(int pid, long bytes) {
        return process(GpuProcess.Kind.GRAPHICS, pid, "gdm", "Xorg", bytes, OptionalLong.of(100));
    }

    private static void assertState(Kind kind, String why, Card card) {
        assertEquals(new CardState(kind, why), card.judge().state());
    }

    private static void assertFree(Card card) {
        assertEquals(CardState.FREE, card.judge().state());
    }

    private static CardState without(Reading reading) {
        return Freedom.judge(CARD, reading, IDLE, Ours.NONE, GpuRules.DEFAULTS, NOW)
                .state();
    }

    @Test
    void idleCard_isFree() {
        assertFree(card());
        assertFree(card().after(Past.NOTHING));
        assertFree(card().in(ComputeMode.EXCLUSIVE));
    }

    @Test
    void driverSaysWhatIsWrong_itsWordsAreGivenOn() {
        assertEquals(
                new CardState(Kind.SICK, "GPU requires reset (16)"),
                without(new Reading.Sick("GPU requires reset (16).")));
        assertEquals(
                new CardState(Kind.EXCLUDED, "its driver keeps us out: Insufficient Permissions (4)"),
                without(new Reading.Forbidden("Insufficient Permissions (4)")));
        assertEquals(
                new CardState(Kind.UNKNOWN, "it could not be read: Timeout\\x1b[2J (10)"),
                without(new Reading.Unreadable("Timeout\u001b[2J (10)")));
    }

    @Test
    void computeModeProhibited_isExcludedWhateverElseIsThere() {
        assertState(
                Kind.EXCLUDED,
                "its compute mode is prohibited",
                card().in(ComputeMode.PROHIBITED).with(812, "alice", "python", GIB));
    }

    @Test
    void processesNotTold_isUnknownForEver() {
        assertState(Kind.UNKNOWN, "its driver could not tell which processes are on it", card().tellsNoProcesses());
        assertState(
                Kind.UNKNOWN,
                "its driver could not tell which processes are on it",
                card().tellsNoProcesses().tellsNoMemory().after(Past.NOTHING));
    }

    @Test
    void memoryNotToldThisTime_isUnknown() {
        assertState(Kind.UNKNOWN, "its driver could not tell how much memory is in use", card().tellsNoMemory());
    }

    @Test
    void memoryNeverTold_processesAloneDecide() {
        assertFree(card().tellsNoMemory().after(Past.NOTHING).minFree(6 * GIB));
        assertState(
                Kind.FOREIGN,
                "used outside by pid 812 (alice, python)",
                card().tellsNoMemory().after(Past.NOTHING).with(812, "alice", "python", -1));
    }

    @Test
    void stranger_isNamedWithWhatItUses() {
        assertState(
                Kind.FOREIGN,
                "used outside by pid 812 (alice, python), 9.1 GiB",
                card().uses(10 * GIB).with(812, "alice", "python", 9 * GIB + 200 * MIB));
        assertState(Kind.FOREIGN, "used outside by pid 812 (python)", card().with(812, "", "python", -1));
        assertState(Kind.FOREIGN, "used outside by pid 812 (alice), 2 MiB", card().with(812, "alice", "", 2 * MIB));
        assertState(Kind.FOREIGN, "used outside by pid 812", card().with(812, "", "", 0));
    }

    @Test
    void severalStrangers_theLargestComesFirst() {
        assertState(
                Kind.FOREIGN,
                "used outside by pid 700 (bob, vllm), 20 GiB, and 2 more",
                card().uses(30 * GIB)
                        .with(812, "alice", "python", GIB)
                        .with(700, "bob", "vllm", 20 * GIB)
                        .with(900, "carol", "python", -1));
    }

    @Test
    void listedTwice_isOneProcess() {
        assertState(
                Kind.FOREIGN,
                "used outside by pid 812 (alice, python), 9 GiB",
                card().uses(10 * GIB)
                        .with(process(GpuProcess.Kind.GRAPHICS, 812, "alice", "python", 9 * GIB, OptionalLong.of(9000)))
                        .with(812, "alice", "python", 9 * GIB)
                        .with(812, "alice", "python", -1)
                        .after(IDLE));
    }

    @Test
    void namesThatWouldMoveTheCursor_areEscapedAndCut() {
        assertState(
                Kind.FOREIGN,
                "used outside by pid 812 (a\\x1b[31m, " + "x".repeat(39) + "…), 1 GiB",
                card().uses(2 * GIB).with(812, "a\u001b[31m", "x".repeat(60), GIB));
    }

    @Test
    void jobOfOursThatWasNotGivenTheCard_isToldApartFromStrangers() {
        assertState(
                Kind.FOREIGN,
                "used by exp2.1, which was not given it",
                card().with(812, "alice", "python", GIB).job(812, "exp2.1"));
        assertState(
                Kind.FOREIGN,
                "used by exp2.1 and exp3.1, which were not given it",
                card().with(812, "alice", "python", GIB)
                        .job(812, "exp3.1")
                        .with(813, "alice", "python", GIB)
                        .job(813, "exp2.1"));
        assertState(
                Kind.FOREIGN,
                "used outside by pid 900 (bob, vllm), and used by exp2.1, which was not given it",
                card().with(812, "alice", "python", GIB).job(812, "exp2.1").with(900, "bob", "vllm", -1));
    }

    @Test
    void holderOfOurs_makesNoCardBusyAndItsMemoryCounts() {
        assertFree(card().uses(35 * GIB + 500 * MIB)
                .with(50, "alice", "java", 35 * GIB)
                .holder(50));
        // Where the driver does not tell how much it uses, it may be everything.
        assertFree(card().uses(35 * GIB).with(50, "alice", "java", -1).holder(50));
        assertFree(card().uses(35 * GIB).with(50, "alice", "java", 0).holder(50));
        assertState(
                Kind.FOREIGN,
                "used outside by pid 812 (alice, java), 1 GiB",
                card().uses(36 * GIB).with(50, "alice", "java", -1).holder(50).with(812, "alice", "java", GIB));
    }

    @Test
    void ignoredProcess_makesNoCardBusyAndItsMemoryCounts() {
        assertFree(card().uses(4 * GIB).with(812, "gdm", "shell", 4 * GIB).ignoring("user gdm"));
        assertFree(card().uses(4 * GIB).with(812, "gdm", "shell", -1).ignoring("pid 812 on 3"));
        assertState(
                Kind.FOREIGN,
                "used outside by pid 812 (gdm, shell), 3.5 GiB",
                card().uses(4 * GIB)
                        .with(812, "gdm", "shell", 3 * GIB + 512 * MIB)
                        .ignoring("pid 812 on 2"));
        assertState(
                Kind.FOREIGN,
                "1.5 GiB in use that no process here accounts for (another PID namespace, or a process that is ending)",
                card().uses(4 * GIB).with(812, "gdm", "shell", 2 * GIB).ignoring("user gdm"));
    }

    @Test
    void display_makesNoCardBusyAndCountsForWhatIsToldAlone() {
        assertFree(card().uses(GIB).with(display(100, 524 * MIB)));
        assertState(
                Kind.FOREIGN,
                "1.5 GiB in use that no process here accounts for (another PID namespace, or a process that is ending)",
                card().uses(2 * GIB).with(display(100, -1)));
        assertFree(card().uses(2 * GIB).with(display(100, -1)).ignoring("user gdm"));
    }

    @Test
    void memoryThatNobodyAccountsFor_isForeignFrom256MibOn() {
        assertFree(card().uses(756 * MIB));
        assertState(
                Kind.FOREIGN,
                "256 MiB in use that no process here accounts for (another PID namespace, or a process that is ending)",
                card().uses(756 * MIB + 1));
        assertState(
                Kind.FOREIGN,
                "9.1 GiB in use that no process here accounts for (another PID namespace, or a process that is ending)",
                card().uses(9 * GIB + 620 * MIB));
    }

    @Test
    void tooLittleFree_isForeignWithoutAnyStranger() {
        Card card = card().minFree(6 * GIB)
                .uses(134 * GIB + 800 * MIB)
                .with(812, "gdm", "shell", 134 * GIB + 300 * MIB)
                .ignoring("user gdm");
        assertState(Kind.FOREIGN, "5.2 GiB free, min_free_mem is 6 GiB", card);
        assertEquals(OptionalLong.empty(), card.judge().past().strangerSeen());
        assertState(
                Kind.FOREIGN,
                "6400MiB free, min_free_mem is 6401MiB",
                card().minFree(6401 * MIB)
                        .uses(140 * GIB - 6400 * MIB)
                        .with(812, "gdm", "shell", 134 * GIB)
                        .ignoring("user gdm"));
        assertFree(card().minFree(6 * GIB));
    }

    @Test
    void strangerHasLeft_settlesForFiveSecondsAndThreeReadings() {
        Past past = card().with(812, "alice", "python", GIB).judge().past();
        assertEquals(OptionalLong.of(NOW), past.strangerSeen());
        Judgement first = card().after(past).at(NOW + SECOND / 2).judge();
        assertEquals(
                new CardState(Kind.SETTLING, "outside use has just ended; free in 5 s if it stays so"), first.state());
        Judgement second = card().after(first.past()).at(NOW + 3 * SECOND).judge();
        assertEquals(
                new CardState(Kind.SETTLING, "outside use has just ended; free in 2 s if it stays so"), second.state());
        // The time is over, but one look is missing.
        Past once = card().after(past).at(NOW + 4 * SECOND).judge().past();
        assertState(
                Kind.SETTLING,
                "outside use has just ended; free after 1 more look if it stays so",
                card().after(once).at(NOW + 5 * SECOND));
        assertState(
                Kind.SETTLING,
                "outside use has just ended; free after 2 more looks if it stays so",
                card().after(past).at(NOW + 60 * SECOND));
        Judgement third = card().after(second.past()).at(NOW + 5 * SECOND).judge();
        assertEquals(CardState.FREE, third.state());
        assertEquals(IDLE, third.past());
    }

    @Test
    void settling_beginsAnewAfterAReadingThatToldNothing() {
        Past past = card().uses(20 * GIB).judge().past();
        past = card().after(past).at(NOW + 2 * SECOND).judge().past();
        past = card().after(past).at(NOW + 4 * SECOND).judge().past();
        assertFree(card().after(past).at(NOW + 6 * SECOND));
        past = Freedom.judge(
                        CARD, new Reading.Unreadable("Timeout"), past, Ours.NONE, GpuRules.DEFAULTS, NOW + 5 * SECOND)
                .past();
        assertState(
                Kind.SETTLING,
                "outside use has just ended; free after 2 more looks if it stays so",
                card().after(past).at(NOW + 6 * SECOND));
    }

    @Test
    void jobOfOursHasLeft_isFreeAtTheFirstCleanReading() {
        Judgement judgement = card().after(AFTER_EXP1).judge();
        assertEquals(CardState.FREE, judgement.state());
        assertEquals(IDLE, judgement.past());
    }

    @Test
    void processOfTheLastJobIsStillThere_drains() {
        assertState(
                Kind.DRAINING,
                "exp1.1 has ended, its pid 812 is still on it",
                card().after(AFTER_EXP1).uses(4 * GIB).with(endingProcess(812)));
        assertState(
                Kind.DRAINING,
                "exp1.1 has ended, still on it: pid 812 (alice, python), 3 GiB, and 1 more",
                card().after(AFTER_EXP1)
                        .uses(4 * GIB)
                        .with(process(GpuProcess.Kind.COMPUTE, 812, "alice", "python", 3 * GIB, OptionalLong.of(5000)))
                        .with(endingProcess(813)));
        Judgement known = card().after(AFTER_EXP1)
                .with(812, "alice", "python", GIB)
                .job(812, "exp1.1")
                .judge();
        assertEquals(
                new CardState(Kind.DRAINING, "exp1.1 has ended, still on it: pid 812 (alice, python), 1 GiB"),
                known.state());
        assertEquals(AFTER_EXP1, known.past());
    }

    private static GpuProcess endingProcess(int pid) {
        return process(GpuProcess.Kind.COMPUTE, pid, "", "", GIB, OptionalLong.empty());
    }

    @Test
    void memoryOfTheLastJobIsNotBack_drains() {
        Judgement judgement = card().after(AFTER_EXP1).uses(3 * GIB + 620 * MIB).judge();
        assertEquals(new CardState(Kind.DRAINING, "exp1.1 has ended, 3.1 GiB not given back yet"), judgement.state());
        assertEquals(AFTER_EXP1, judgement.past());
    }

    @Test
    void outsiderCameAfterTheLastJob_isAStranger() {
        assertState(
                Kind.FOREIGN,
                "used outside by pid 812 (alice, python), 1 GiB",
                card().after(AFTER_EXP1)
                        .with(process(GpuProcess.Kind.COMPUTE, 812, "alice", "python", GIB, OptionalLong.of(5001))));
        Judgement anothers = card().after(AFTER_EXP1)
                .with(process(GpuProcess.Kind.COMPUTE, 812, "bob", "python", GIB, OptionalLong.of(4000)))
                .with(endingProcess(813))
                .judge();
        assertEquals(new CardState(Kind.FOREIGN, "used outside by pid 812 (bob, python), 1 GiB"), anothers.state());
        // What is still in use once it has gone is its own, and it settles like after any stranger.
        Judgement memory =
                card().after(anothers.past()).uses(2 * GIB).at(NOW + SECOND).judge();
        assertEquals(Kind.FOREIGN, memory.state().kind());
        assertEquals(
                Kind.SETTLING,
                card().after(memory.past()).at(NOW + 2 * SECOND).judge().state().kind());
    }

    @Test
    void ownerIsANumber_saysNothingAgainstAName() {
        assertState(
                Kind.DRAINING,
                "exp1.1 has ended, still on it: pid 812 (1000), 1 GiB",
                card().after(AFTER_EXP1)
                        .with(process(GpuProcess.Kind.COMPUTE, 812, "1000", "", GIB, OptionalLong.empty())));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 3, 500, 1024})
    void baseline_isTheLeastThatWasSeenWithoutAProcess(long mib) {
        Past past = card().after(Past.NOTHING).uses(mib * MIB).judge().past();
        assertEquals(OptionalLong.of(mib * MIB), past.baseline());
        assertEquals(
                OptionalLong.of(mib * MIB),
                card().after(past).uses(2000 * MIB).judge().past().baseline());
        assertFree(card().after(past).uses((mib + 256) * MIB));
        assertEquals(
                Kind.FOREIGN,
                card().after(past).uses((mib + 257) * MIB).judge().state().kind());
    }

    @Test
    void baseline_isNeverMoreThanOneGib() {
        Judgement judgement = card().after(Past.NOTHING).uses(30 * GIB).judge();
        assertEquals(
                new CardState(
                        Kind.FOREIGN,
                        "29 GiB in use that no process here accounts for (another PID namespace, or a process that is ending)"),
                judgement.state());
        assertEquals(OptionalLong.of(GIB), judgement.past().baseline());
    }

    @Test
    void baseline_isNotLearntWhileAnyProcessIsThere() {
        Judgement judgement = card().after(Past.NOTHING)
                .uses(700 * MIB)
                .with(display(100, 200 * MIB))
                .judge();
        assertEquals(CardState.FREE, judgement.state());
        assertEquals(OptionalLong.empty(), judgement.past().baseline());
        assertTrue(judgement.past().memoryTold());
        assertFalse(Past.NOTHING.memoryTold());
    }
}
