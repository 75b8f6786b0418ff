package gpuspool.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiscoveryTest {
    @TempDir
    private Path root;

    private CardSource find(String devices, Map<String, String> environment) throws BadDeviceListException {
        return Discovery.find(Optional.ofNullable(devices), environment, root);
    }

    private static CardSource cards(int... numbers) {
        List<GpuId> cards = java.util.Arrays.stream(numbers)
                .<GpuId>mapToObj(GpuId.Index::new)
                .toList();
        return CardSource.onTrust(cards);
    }

    @Test
    void devicesNamed_winOverEverything() throws Exception {
        Files.createDirectories(root.resolve("dev/nvidia0"));
        assertEquals(cards(1), find("1", Map.of("CUDA_VISIBLE_DEVICES", "0,2")));
    }

    @Test
    void devicesNamedButEmpty_isAMistake() {
        BadDeviceListException e = assertThrows(BadDeviceListException.class, () -> find(" ", Map.of()));
        assertEquals("--devices: the list is empty; write for example 0,1 or sim:4", e.getMessage());
    }

    @Test
    void visibleDevicesSet_areTaken() throws Exception {
        assertEquals(cards(0, 2), find(null, Map.of("CUDA_VISIBLE_DEVICES", "2,0")));
    }

    @Test
    void visibleDevicesEmpty_meansNoneAndSaysSo() throws Exception {
        assertEquals(
                new CardSource.OnTrust(
                        List.of(),
                        Optional.of(
                                "CUDA_VISIBLE_DEVICES is set but empty: no GPUs here, only jobs with gpus = 0 can run")),
                find(null, Map.of("CUDA_VISIBLE_DEVICES", "")));
    }

    @Test
    void visibleDevicesNotUnderstood_isNeverAllCards() {
        BadDeviceListException e = assertThrows(
                BadDeviceListException.class, () -> find(null, Map.of("CUDA_VISIBLE_DEVICES", "NoDevFiles")));
        assertEquals(
                "CUDA_VISIBLE_DEVICES: \"NoDevFiles\" in \"NoDevFiles\" names no GPU; write indices (0,1), UUIDs (GPU-…, MIG-…) "
                        + "or sim:N for N simulated GPUs",
                e.getMessage());
    }

    @Test
    void noTraceOfADriver_assumesOneAndSaysSo() throws Exception {
        assertEquals(
                new CardSource.OnTrust(
                        List.of(Device.onTrust(new GpuId.Index(0))),
                        Optional.of("no GPU driver found: assuming ONE GPU with index 0. Name your GPUs with "
                                + "--devices 0,1 or try things out with --devices sim:4")),
                find(null, Map.of()));
    }
}
