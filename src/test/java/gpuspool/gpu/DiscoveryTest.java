package gpuspool.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import gpuspool.gpu.fake.FakeAmd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the cards come from, before any driver is asked; {@link FinderTest} has what comes of asking. */
final class DiscoveryTest {
    @TempDir
    private Path root;

    private CardSource find(String devices, String... variables) throws BadDeviceListException {
        Map<String, String> environment = new HashMap<>(Map.of("GPUSPOOL_TEST_ROOT", root.toString()));
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return Discovery.find(Optional.ofNullable(devices), "spool.toml:3", environment);
    }

    private static CardSource onTrust(String warning, String... words) {
        List<Device> devices = List.of(words).stream()
                .map(word -> Device.onTrust(GpuId.parse(word).orElseThrow()))
                .toList();
        return new CardSource.OnTrust(devices, Optional.ofNullable(warning));
    }

    /** The words of the cards that are chosen among those that AMD's driver tells of. */
    private List<String> chosen(CardSource source) throws BadDeviceListException {
        CardSource.Driven driven = assertInstanceOf(CardSource.Driven.class, source);
        try (Backend backend = driven.finder().get()) {
            Survey.Answer answer = assertInstanceOf(Survey.Answer.class, backend.survey());
            return driven.selection().of(answer).stream()
                    .map(device -> device.id().word())
                    .toList();
        }
    }

    // ---- a driver

    private static final String ONE = "GPU-00000000000000a1";
    private static final String TWO = "GPU-00000000000000a2";

    @Test
    void nothingNamed_allThatTheDriverTellsOf() throws Exception {
        FakeAmd unused = FakeAmd.in(root).card(0xa1).card(0xa2);
        assertEquals(List.of(ONE, TWO), chosen(find(null)));
    }

    @Test
    void devicesNamed_winOverEverything() throws Exception {
        FakeAmd unused = FakeAmd.in(root).card(0xa1).card(0xa2);
        assertEquals(List.of(TWO), chosen(find("1", "CUDA_VISIBLE_DEVICES", "0", "ROCR_VISIBLE_DEVICES", "0")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1                    | GPU-00000000000000a2",
                "GPU-00000000000000A1 | GPU-00000000000000a1",
                "1,-1,0               | GPU-00000000000000a2",
                "0,NoDevFiles,7,what? | GPU-00000000000000a1",
            })
    void visibleDevices_areLookedUp(String visible, String words) throws Exception {
        FakeAmd unused = FakeAmd.in(root).card(0xa1).card(0xa2);
        assertEquals(List.of(words), chosen(find(null, "CUDA_VISIBLE_DEVICES", visible)));
    }

    @Test
    void amdsVisibleDevices_chooseAmongAmds() throws Exception {
        FakeAmd unused = FakeAmd.in(root).card(0xa1).card(0xa2);
        assertEquals(List.of(TWO), chosen(find(null, "ROCR_VISIBLE_DEVICES", "1")));
        assertEquals(List.of(), chosen(find(null, "ROCR_VISIBLE_DEVICES", "")));
        BadDeviceListException e =
                assertThrows(BadDeviceListException.class, () -> chosen(find(null, "ROCR_VISIBLE_DEVICES", "2")));
        assertEquals(
                "ROCR_VISIBLE_DEVICES: no GPU 2 here; there are 0 (AMD Instinct MI300X, GPU-00000000…), "
                        + "1 (AMD Instinct MI300X, GPU-00000000…)",
                e.getMessage());
    }

    @Test
    void amdsVisibleDevicesWithoutAmd_sayNothing() throws Exception {
        assertEquals(find(null), find(null, "ROCR_VISIBLE_DEVICES", "what?"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"proc/driver/nvidia", "dev/nvidiactl", "dev/nvidia0", "dev/dxg", "dev/kfd", "sys/class/kfd"})
    void traceOfADriver_nothingIsTakenOnTrust(String trace) throws Exception {
        Files.createDirectories(root.resolve(trace));
        for (String devices : new String[] {null, "0,1"}) {
            CardSource.Driven driven = assertInstanceOf(CardSource.Driven.class, find(devices));
            assertInstanceOf(Survey.Silence.class, driven.finder().get().survey());
        }
    }

    @Test
    void programThatAsksADriver_isATrace() throws Exception {
        Path program = Files.createDirectories(root.resolve("tools")).resolve("nvidia-smi");
        Files.writeString(program, "#!/bin/sh\nexit 9\n");
        assertInstanceOf(CardSource.OnTrust.class, find(null, "PATH", root + "/tools"));
        program.toFile().setExecutable(true);
        assertInstanceOf(CardSource.Driven.class, find(null, "PATH", "relative::" + root + "/tools"));
        assertInstanceOf(CardSource.OnTrust.class, find(null));
    }

    // ---- none

    @Test
    void simulated_asksNobodyEvenWhereADriverIs() throws Exception {
        FakeAmd unused = FakeAmd.in(root).card(0xa1);
        assertEquals(onTrust(null, "sim:0", "sim:1"), find("sim:2"));
    }

    @Test
    void namedWithoutADriver_areTakenOnTrustAndSaidSo() throws Exception {
        assertEquals(
                onTrust(
                        "no GPU driver found: GPUs 0,2 of spool.toml:3 are taken on trust, and nobody looks whether others use them",
                        "0",
                        "2"),
                find("2,0"));
        assertEquals(
                onTrust(
                        "no GPU driver found: GPUs 1 of CUDA_VISIBLE_DEVICES are taken on trust, and nobody looks whether others use them",
                        "1"),
                find(null, "CUDA_VISIBLE_DEVICES", "1"));
    }

    @Test
    void noTraceOfADriver_assumesOneAndSaysSo() throws Exception {
        assertEquals(
                onTrust(
                        "no GPU driver found: assuming ONE GPU with index 0. Name your GPUs with --devices 0,1 or try things out with --devices sim:4",
                        "0"),
                find(null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "NoDevFiles", "void", "none", "-1,0"})
    void visibleDevicesNone_meansNoneAndSaysSo(String visible) throws Exception {
        FakeAmd unused = FakeAmd.in(root).card(0xa1);
        assertEquals(
                onTrust("CUDA_VISIBLE_DEVICES is set but names none: no GPUs here, only jobs with gpus = 0 can run"),
                find(null, "CUDA_VISIBLE_DEVICES", visible));
    }

    @Test
    void visibleDevicesEmpty_meansNoneAndSaysSo() throws Exception {
        assertEquals(
                onTrust("CUDA_VISIBLE_DEVICES is set but empty: no GPUs here, only jobs with gpus = 0 can run"),
                find(null, "CUDA_VISIBLE_DEVICES", ""));
    }

    // ---- mistakes

    @Test
    void devicesNamedButEmpty_isAMistake() {
        BadDeviceListException e = assertThrows(BadDeviceListException.class, () -> find(" "));
        assertEquals("spool.toml:3: the list is empty; write for example 0,1 or sim:4", e.getMessage());
    }

    @Test
    void visibleDevicesNotUnderstood_isNeverAllCards() {
        BadDeviceListException e =
                assertThrows(BadDeviceListException.class, () -> find(null, "CUDA_VISIBLE_DEVICES", "all"));
        assertEquals(
                "CUDA_VISIBLE_DEVICES: \"all\" in \"all\" names no GPU; write indices (0,1), UUIDs (GPU-…, MIG-…) "
                        + "or sim:N for N simulated GPUs",
                e.getMessage());
    }
}
