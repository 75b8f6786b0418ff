package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.GpuRules;
import gpuspool.gpu.Reading;
import gpuspool.gpu.Reading.ComputeMode;
import gpuspool.plan.HoldPlan.Held;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HoldPlanTest {
    private static final GpuId CARD = new GpuId.Uuid("GPU-5f0c2a1b-0000-0000-0000-000000000000");
    private static final Device DEVICE = device(CARD, Device.Vendor.NVIDIA);
    private static final long NOW = Long.MAX_VALUE - 5;
    private static final Optional<Set<Integer>> NO_JOB = Optional.empty();
    private static final Optional<Set<Integer>> JOB = Optional.of(Set.of(70, 71));

    private static Device device(GpuId id, Device.Vendor vendor) {
        return new Device(id, vendor, OptionalInt.of(0), "", "", OptionalLong.empty(), Optional.empty());
    }

    private static Optional<Reading> shared(int... pids) {
        return known(ComputeMode.SHARED, pids);
    }

    private static Optional<Reading> known(ComputeMode mode, int... pids) {
        List<GpuProcess> processes = IntStream.of(pids)
                .mapToObj(pid -> new GpuProcess(
                        pid,
                        GpuProcess.Kind.COMPUTE,
                        OptionalLong.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty()))
                .toList();
        return Optional.of(new Reading.Known(Optional.empty(), Optional.of(processes), mode, Reading.Figures.NONE));
    }

    private static GpuRules rules(GpuRules.Hold hold) {
        GpuRules usual = GpuRules.DEFAULTS;
        return new GpuRules(
                usual.minFreeMemory(),
                usual.ignore(),
                usual.keepIdle(),
                usual.collision(),
                usual.pin(),
                hold,
                40,
                usual.pickLock());
    }

    private static OptionalInt share(Device device, Optional<Reading> reading) {
        return HoldPlan.share(device, reading, rules(GpuRules.Hold.FRACTION));
    }

    private static long seconds(int seconds) {
        return Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void sharedCard_isHeldAsTheRulesSay() {
        assertEquals(OptionalInt.of(40), share(DEVICE, shared()));
        assertEquals(OptionalInt.of(0), HoldPlan.share(DEVICE, shared(), rules(GpuRules.Hold.CONTEXT)));
        assertEquals(OptionalInt.empty(), HoldPlan.share(DEVICE, shared(), rules(GpuRules.Hold.LOCK)));
    }

    @ParameterizedTest
    @EnumSource(
            value = ComputeMode.class,
            names = {"EXCLUSIVE", "PROHIBITED"})
    void cardThatIsNotShared_isNeverHeld(ComputeMode mode) {
        assertEquals(OptionalInt.empty(), share(DEVICE, known(mode)));
    }

    @Test
    void cardOfWhichNothingIsKnown_isNeverHeld() {
        assertEquals(OptionalInt.empty(), share(DEVICE, Optional.empty()));
        assertEquals(OptionalInt.empty(), share(DEVICE, Optional.of(new Reading.Unreadable("no answer"))));
        assertEquals(OptionalInt.empty(), share(DEVICE, Optional.of(new Reading.Sick("to be reset"))));
        assertEquals(OptionalInt.empty(), share(DEVICE, Optional.of(new Reading.Forbidden("no permission"))));
    }

    @Test
    void simulatedOnTrustOrAmds_isNeverHeld() {
        assertEquals(OptionalInt.empty(), share(Device.onTrust(new GpuId.Simulated(0)), shared()));
        assertEquals(OptionalInt.empty(), share(Device.onTrust(new GpuId.Index(0)), shared()));
        assertEquals(OptionalInt.empty(), share(Device.onTrust(CARD), Optional.empty()));
        assertEquals(OptionalInt.empty(), share(device(CARD, Device.Vendor.AMD), shared()));
    }

    @Test
    void keptCard_isHeldForAsLongAsItIsKept() {
        assertFalse(HoldPlan.isOver(Held.KEPT, shared(12), NO_JOB, NOW));
        assertFalse(HoldPlan.isOver(Held.KEPT, Optional.empty(), NO_JOB, NOW));
        assertFalse(HoldPlan.isOver(Held.KEPT, Optional.of(new Reading.Unreadable("?")), NO_JOB, NOW));
        assertEquals(OptionalLong.empty(), Held.KEPT.limit());
    }

    @Test
    void jobsOwnProcessOnTheCard_endsIt() {
        Held held = Held.KEPT.handedOver(NOW).seen(true, NOW);
        assertFalse(HoldPlan.isOver(held, shared(12), JOB, NOW + seconds(1)), "only the holder and a stranger");
        assertTrue(HoldPlan.isOver(held, shared(12, 71), JOB, NOW + seconds(1)));
        assertFalse(HoldPlan.isOver(held, Optional.empty(), JOB, NOW + seconds(1)), "nobody looked");
    }

    @Test
    void sixtySecondsAfterTheHandOver_itIsOver() {
        Held held = Held.KEPT.handedOver(NOW).handedOver(NOW + seconds(30)).seen(true, NOW + seconds(31));
        assertEquals(OptionalLong.of(NOW + seconds(60)), held.limit(), "the first counts");
        assertFalse(HoldPlan.isOver(held, shared(12), JOB, NOW + seconds(60) - 1));
        assertTrue(HoldPlan.isOver(held, shared(12), JOB, NOW + seconds(60)));
        Held neverBegun = Held.KEPT.handedOver(NOW);
        assertFalse(HoldPlan.isOver(neverBegun, shared(), NO_JOB, NOW + seconds(59)), "it may be started yet");
        assertTrue(HoldPlan.isOver(neverBegun, shared(), NO_JOB, NOW + seconds(60)));
    }

    @Test
    void jobThatRunsOnAKeptCard_countsFromWhenItIsSeen() {
        Held held = Held.KEPT.seen(true, NOW);
        assertEquals(OptionalLong.of(NOW + seconds(60)), held.limit());
        assertEquals(Held.KEPT, Held.KEPT.seen(false, NOW));
    }

    @Test
    void jobThatEnded_endsIt() {
        Held held = Held.KEPT.handedOver(NOW).seen(true, NOW);
        assertTrue(HoldPlan.isOver(held, shared(12), NO_JOB, NOW + seconds(1)));
    }

    @Test
    void cardThatTurnsSickOrExclusive_isLetGoOf() {
        assertTrue(HoldPlan.isOver(Held.KEPT, Optional.of(new Reading.Sick("XID 79")), NO_JOB, NOW));
        assertTrue(HoldPlan.isOver(Held.KEPT, Optional.of(new Reading.Forbidden("no")), NO_JOB, NOW));
        assertTrue(HoldPlan.isOver(Held.KEPT, known(ComputeMode.EXCLUSIVE), NO_JOB, NOW));
    }
}
