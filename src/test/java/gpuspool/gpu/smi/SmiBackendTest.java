package gpuspool.gpu.smi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.Reading;
import gpuspool.gpu.Survey;
import gpuspool.gpu.fake.FakeDriver;
import gpuspool.posix.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SmiBackendTest {
    private static final long GIB = 1L << 30;
    private static final long SELF = ProcessHandle.current().pid();

    @TempDir
    private Path dir;

    @BeforeAll
    static void compiler() {
        FakeDriver.needCompiler();
    }

    private SmiBackend backend(Path program) {
        return new SmiBackend(
                program,
                new Command(Duration.ofSeconds(30)),
                new HashMap<>(Map.of("PATH", System.getenv("PATH"))),
                dir);
    }

    private static Survey.Answer answer(SmiBackend backend) {
        return assertInstanceOf(Survey.Answer.class, backend.survey());
    }

    private static Reading reading(SmiBackend backend, int number) {
        Survey.Answer answer = answer(backend);
        return answer.readings().get(answer.devices().get(number).id());
    }

    private static Reading.Known known(SmiBackend backend, int number) {
        return assertInstanceOf(Reading.Known.class, reading(backend, number));
    }

    private static Optional<List<Integer>> pids(Reading.Known known) {
        return known.processes().map(list -> list.stream().map(GpuProcess::pid).toList());
    }

    // ---- a program that answers

    @Test
    void cards_areDescribed() {
        FakeDriver driver = FakeDriver.in(dir.resolve("driver"), 2).version("570.86.15");
        driver.gpu(1).name("NVIDIA H200").process(SELF, "10GiB").figures(33, 60, 350500, 700000);
        Survey.Answer answer = answer(backend(driver.smi()));
        assertEquals("NVIDIA 570.86.15", answer.driver());
        assertEquals(
                new Device(
                        driver.gpu(1).id(),
                        Device.Vendor.NVIDIA,
                        OptionalInt.of(1),
                        "NVIDIA H200",
                        "00000000:02:00.0",
                        OptionalLong.of(80 * GIB),
                        Optional.empty()),
                answer.devices().get(1));
        Reading.Known idle = (Reading.Known) answer.readings().get(driver.gpu(0).id());
        assertEquals(Optional.of(List.of()), idle.processes());
        Reading.Known busy = (Reading.Known) answer.readings().get(driver.gpu(1).id());
        assertEquals(Optional.of(List.of((int) SELF)), pids(busy));
        assertEquals(
                OptionalLong.of(10 * GIB), busy.processes().orElseThrow().get(0).memory());
        assertEquals(80 * GIB, busy.memory().orElseThrow().total());
        assertTrue(busy.memory().orElseThrow().used() >= 10 * GIB);
        assertEquals(
                new Reading.Figures(
                        OptionalInt.of(33), OptionalInt.of(60), OptionalInt.of(350500), OptionalInt.of(700000)),
                busy.figures());
    }

    @Test
    void whatIsNoNumber_isUnknownNeverZero() {
        FakeDriver driver = FakeDriver.in(dir.resolve("driver"), 1);
        driver.gpu(0).process(SELF, "-1").figures(-1, -1, -1, -1).memoryError(4);
        Reading.Known known = known(backend(driver.smi()), 0);
        assertEquals(Optional.empty(), known.memory());
        assertEquals(
                OptionalLong.empty(), known.processes().orElseThrow().get(0).memory());
        assertEquals(Reading.Figures.NONE, known.figures());
    }

    @Test
    void computeMode_isRead() {
        FakeDriver driver = FakeDriver.in(dir.resolve("driver"), 1);
        SmiBackend backend = backend(driver.smi());
        assertEquals(Reading.ComputeMode.SHARED, known(backend, 0).mode());
        driver.gpu(0).computeMode(2);
        assertEquals(Reading.ComputeMode.PROHIBITED, known(backend, 0).mode());
        driver.gpu(0).computeMode(3);
        assertEquals(Reading.ComputeMode.EXCLUSIVE, known(backend, 0).mode());
    }

    @Test
    void recoveryAsked_isSick() {
        FakeDriver driver = FakeDriver.in(dir.resolve("driver"), 1);
        driver.gpu(0).recovery(1);
        assertEquals(
                new Reading.Sick("the driver asks for recovery: Reset (gpu_recovery_action)"),
                reading(backend(driver.smi()), 0));
    }

    @Test
    void lostCard_isSickAndTheOthersAreToldOf() {
        FakeDriver driver = FakeDriver.in(dir.resolve("driver"), 3);
        SmiBackend backend = backend(driver.smi());
        answer(backend);
        driver.lose(1);
        driver.gpu(2).process(SELF, "1GiB");
        assertEquals(
                new Reading.Sick("nvidia-smi: GPU is lost.  Reboot the system to recover this GPU"),
                reading(backend, 1));
        assertEquals(driver.gpu(1).id(), answer(backend).devices().get(1).id());
        assertEquals(Optional.of(List.of()), pids(known(backend, 0)));
        assertEquals(Optional.of(List.of((int) SELF)), pids(known(backend, 2)));
    }

    @Test
    void lostFromTheBeginning_isKnownByWhatTheKernelTells() throws Exception {
        FakeDriver driver = FakeDriver.in(dir.resolve("driver"), 2);
        driver.lose(0);
        assertEquals(
                new GpuId.Index(0),
                answer(backend(driver.smi())).devices().get(0).id());
        Path card = Files.createDirectories(dir.resolve("proc/driver/nvidia/gpus/0000:01:00.0"));
        Files.writeString(
                card.resolve("information"),
                "Model: \t\t NVIDIA\nGPU UUID: \t " + driver.gpu(0).uuid() + "\n");
        assertEquals(
                driver.gpu(0).id(),
                answer(backend(driver.smi())).devices().get(0).id());
        assertInstanceOf(Reading.Sick.class, reading(backend(driver.smi()), 0));
    }

    @Test
    void unknownError_isSickTheThirdTime() {
        FakeDriver driver = FakeDriver.in(dir.resolve("driver"), 2);
        SmiBackend backend = backend(driver.smi());
        driver.gpu(1).error(999);
        assertInstanceOf(Reading.Unreadable.class, reading(backend, 1));
        assertInstanceOf(Reading.Unreadable.class, reading(backend, 1));
        assertInstanceOf(Reading.Sick.class, reading(backend, 1));
        driver.gpu(1).error(0);
        assertInstanceOf(Reading.Known.class, reading(backend, 1));
        driver.gpu(1).error(999);
        assertInstanceOf(Reading.Unreadable.class, reading(backend, 1));
        driver.gpu(1).error(4);
        assertInstanceOf(Reading.Forbidden.class, reading(backend, 1));
    }

    @Test
    void cardThatIsNoLongerListed_isUnreadable() {
        FakeDriver driver = FakeDriver.in(dir.resolve("driver"), 2);
        SmiBackend backend = backend(driver.smi());
        answer(backend);
        driver.unplug(1);
        assertEquals(
                new Reading.Unreadable("nvidia-smi: nvidia-smi said \"No devices were found\" (exit status 6)"),
                reading(backend, 1));
    }

    @Test
    void splitGpu_isItsInstancesOfWhichNothingIsTold() {
        FakeDriver driver = FakeDriver.in(dir.resolve("driver"), 2);
        driver.gpu(1).split(7).instance(0, "10GiB", 1, 0).instance(1, "10GiB", 2, 0);
        SmiBackend backend = backend(driver.smi());
        List<Device> devices = answer(backend).devices();
        assertEquals(
                List.of(
                        driver.gpu(0).id(),
                        new GpuId.Uuid(driver.gpu(1).instanceUuid(0)),
                        new GpuId.Uuid(driver.gpu(1).instanceUuid(1))),
                Device.ids(devices));
        assertEquals(Optional.of(driver.gpu(1).uuid()), devices.get(1).parent());
        assertInstanceOf(Reading.Unreadable.class, reading(backend, 1));
    }

    // ---- one that does not

    @Test
    void driverThatDoesNotWork_isSilenceInItsWords() {
        FakeDriver driver = FakeDriver.in(dir.resolve("driver"), 1).initError(18);
        assertEquals(
                new Survey.Silence(
                        "nvidia-smi said \"Failed to initialize NVML: Driver/library version mismatch\" (exit status 18)"),
                backend(driver.smi()).survey());
    }

    @Test
    void garbage_isSilence() {
        FakeDriver driver = FakeDriver.in(dir.resolve("driver"), 1).smiSays("so sorry");
        assertEquals(
                new Survey.Silence("nvidia-smi said \"so sorry\""),
                backend(driver.smi()).survey());
    }

    private Path script(String text) throws IOException {
        Path file = dir.resolve("nvidia-smi");
        Files.writeString(file, "#!/bin/sh\n" + text);
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }

    private static final String ROW =
            "0, GPU-aaaa-bbbb, 00000000:01:00.0, 1000, 10, 990, 0, 30, 70.5, 400, Default, Disabled, None, 570.1, NVIDIA, the best";

    @Test
    void nameWithACommaAndLinesInBetween_areUnderstood() throws Exception {
        SmiBackend backend = backend(script("case \"$*\" in *query-gpu*) echo warning: something; echo '" + ROW
                + "'; echo; echo 'trailing, words';; esac"));
        assertEquals("NVIDIA, the best", answer(backend).devices().get(0).name());
        assertEquals(1, answer(backend).devices().size());
    }

    @Test
    void fieldsThatItDoesNotKnow_areLeftOut() throws Exception {
        SmiBackend backend = backend(script("echo \"$*\" >> " + dir + "/asked\n"
                + "case \"$*\" in *gpu_recovery_action*) echo 'Field \"gpu_recovery_action\" is not a valid field to query.'; exit 2;;\n"
                + "*query-gpu*) echo '" + ROW.replace(" None,", "") + "';;\n*remapped*) exit 2;; esac"));
        assertEquals(1000L << 20, known(backend, 0).memory().orElseThrow().total());
        Files.delete(dir.resolve("asked"));
        assertInstanceOf(Reading.Known.class, reading(backend, 0));
        assertEquals(2, Files.readAllLines(dir.resolve("asked")).size(), "gpus and processes, nothing in vain");
    }

    @Test
    void processesNotUnderstood_areNotNone() throws Exception {
        for (String said : List.of("what?", "GPU-aaaa-bbbb, 0, 10", "GPU-aaaa-bbbb, 12, 1001", "GPU-aaaa-bbbb")) {
            SmiBackend backend = backend(
                    script("case \"$*\" in *query-gpu*) echo '" + ROW + "';; *apps*) echo '" + said + "';; esac"));
            assertEquals(Optional.empty(), known(backend, 0).processes(), said);
        }
        SmiBackend failing =
                backend(script("case \"$*\" in *query-gpu*) echo '" + ROW + "';; *apps*) exit 255;; esac"));
        assertEquals(Optional.empty(), known(failing, 0).processes());
        SmiBackend none = backend(script(
                "case \"$*\" in *query-gpu*) echo '" + ROW + "';; *apps*) echo No running processes found;; esac"));
        assertEquals(Optional.of(List.of()), known(none, 0).processes());
    }

    @Test
    void failedRemap_isSick() throws Exception {
        SmiBackend backend = backend(script(
                "case \"$*\" in *query-gpu*) echo '" + ROW + "';; *remapped*) echo 'GPU-aaaa-bbbb, Yes';; esac"));
        assertInstanceOf(Reading.Sick.class, reading(backend, 0));
    }

    /** Some print only that one GPU is lost, and nothing of the others. */
    @Test
    void listThatEndsAtALostCard_theOthersAreAskedOneByOne() throws Exception {
        Files.createDirectories(dir.resolve("proc/driver/nvidia/gpus/0000:01:00.0"));
        SmiBackend backend = backend(script("case \"$*\" in\n*-i*01:00.0*query-gpu*) echo '" + ROW + "';;\n"
                + "*query-gpu*) echo 'Unable to determine the device handle for GPU 0000:02:00.0: Unknown Error'; exit 255;;\n"
                + "*-i*apps*) ;;\n*apps*) exit 255;; esac"));
        assertEquals(Optional.of(List.of()), pids(known(backend, 0)));
        assertInstanceOf(Reading.Unreadable.class, reading(backend, 1));
    }

    @Test
    void valueThatSaysLost_isSick() throws Exception {
        SmiBackend backend = backend(
                script("case \"$*\" in *query-gpu*) echo '" + ROW.replace(" 10,", " [GPU is lost],") + "';; esac"));
        assertEquals(new Reading.Sick("nvidia-smi: [GPU is lost]"), reading(backend, 0));
    }

    @Test
    void exitStatusOfADamagedInforom_isNoFailure() throws Exception {
        SmiBackend backend = backend(script("case \"$*\" in *query-gpu*) echo '" + ROW + "'; exit 14;; esac; exit 14"));
        assertEquals(Optional.of(List.of()), pids(known(backend, 0)));
    }

    @Test
    void programThatHangs_isSilence() throws Exception {
        SmiBackend backend = new SmiBackend(
                script("exec sleep 600"), new Command(Duration.ofSeconds(1)), Map.of("PATH", "/usr/bin:/bin"), dir);
        assertEquals(
                new Survey.Silence("nvidia-smi: " + dir + "/nvidia-smi did not end within 1000 ms"), backend.survey());
    }

    @Test
    void language_isAlwaysTheSame() throws Exception {
        SmiBackend backend = new SmiBackend(
                script("echo \"$LC_ALL\""),
                new Command(Duration.ofSeconds(30)),
                Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "de_DE.UTF-8"),
                dir);
        assertEquals(new Survey.Silence("nvidia-smi said \"C\""), backend.survey());
    }
}
