package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.GpuProcess.Kind;
import gpuspool.gpu.GpuRules;
import gpuspool.gpu.IgnoreRule;
import gpuspool.gpu.Reading;
import gpuspool.job.Pin;
import gpuspool.plan.Sharing.Look;
import gpuspool.plan.Sharing.Sharer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a card has left for one more job that shares it. All sizes in GiB. */
final class SharingTest {
    private static final long GIB = 1L << 30;
    private static final Device CARD = device(OptionalLong.of(80 * GIB));

    private static Device device(OptionalLong memory) {
        Device any = TestCards.card(3, "NVIDIA H200");
        return new Device(any.id(), any.vendor(), any.index(), any.name(), any.pci(), memory, any.parent());
    }

    private static GpuProcess process(int pid, long gib) {
        OptionalLong bytes = gib < 0 ? OptionalLong.empty() : OptionalLong.of(gib * GIB);
        return new GpuProcess(pid, Kind.COMPUTE, bytes, Optional.of("alice"), Optional.empty(), OptionalLong.of(7));
    }

    private static Reading.Known reading(long used, long free, GpuProcess... processes) {
        return new Reading.Known(
                Optional.of(new Reading.Memory((used + free + 1) * GIB, used * GIB, free * GIB)),
                Optional.of(List.of(processes)),
                Reading.ComputeMode.SHARED,
                Reading.Figures.NONE);
    }

    private static Look look(Reading reading, Map<Integer, String> given, String... ignore) {
        List<IgnoreRule> rules = List.of(ignore).stream()
                .map(rule -> IgnoreRule.parse(rule).orElseThrow())
                .toList();
        return Sharing.look(
                CARD,
                reading,
                Past.NOTHING,
                given,
                Ours.NONE,
                new GpuRules(0, rules, 0, GpuRules.Collision.KEEP, Pin.UUID, GpuRules.Hold.LOCK, 25, Optional.empty()));
    }

    private static Sharer young(String name, long gib) {
        return new Sharer(name, gib * GIB, false);
    }

    private static Sharer settled(String name, long gib) {
        return new Sharer(name, gib * GIB, true);
    }

    /** GiB and jobs, such as {@code 60 for 1}; {@code none}. */
    private static String room(Look look, Sharer... sharers) {
        return words(Sharing.room(CARD, Optional.of(look), List.of(sharers)));
    }

    private static String words(Optional<Placement.Room> room) {
        return room.map(has -> has.bytes() / GIB + " for " + has.jobs()).orElse("none");
    }

    @Test
    void freeCard_hasWhatIsFree() {
        assertEquals("79 for 0", room(Sharing.lookAtFree(reading(1, 79))));
    }

    @Test
    void youngJobs_countInFull_whateverTheyUseYet() {
        Look look = look(reading(5, 75, process(1, 5)), Map.of(1, "a.1"));
        assertEquals("60 for 1", room(look, young("a.1", 20)));
        assertEquals("10 for 2", room(look, young("a.1", 20), young("b.1", 50)));
        assertEquals("none", room(look, young("a.1", 20), young("b.1", 60)));
    }

    @Test
    void settledJob_isStillPromisedWhatItDeclared() {
        Look look = look(reading(5, 75, process(1, 5)), Map.of(1, "a.1"));
        assertEquals("60 for 1", room(look, settled("a.1", 20)));
    }

    @Test
    void settledJobThatUsesMoreThanItDeclared_leavesWhatIsFree() {
        Look look = look(reading(70, 10, process(1, 70)), Map.of(1, "a.1"));
        assertEquals("10 for 1", room(look, settled("a.1", 20)));
        assertEquals("10 for 1", room(look, young("a.1", 20)));
    }

    @Test
    void ignoredPrograms_andMemoryOfNobody_areNotPromised() {
        Look ignored = look(reading(12, 68, process(1, 2), process(9, 10)), Map.of(1, "a.1"), "pid 9");
        assertTrue(ignored.open());
        assertEquals("50 for 1", room(ignored, settled("a.1", 20)));
        Look hidden = look(reading(32, 48, process(1, 2)), Map.of(1, "a.1"));
        assertEquals("30 for 1", room(hidden, settled("a.1", 20)));
    }

    @Test
    void processesOfWhichNothingIsTold_countAsIfTheyHadNothingYet() {
        Look look = look(reading(20, 60, process(1, -1)), Map.of(1, "a.1"));
        assertEquals("40 for 1", room(look, young("a.1", 20)));
    }

    @Test
    void strangerThere_nobodyIsLetOn() {
        assertFalse(look(reading(12, 68, process(1, 2), process(9, 10)), Map.of(1, "a.1"))
                .open());
        assertEquals("none", room(look(reading(1, 79, process(9, 1)), Map.of()), settled("a.1", 20)));
    }

    @Test
    void jobOfOursThatWasNotGivenIt_isAStranger() {
        Ours ours = new Ours(Set.of(), Map.of(9, "c.1"));
        Look look = Sharing.look(CARD, reading(1, 79, process(9, 1)), Past.NOTHING, Map.of(), ours, GpuRules.DEFAULTS);
        assertFalse(look.open());
    }

    @Test
    void oneThatHasJustLeft_isNoStranger_andItsMemoryIsNobodysYet() {
        Past past = Past.NOTHING.leftBy(new Past.Left("b.1", 0, OptionalLong.of(8), Optional.of("alice")));
        Look look = Sharing.look(
                CARD,
                reading(12, 68, process(1, 2), process(9, 10)),
                past,
                Map.of(1, "a.1"),
                Ours.NONE,
                GpuRules.DEFAULTS);
        assertTrue(look.open());
        assertEquals("50 for 1", room(look, settled("a.1", 20)));
    }

    @Test
    void whatCannotBeRead_hasNoRoom() {
        assertEquals("none", room(look(new Reading.Unreadable("busy"), Map.of()), settled("a.1", 1)));
        assertEquals("none", room(Sharing.lookAtFree(new Reading.Sick("lost"))));
        Reading noProcesses = new Reading.Known(
                Optional.of(new Reading.Memory(80 * GIB, 0, 80 * GIB)),
                Optional.empty(),
                Reading.ComputeMode.SHARED,
                Reading.Figures.NONE);
        assertEquals("none", room(look(noProcesses, Map.of()), settled("a.1", 1)));
    }

    @Test
    void memoryThatIsNotTold_oneJobAlone() {
        Reading silent = new Reading.Known(
                Optional.empty(), Optional.of(List.of()), Reading.ComputeMode.SHARED, Reading.Figures.NONE);
        assertEquals("80 for 0", room(Sharing.lookAtFree(silent)));
        assertEquals("none", room(look(silent, Map.of()), settled("a.1", 1)));
        Device unknown = device(OptionalLong.empty());
        assertEquals(
                Optional.of(new Placement.Room(Long.MAX_VALUE, 0)),
                Sharing.room(unknown, Optional.of(Sharing.lookAtFree(silent)), List.of()));
        assertEquals(Optional.empty(), Sharing.room(unknown, Optional.empty(), List.of(young("a.1", 1))));
    }

    @Test
    void oneProgramAtATime_oneJobAlone() {
        Reading exclusive = new Reading.Known(
                Optional.of(new Reading.Memory(80 * GIB, 0, 80 * GIB)),
                Optional.of(List.of()),
                Reading.ComputeMode.EXCLUSIVE,
                Reading.Figures.NONE);
        assertEquals("80 for 0", room(Sharing.lookAtFree(exclusive)));
        assertEquals("none", room(look(exclusive, Map.of()), settled("a.1", 1)));
    }

    @Test
    void simulatedCards_goByWhatIsDeclaredAlone() {
        Device card = Device.onTrust(new GpuId.Simulated(0));
        assertEquals("80 for 0", words(Sharing.room(card, Optional.empty(), List.of())));
        assertEquals(
                "52 for 2", words(Sharing.room(card, Optional.empty(), List.of(young("a.1", 20), young("b.1", 8)))));
        assertEquals("none", words(Sharing.room(card, Optional.empty(), List.of(young("a.1", 80)))));
    }
}
