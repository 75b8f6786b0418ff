package gpuspool.gpu.amd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.Links;
import gpuspool.gpu.Reading;
import gpuspool.gpu.Survey;
import gpuspool.gpu.fake.FakeAmd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AmdBackendTest {
    private static final long GIB = 1L << 30;
    private static final long SELF = ProcessHandle.current().pid();

    @TempDir
    private Path root;

    private FakeAmd machine;

    @BeforeEach
    void makeMachine() throws IOException {
        machine = FakeAmd.in(root);
    }

    private Survey.Answer look() {
        return assertInstanceOf(Survey.Answer.class, new AmdBackend(root).survey());
    }

    private Reading reading(int card) {
        Survey.Answer answer = look();
        return answer.readings().get(answer.devices().get(card).id());
    }

    private Optional<List<Integer>> pids(int card) {
        return assertInstanceOf(Reading.Known.class, reading(card))
                .processes()
                .map(list -> list.stream().map(GpuProcess::pid).toList());
    }

    @Test
    void cards_areDescribedInTheOrderOfNodes() throws Exception {
        machine.card(0xfeedL, 0x43).card(0x8000000000000001L, 0x0c);
        Survey.Answer answer = look();
        assertEquals("amdgpu 6.8.5", answer.driver());
        assertEquals(
                List.of(
                        new Device(
                                new GpuId.Uuid("GPU-000000000000feed"),
                                Device.Vendor.AMD,
                                OptionalInt.of(0),
                                "AMD Instinct MI300X",
                                "0000:43:00.0",
                                OptionalLong.of(192 * GIB),
                                Optional.empty()),
                        new Device(
                                new GpuId.Uuid("GPU-8000000000000001"),
                                Device.Vendor.AMD,
                                OptionalInt.of(1),
                                "AMD Instinct MI300X",
                                "0000:0c:00.0",
                                OptionalLong.of(192 * GIB),
                                Optional.empty())),
                answer.devices());
        assertEquals(
                new Reading.Known(
                        Optional.of(new Reading.Memory(192 * GIB, GIB, 191 * GIB)),
                        Optional.of(List.of()),
                        Reading.ComputeMode.SHARED,
                        new Reading.Figures(
                                OptionalInt.of(17),
                                OptionalInt.of(41),
                                OptionalInt.of(140000),
                                OptionalInt.of(750000))),
                reading(1));
    }

    @Test
    void cardWithoutNames_isCountedAndCalledByItsArchitecture() throws Exception {
        machine.card(0);
        Files.delete(machine.pci(1).resolve("product_name"));
        Device device = look().devices().get(0);
        assertEquals(new GpuId.Index(0), device.id());
        assertEquals("AMD gfx942", device.name());
    }

    @Test
    void noGpu_isAnAnswerWithoutCards() {
        assertEquals(List.of(), look().devices());
    }

    @Test
    void noDriver_isSilence() throws Exception {
        Survey survey = new AmdBackend(root.resolve("elsewhere")).survey();
        assertEquals(
                new Survey.Silence(
                        "amdgpu: " + AmdBackend.place(root.resolve("elsewhere")) + ": no such file or directory"),
                survey);
    }

    @Test
    void process_isOnTheCardWhereItHasMemoryOrAQueue() throws Exception {
        machine.card(1).card(2).card(3);
        machine.process(SELF, 1, 5 * GIB);
        machine.process(1, 3, 0).queue(1, 2);
        assertEquals(Optional.of(List.of((int) SELF)), pids(0));
        assertEquals(Optional.of(List.of(1)), pids(1));
        assertEquals(Optional.of(List.of()), pids(2));
        GpuProcess self = ((Reading.Known) reading(0)).processes().orElseThrow().get(0);
        assertEquals(OptionalLong.of(5 * GIB), self.memory());
        assertEquals(GpuProcess.Kind.COMPUTE, self.kind());
        assertTrue(self.startTicks().isPresent());
    }

    @Test
    void processWithParts_countsThemAll() throws Exception {
        machine.card(1);
        machine.process(1, 1, GIB);
        Path part = Files.createDirectories(machine.place(1).resolve("context_7"));
        Files.writeString(part.resolve("vram_1001"), 2 * GIB + "\n");
        assertEquals(
                OptionalLong.of(3 * GIB),
                ((Reading.Known) reading(0)).processes().orElseThrow().get(0).memory());
    }

    @Test
    void otherNamespace_processesCouldNotBeTold() throws Exception {
        machine.card(1).process(1, 1, GIB).namespace("pid:[4026532000]");
        assertEquals(Optional.empty(), pids(0));
        Files.delete(root.resolve("proc/self/ns/pid"));
        assertEquals(Optional.empty(), pids(0));
    }

    @Test
    void processListMissingOrStrange_processesCouldNotBeTold() throws Exception {
        machine.card(1).process(1, 1, GIB);
        Files.writeString(machine.place(1).resolve("vram_1001"), "lots\n");
        assertEquals(Optional.empty(), pids(0));
        Files.delete(machine.place(1).resolve("vram_1001"));
        Files.delete(machine.place(1));
        assertEquals(Optional.of(List.of()), pids(0));
        Files.delete(root.resolve("sys/class/kfd/kfd/proc"));
        assertEquals(Optional.empty(), pids(0));
    }

    @Test
    void memoryThatCannotBe_isUnreadable() throws Exception {
        machine.card(1);
        Path used = machine.pci(1).resolve("mem_info_vram_used");
        Files.writeString(used, "");
        assertEquals(new Reading.Unreadable("amdgpu: " + used + " holds no number"), reading(0));
        Files.writeString(used, 193 * GIB + "\n");
        assertInstanceOf(Reading.Unreadable.class, reading(0));
        Files.delete(used);
        assertEquals(new Reading.Unreadable("amdgpu: " + used + ": no such file or directory"), reading(0));
    }

    @Test
    void noWayIn_isForbidden() throws Exception {
        machine.card(1);
        Files.delete(root.resolve("dev/kfd"));
        assertEquals(new Reading.Forbidden(root.resolve("dev/kfd") + " is not here"), reading(0));
    }

    @Test
    void partsOfOneCard_haveNoMemoryOfTheirOwn() throws Exception {
        machine.card(7, 0x43).card(7, 0x43);
        assertEquals(List.of(new GpuId.Index(0), new GpuId.Index(1)), Device.ids(look().devices()));
        assertEquals(
                Optional.empty(),
                assertInstanceOf(Reading.Known.class, reading(1)).memory());
    }

    @Test
    void cardsJoinedByXgmi_areClose() throws Exception {
        machine.card(1).card(2).card(3);
        machine.link(1, 2, 11, 15).link(2, 1, 11, 15).link(1, 3, 2, 20).link(1, 0, 2, 20);
        List<GpuId> ids = Device.ids(look().devices());
        Links links = look().links();
        assertEquals(new Links.Link(true, 15), links.between(ids.get(1), ids.get(0)));
        assertFalse(links.between(ids.get(0), ids.get(2)).nvlink());
    }
}
