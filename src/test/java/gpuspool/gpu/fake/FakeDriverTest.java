package gpuspool.gpu.fake;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stand-ins among themselves: what one does, the others see. */
class FakeDriverTest {
    @TempDir
    private Path dir;

    @BeforeAll
    static void compiler() {
        FakeDriver.needCompiler();
    }

    @Test
    void nvidiaSmi_tellsTheState() throws Exception {
        FakeDriver driver = FakeDriver.in(dir.resolve("driver"), 2);
        driver.gpu(1).name("NVIDIA H200").process(4711, "10GiB");

        assertEquals(
                List.of(
                        "GPU 0: NVIDIA Fake 80GB (UUID: " + driver.gpu(0).uuid() + ")",
                        "GPU 1: NVIDIA H200 (UUID: " + driver.gpu(1).uuid() + ")"),
                smi(driver, 0, "-L"));
        assertEquals(
                List.of("1, 10244, [N/A]"),
                smi(
                        driver,
                        0,
                        "-i",
                        driver.gpu(1).uuid(),
                        "--query-gpu=index,memory.used,mig.mode.current",
                        "--format=csv,noheader,nounits"));
        assertEquals(
                List.of(driver.gpu(1).uuid() + ", 4711, 10240"),
                smi(driver, 0, "--query-compute-apps=gpu_uuid,pid,used_memory", "--format=csv,noheader,nounits"));

        driver.lose(0);
        assertEquals(
                List.of(
                        "Unable to determine the device handle for GPU00000000:01:00.0: GPU is lost.  Reboot the system to"
                                + " recover this GPU",
                        "1"),
                smi(driver, 15, "--query-gpu=index", "--format=csv,noheader"));
        driver.initError(18);
        assertEquals(List.of("Failed to initialize NVML: Driver/library version mismatch"), smi(driver, 18, "-L"));
        driver.smiSays("so sorry");
        assertEquals(List.of("so sorry"), smi(driver, 0, "-L"));
    }

    @Test
    void stranger_isOnTheCardUntilItIsKilled() throws Exception {
        FakeDriver driver = FakeDriver.in(dir.resolve("driver"), 1);
        Process stranger = driver.stranger(0, "10GiB");
        assertEquals(List.of(stranger.pid() + ", 10240"), apps(driver));

        stranger.destroyForcibly();
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertEquals(List.of(), apps(driver)));
    }

    @Test
    void cuda_showsAsMemoryOfItsProcess() throws Exception {
        FakeDriver driver = FakeDriver.in(dir.resolve("driver"), 1);
        long self = ProcessHandle.current().pid();
        try (NativeLibrary cuda = NativeLibrary.getInstance(driver.cuda().toString())) {
            assertEquals(0, call(cuda, "cuInit", 0));
            PointerByReference context = new PointerByReference();
            assertEquals(0, call(cuda, "cuDevicePrimaryCtxRetain", context, 0));
            assertEquals(0, call(cuda, "cuCtxSetCurrent", context.getValue()));
            assertEquals(List.of(self + ", 300"), apps(driver));

            LongByReference address = new LongByReference();
            assertEquals(0, call(cuda, "cuMemAlloc_v2", address, 10L << 30));
            assertEquals(List.of(self + ", 10540"), apps(driver));
            assertEquals(2, call(cuda, "cuMemAlloc_v2", new LongByReference(), 70L << 30));
            assertEquals(0, call(cuda, "cuMemFree_v2", address.getValue()));
            assertEquals(List.of(self + ", 300"), apps(driver));

            IntByReference device = new IntByReference();
            assertEquals(101, call(cuda, "cuDeviceGet", device, 1));
            assertEquals(0, call(cuda, "cuDevicePrimaryCtxRelease_v2", 0));
            assertEquals(List.of(), apps(driver));
        }
    }

    @Test
    void useCard_takesTheCardThatItWasGiven() throws Exception {
        FakeDriver driver = FakeDriver.in(dir.resolve("driver"), 2);
        assertEquals(List.of("use-card: no card is visible"), useCard(driver, "", 3));
        driver.gpu(1).process(1, "75GiB");
        assertEquals(
                List.of("use-card: out of memory on card 1"),
                useCard(driver, driver.gpu(1).uuid(), 4));
        assertEquals(List.of(), useCard(driver, driver.gpu(0).uuid().substring(0, 12), 0));
    }

    private static List<String> useCard(FakeDriver driver, String visible, int status) throws Exception {
        return run(status, Map.of("CUDA_VISIBLE_DEVICES", visible), driver.directory() + "/use-card", "20GiB", "0.01");
    }

    private static int call(NativeLibrary library, String name, Object... arguments) {
        Function function = library.getFunction(name);
        return function.invokeInt(arguments);
    }

    private static List<String> apps(FakeDriver driver) throws Exception {
        return smi(driver, 0, "--query-compute-apps=pid,used_memory", "--format=csv,noheader,nounits");
    }

    private static List<String> smi(FakeDriver driver, int status, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(driver.smi().toString()));
        command.addAll(List.of(words));
        return run(status, Map.of(), command.toArray(String[]::new));
    }

    private static List<String> run(int status, Map<String, String> environment, String... words)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        List<String> said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(status, process.waitFor(), () -> String.join("\n", said));
        return said;
    }
}
