package gpuspool.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import gpuspool.gpu.fake.FakeAmd;
import gpuspool.gpu.fake.FakeDriver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which way of asking is taken, on machines that exist only for tests. */
final class FinderTest {
    private static final String NVIDIA = "GPU-00000000-fa4e-4000-8000-000000000000";
    private static final String AMD = "GPU-00000000000000a1";

    @TempDir
    private Path root;

    private final Map<String, String> environment = new HashMap<>();
    private Optional<Backend> backend = Optional.empty();

    @BeforeAll
    static void compiler() {
        FakeDriver.needCompiler();
    }

    @AfterEach
    void letGo() {
        backend.ifPresent(Backend::close);
    }

    /** The name of the way and the words of the cards; or its reason for saying nothing. */
    private List<String> find() throws Exception {
        letGo();
        environment.put("GPUSPOOL_TEST_ROOT", root.toString());
        CardSource.Driven driven =
                assertInstanceOf(CardSource.Driven.class, Discovery.find(Optional.empty(), "devices", environment));
        backend = Optional.of(driven.finder().get());
        Survey survey = backend.get().survey();
        return survey instanceof Survey.Answer answer
                ? List.of(
                        backend.get().name(),
                        answer.devices().stream()
                                .map(device -> device.id().word())
                                .toList()
                                .toString())
                : List.of(((Survey.Silence) survey).reason());
    }

    private FakeDriver library(int cards) {
        return FakeDriver.in(root.resolve("usr/lib"), cards);
    }

    private FakeDriver program(int cards) {
        FakeDriver driver = FakeDriver.in(root.resolve("tools"), cards);
        environment.put("PATH", driver.directory().toString());
        return driver;
    }

    /** One of NVIDIA's cards sits in it. */
    private void plugIn() throws Exception {
        Path card = Files.createDirectories(root.resolve("sys/bus/pci/devices/0000:99:00.0"));
        Files.writeString(card.resolve("vendor"), "0x10de\n");
        Files.writeString(card.resolve("class"), "0x030200\n");
    }

    @Test
    void library_isAskedFirst() throws Exception {
        FakeAmd unused = FakeAmd.in(root).card(0xa1);
        program(2);
        library(1);
        assertEquals(List.of("NVML", "[" + NVIDIA + "]"), find());
    }

    @Test
    void underWsl_itsOwnLibraryIsAskedFirst() throws Exception {
        library(2);
        FakeDriver wsl = FakeDriver.in(root.resolve("usr/lib/wsl/lib"), 1);
        assertEquals(2, find().get(1).split(",").length);
        Files.createFile(Files.createDirectories(root.resolve("dev")).resolve("dxg"));
        wsl.gpu(0).uuid("GPU-aaaaaaaa-fa4e-4000-8000-000000000000");
        assertEquals(List.of("NVML", "[GPU-aaaaaaaa-fa4e-4000-8000-000000000000]"), find());
    }

    @Test
    void libraryThatFails_theProgramIsAsked() throws Exception {
        library(1).initError(18);
        program(1);
        assertEquals(List.of("nvidia-smi", "[" + NVIDIA + "]"), find());
    }

    @Test
    void noLibrary_theProgramIsAsked() throws Exception {
        program(1);
        assertEquals(List.of("nvidia-smi", "[" + NVIDIA + "]"), find());
    }

    @Test
    void bothFail_theLibrarysReasonIsGiven() throws Exception {
        library(1).initError(18).version("570.86.15");
        program(1).initError(18);
        String reason = find().get(0);
        assertEquals("NVML: Driver/library version mismatch (18) from nvmlInit_v2", reason.split(";")[0]);
    }

    @Test
    void neitherIsThere_theReasonSaysSo() throws Exception {
        Files.createDirectories(root.resolve("proc/driver/nvidia"));
        assertEquals(
                List.of(
                        "NVIDIA's driver is here (" + root
                                + "/proc/driver/nvidia), but not what to ask it by: there is no libnvidia-ml.so.1; there is no nvidia-smi"),
                find());
    }

    @Test
    void nothingOfNvidia_amdIsAsked() throws Exception {
        FakeAmd unused = FakeAmd.in(root).card(0xa1);
        assertEquals(List.of("amdgpu", "[" + AMD + "]"), find());
    }

    @Test
    void libraryWithoutADriver_amdIsAsked() throws Exception {
        FakeAmd unused = FakeAmd.in(root).card(0xa1);
        library(1).initError(9);
        assertEquals(List.of("amdgpu", "[" + AMD + "]"), find());
    }

    @Test
    void nvidiaWithoutCards_amdIsAsked() throws Exception {
        FakeAmd unused = FakeAmd.in(root).card(0xa1);
        Files.createDirectories(root.resolve("proc/driver/nvidia"));
        library(0);
        assertEquals(List.of("amdgpu", "[" + AMD + "]"), find());
    }

    @Test
    void nvidiaWithoutCardsAndNothingElse_isAnAnswer() throws Exception {
        library(0);
        assertEquals(List.of("NVML", "[]"), find());
    }

    /** A processor's own graphics must not become the card of a machine whose driver was updated and awaits a reboot. */
    @Test
    void nvidiaIsHereAndFails_amdTakesNotItsPlace() throws Exception {
        FakeAmd unused = FakeAmd.in(root).card(0xa1);
        library(1).initError(9);
        plugIn();
        assertEquals(
                "NVML: Driver Not Loaded (9) from nvmlInit_v2", find().get(0).split(";")[0]);
        Files.delete(root.resolve("sys/bus/pci/devices/0000:99:00.0/vendor"));
        Files.createFile(root.resolve("dev/nvidiactl"));
        assertEquals(
                "NVML: Driver Not Loaded (9) from nvmlInit_v2", find().get(0).split(";")[0]);
    }

    /** Its card may belong to a virtual machine. */
    @Test
    void nvidiasCardWithoutAnythingToAskItBy_amdIsAsked() throws Exception {
        FakeAmd unused = FakeAmd.in(root).card(0xa1);
        plugIn();
        assertEquals(List.of("amdgpu", "[" + AMD + "]"), find());
    }

    @Test
    void firstSurvey_isNotMadeTwiceAndTheNextIsFresh() throws Exception {
        FakeDriver driver = library(1);
        assertEquals(List.of("NVML", "[" + NVIDIA + "]"), find());
        driver.gpu(0).lose();
        Survey.Answer next = (Survey.Answer) backend.orElseThrow().survey();
        assertInstanceOf(Reading.Sick.class, next.readings().values().iterator().next());
    }
}
