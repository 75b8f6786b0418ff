package gpuspool.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.Device.Vendor;
import gpuspool.job.Pin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class CardVariablesTest {
    private static Device card(String uuid, int index, Vendor vendor, String parent) {
        return new Device(
                new GpuId.Uuid(uuid),
                vendor,
                OptionalInt.of(index),
                "NVIDIA H200",
                "00000000:3B:00.0",
                OptionalLong.of(1L << 30),
                Optional.ofNullable(parent));
    }

    private static final Device THREE = card("GPU-33", 3, Vendor.NVIDIA, null);
    private static final Device ZERO = card("GPU-00", 0, Vendor.NVIDIA, null);
    private static final Device MIG = card("MIG-1a", 1, Vendor.NVIDIA, "GPU-11");

    private static String told(List<Device> cards, Vendor vendor, Pin pin) {
        return CardVariables.of(cards, OptionalLong.empty(), vendor, pin).toString();
    }

    @Test
    void cardsOfADriver_areToldByWholeNames() {
        assertEquals(
                "{CUDA_DEVICE_ORDER=PCI_BUS_ID, CUDA_VISIBLE_DEVICES=GPU-00,GPU-33, GPUSPOOL_GPUS=0,3, "
                        + "GPUSPOOL_GPU_UUIDS=GPU-00,GPU-33}",
                told(List.of(ZERO, THREE), Vendor.NVIDIA, Pin.UUID));
    }

    @Test
    void pinnedByIndex_areToldByNumbers_butPartsOfAGpuHaveNone() {
        assertEquals(
                "{CUDA_DEVICE_ORDER=PCI_BUS_ID, CUDA_VISIBLE_DEVICES=0,MIG-1a, GPUSPOOL_GPUS=0,MIG-1a, "
                        + "GPUSPOOL_GPU_UUIDS=GPU-00,MIG-1a}",
                told(List.of(ZERO, MIG), Vendor.NVIDIA, Pin.INDEX));
    }

    @Test
    void noCard_isAnEmptyList() {
        assertEquals(
                "{CUDA_DEVICE_ORDER=PCI_BUS_ID, CUDA_VISIBLE_DEVICES=, GPUSPOOL_GPUS=, GPUSPOOL_GPU_UUIDS=}",
                told(List.of(), Vendor.NVIDIA, Pin.UUID));
        assertEquals(
                "{GPUSPOOL_GPUS=, GPUSPOOL_GPU_UUIDS=, ROCR_VISIBLE_DEVICES=}", told(List.of(), Vendor.AMD, Pin.UUID));
    }

    @Test
    void onTrust_areToldByNumbers() {
        assertEquals(
                "{CUDA_DEVICE_ORDER=PCI_BUS_ID, CUDA_VISIBLE_DEVICES=0,2, GPUSPOOL_GPUS=0,2, GPUSPOOL_GPU_UUIDS=}",
                told(
                        List.of(Device.onTrust(new GpuId.Simulated(0)), Device.onTrust(new GpuId.Simulated(2))),
                        Vendor.NVIDIA,
                        Pin.UUID));
    }

    @Test
    void cardsOfAmd_areToldByOneLayerAlone_andAShareByItsBytes() {
        Map<String, String> told = CardVariables.of(
                List.of(card("GPU-ab", 1, Vendor.AMD, null)), OptionalLong.of(20L << 30), Vendor.AMD, Pin.UUID);
        assertEquals(
                "{GPUSPOOL_GPUS=1, GPUSPOOL_GPU_MEM=21474836480, GPUSPOOL_GPU_UUIDS=GPU-ab,"
                        + " ROCR_VISIBLE_DEVICES=GPU-ab}",
                told.toString());
        assertTrue(CardVariables.hidden(Vendor.AMD)
                .containsAll(List.of(
                        "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "HIP_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL")));
        assertEquals(List.of(), CardVariables.hidden(Vendor.NVIDIA));
    }
}
