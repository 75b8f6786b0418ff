package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.job.CardWish;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class WishesTest {
    private static final List<Device> MIXED = TestCards.cards(4, "NVIDIA A100-SXM4-80GB", "NVIDIA H200");
    private static final List<Device> TWO = TestCards.cards(2, "NVIDIA H200");

    private static CardWish type(String type) {
        return new CardWish(List.of(), Optional.of(type), Optional.empty());
    }

    private static CardWish devices(String... words) {
        return new CardWish(List.of(words), Optional.empty(), Optional.empty());
    }

    private static String allowed(CardWish wish, List<Device> all) {
        return Device.labels(Wishes.allowed(wish, all));
    }

    private static void assertImpossible(String why, int gpus, CardWish wish, List<Device> all) {
        assertEquals(Optional.of(why), Wishes.impossible(gpus, wish, all));
    }

    @Test
    void type_isPartOfTheNameInAnyCapitals() {
        assertEquals("0,2", allowed(type("a100"), MIXED));
        assertEquals("1,3", allowed(type("nvidia h"), MIXED));
        assertEquals("", allowed(type("B200"), MIXED));
    }

    @Test
    void devices_areIndicesAndUuidsWholeOrCutShort() {
        assertEquals("1,3", allowed(devices("3", "1"), MIXED));
        assertEquals("2", allowed(devices("GPU-020c2a1b-0000"), MIXED));
        assertEquals("0,2", allowed(devices("GPU-02", "0"), MIXED));
        assertEquals("2", allowed(new CardWish(List.of("2", "3"), Optional.of("A100"), Optional.empty()), MIXED));
    }

    @Test
    void uuidThatOthersBeginWith_meansItselfAlone() {
        List<Device> cards =
                List.of(Device.onTrust(new GpuId.Uuid("GPU-5f")), Device.onTrust(new GpuId.Uuid("GPU-5fa")));
        assertEquals(cards.subList(0, 1), Wishes.allowed(devices("GPU-5f"), cards));
        assertEquals(Optional.empty(), Wishes.impossible(1, devices("GPU-5f"), cards));
    }

    @Test
    void partsOfOneGpu_areNamedByItsIndexAndByTheirOwnUuids() {
        Device one = part("MIG-11aa");
        Device other = part("MIG-22bb");
        assertEquals(List.of(one, other), Wishes.allowed(devices("0"), List.of(one, other)));
        assertEquals(List.of(other), Wishes.allowed(devices("MIG-22"), List.of(one, other)));
    }

    private static Device part(String uuid) {
        return new Device(
                new GpuId.Uuid(uuid),
                Device.Vendor.NVIDIA,
                OptionalInt.of(0),
                "NVIDIA A100 MIG 3g.20gb",
                "",
                OptionalLong.empty(),
                Optional.of("GPU-aaaa"));
    }

    @Test
    void enoughThatFit_isPossible() {
        assertEquals(Optional.empty(), Wishes.impossible(2, type("H200"), MIXED));
        assertEquals(Optional.empty(), Wishes.impossible(2, devices("0", "GPU-03"), MIXED));
        assertEquals(Optional.empty(), Wishes.impossible(0, devices("9"), List.of()));
    }

    @Test
    void tooFewOfTheType_saysWhichThereAre() {
        assertImpossible(
                "it needs 2 GPUs of type \"A100\"; this watcher has 0 (NVIDIA H200), 1 (NVIDIA H200); ask for others",
                2,
                type("A100"),
                TWO);
        assertImpossible(
                "it needs 3 GPUs of type \"h200\"; this watcher has 0 (NVIDIA H200), 1 (NVIDIA H200); ask for fewer, or for others",
                3,
                type("h200"),
                TWO);
        assertImpossible(
                "it needs 1 GPU of type \"H200\"; this watcher has 0 (type not known), 1 (type not known); ask for others",
                1,
                type("H200"),
                List.of(Device.onTrust(new GpuId.Index(0)), Device.onTrust(new GpuId.Index(1))));
        assertImpossible(
                "it needs 1 GPU of type \"H\\x1b[2J\"; this watcher has none; ask for others",
                1,
                type("H\u001b[2J"),
                List.of());
    }

    @Test
    void namedCardsThatAreNotThere_areNamed() {
        assertImpossible(
                "it asks for GPU 7; this watcher has 0 (NVIDIA H200), 1 (NVIDIA H200); ask for others",
                1,
                devices("0", "7"),
                TWO);
        assertImpossible(
                "it asks for GPU 7 and GPU-9; this watcher has 0 (NVIDIA H200, GPU-000c2a1b-0000), "
                        + "1 (NVIDIA H200, GPU-010c2a1b-0000); ask for others",
                1,
                devices("7", "GPU-9"),
                TWO);
    }

    @Test
    void uuidThatFitsSeveral_isRefused() {
        assertImpossible(
                "it asks for GPU GPU-0, which fits 0 (NVIDIA H200, GPU-000c2a1b-0000), "
                        + "1 (NVIDIA H200, GPU-010c2a1b-0000); write more of the one that is meant",
                1,
                devices("GPU-0"),
                TWO);
    }

    @Test
    void fewerNamedThanNeeded_isRefused() {
        assertImpossible(
                "it needs 2 GPUs among 1; this watcher has 0 (NVIDIA H200), 1 (NVIDIA H200); ask for fewer, or for others",
                2,
                devices("1"),
                TWO);
    }
}
