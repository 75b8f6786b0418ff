package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.GpuProcess.Kind;
import gpuspool.gpu.GpuRules;
import gpuspool.gpu.IgnoreRule;
import gpuspool.gpu.Reading;
import gpuspool.job.Pin;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CollisionTest {
    private static final Device CARD = TestCards.card(3, "NVIDIA H200");

    private static GpuProcess process(int pid, Kind kind, long gib) {
        return new GpuProcess(
                pid,
                kind,
                gib == 0 ? OptionalLong.empty() : OptionalLong.of(gib << 30),
                Optional.of("alice"),
                Optional.of("py\u001bthon"),
                OptionalLong.of(7));
    }

    private static Reading with(GpuProcess... processes) {
        return new Reading.Known(
                Optional.empty(), Optional.of(List.of(processes)), Reading.ComputeMode.SHARED, Reading.Figures.NONE);
    }

    private static Optional<String> on(Reading reading, Set<Integer> own, IgnoreRule... ignore) {
        return on(reading, own, Past.NOTHING, ignore);
    }

    private static Optional<String> on(Reading reading, Set<Integer> own, Past past, IgnoreRule... ignore) {
        GpuRules rules = new GpuRules(
                0, List.of(ignore), 0, GpuRules.Collision.KEEP, Pin.UUID, GpuRules.Hold.LOCK, 25, Optional.empty());
        return Collision.on(CARD, reading, own, past, rules);
    }

    @Test
    void stranger_isNamed_theLargestFirst() {
        assertEquals(
                Optional.of("GPU 3 is also used by pid 812 (alice, py\\x1bthon), 9 GiB, and 1 more"),
                on(
                        with(
                                process(800, Kind.COMPUTE, 1),
                                process(812, Kind.COMPUTE, 9),
                                process(4, Kind.COMPUTE, 20)),
                        Set.of(4)));
    }

    @Test
    void theJobItself_displaysAndWhatIsToBeIgnored_areNone() {
        Reading reading = with(process(4, Kind.COMPUTE, 20), process(5, Kind.GRAPHICS, 1), process(6, Kind.COMPUTE, 0));
        assertEquals(
                Optional.empty(),
                on(reading, Set.of(4), IgnoreRule.parse("pid 6 on 3").orElseThrow()));
        assertEquals(
                Optional.of("GPU 3 is also used by pid 6 (alice, py\\x1bthon)"),
                on(reading, Set.of(4), IgnoreRule.parse("pid 6 on 2").orElseThrow()));
    }

    @Test
    void whatCannotBeTold_isNoCollision() {
        assertEquals(Optional.empty(), on(new Reading.Unreadable("busy"), Set.of()));
        assertEquals(
                Optional.empty(),
                on(
                        new Reading.Known(
                                Optional.empty(), Optional.empty(), Reading.ComputeMode.SHARED, Reading.Figures.NONE),
                        Set.of()));
    }

    @Test
    void whatOneThatSharedTheCardLeftBehind_isNone_butWhoCameLaterIs() {
        Reading reading = with(process(9, Kind.COMPUTE, 2));
        Past left = Past.NOTHING.leftBy(new Past.Left("a.1", 0, OptionalLong.of(8), Optional.of("alice")));
        assertEquals(Optional.empty(), on(reading, Set.of(), left));
        Past before = Past.NOTHING.leftBy(new Past.Left("a.1", 0, OptionalLong.of(6), Optional.of("alice")));
        assertTrue(on(reading, Set.of(), before).isPresent());
    }
}
