package gpuspool.gpu.nvml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.Links;
import gpuspool.gpu.Reading;
import gpuspool.gpu.Survey;
import gpuspool.gpu.fake.FakeDriver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What NVML's answers become. */
class NvmlBackendTest extends NvmlBed {
    @Test
    void idleCards_areDescribed() throws Exception {
        FakeDriver driver = driver(2);
        driver.gpu(1).name("NVIDIA H200").total("141GiB").figures(97, 71, 650_500, 700_000);
        Survey.Answer answer = answer(open(driver));

        assertEquals("NVIDIA 570.86.15", answer.driver());
        assertEquals(
                new Device(
                        driver.gpu(1).id(),
                        Device.Vendor.NVIDIA,
                        OptionalInt.of(1),
                        "NVIDIA H200",
                        "00000000:02:00.0",
                        OptionalLong.of(141 * GIB),
                        Optional.empty()),
                answer.devices().get(1));
        assertEquals(
                Map.of(
                        driver.gpu(0).id(),
                        new Reading.Known(
                                Optional.of(new Reading.Memory(80 * GIB, 4 * MIB, 80 * GIB - 604 * MIB)),
                                Optional.of(List.of()),
                                Reading.ComputeMode.SHARED,
                                new Reading.Figures(
                                        OptionalInt.of(0),
                                        OptionalInt.of(31),
                                        OptionalInt.of(42_000),
                                        OptionalInt.of(400_000))),
                        driver.gpu(1).id(),
                        new Reading.Known(
                                Optional.of(new Reading.Memory(141 * GIB, 4 * MIB, 141 * GIB - 604 * MIB)),
                                Optional.of(List.of()),
                                Reading.ComputeMode.SHARED,
                                new Reading.Figures(
                                        OptionalInt.of(97),
                                        OptionalInt.of(71),
                                        OptionalInt.of(650_500),
                                        OptionalInt.of(700_000)))),
                answer.readings());
    }

    @Test
    void busyCard_tellsWhoIsThere() throws Exception {
        FakeDriver driver = driver(1);
        driver.gpu(0).process(SELF, "10GiB");
        Reading.Known known = known(open(driver), 0);

        assertEquals(10 * GIB + 4 * MIB, known.memory().orElseThrow().used());
        GpuProcess process = known.processes().orElseThrow().get(0);
        assertEquals(GpuProcess.Kind.COMPUTE, process.kind());
        assertEquals(OptionalLong.of(10 * GIB), process.memory());
        assertEquals(Optional.of(System.getProperty("user.name")), process.user());
        assertEquals(Optional.of(Files.readString(Path.of("/proc/self/comm")).strip()), process.command());
        assertTrue(process.startTicks().isPresent());
    }

    @Test
    void realStranger_isSeenUntilItIsKilled() throws Exception {
        FakeDriver driver = driver(1);
        NvmlBackend backend = open(driver);
        Process stranger = driver.stranger(0, "1GiB");
        assertEquals(
                List.of(Optional.of("use-card")),
                known(backend, 0).processes().orElseThrow().stream()
                        .map(GpuProcess::command)
                        .toList());
        stranger.destroyForcibly().waitFor();
        assertEquals(Optional.of(List.of()), known(backend, 0).processes());
    }

    @Test
    void kindsOfProcesses_areOneListWithEachOnce() throws Exception {
        FakeDriver driver = driver(1);
        driver.gpu(0)
                .process(900_001, "1GiB", "graphics")
                .process(900_002, "2GiB", "mps")
                .process(900_003, "1GiB", "graphics")
                .process(900_003, "3GiB", "compute");
        assertEquals(
                List.of("900001 GRAPHICS 1", "900002 COMPUTE 2", "900003 COMPUTE 3"),
                known(open(driver), 0).processes().orElseThrow().stream()
                        .map(p -> p.pid() + " " + p.kind() + " " + p.memory().orElseThrow() / GIB)
                        .toList());
    }

    @Test
    void hiddenMemory_isUsedWithoutAProcess() throws Exception {
        FakeDriver driver = driver(1);
        driver.gpu(0).hidden("30GiB");
        Reading.Known known = known(open(driver), 0);
        assertEquals(30 * GIB, known.memory().orElseThrow().used());
        assertEquals(Optional.of(List.of()), known.processes());
    }

    @Test
    void memoryOfAProcessNotTold_isNoNumber() throws Exception {
        FakeDriver driver = driver(1);
        driver.gpu(0).process(900_001, "-1");
        GpuProcess process = known(open(driver), 0).processes().orElseThrow().get(0);
        assertEquals(OptionalLong.empty(), process.memory());
        assertEquals(Optional.empty(), process.user());
    }

    @ParameterizedTest
    @CsvSource({"0, 1GiB", "900001, 81GiB", "4294967295, 1GiB"})
    void processThatCannotBe_makesTheListUntold(long pid, String size) throws Exception {
        FakeDriver driver = driver(1);
        driver.gpu(0).process(900_002, "1GiB").process(pid, size);
        assertEquals(Optional.empty(), known(open(driver), 0).processes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"NOW", "D535", "V2", "V1"})
    void everyDriversLists_areRead(FakeDriver.Build build) throws Exception {
        FakeDriver driver = driver(1, build);
        for (int i = 1; i <= 30; i++) {
            driver.gpu(0).process(900_000 + i, "1GiB");
        }
        Reading.Known known = known(open(driver), 0);
        assertEquals(
                30,
                known.processes().orElseThrow().stream()
                        .map(GpuProcess::pid)
                        .distinct()
                        .count());
        assertTrue(known.processes().orElseThrow().stream()
                .allMatch(p -> p.pid() > 900_000 && p.memory().equals(OptionalLong.of(GIB))));
        long reserved = build == FakeDriver.Build.NOW || build == FakeDriver.Build.D535 ? 0 : 600 * MIB;
        assertEquals(30 * GIB + 4 * MIB + reserved, known.memory().orElseThrow().used());
    }

    @Test
    void listThatGrowsWhileItIsAskedFor_isAskedForAgain() throws Exception {
        FakeDriver driver = driver(1);
        driver.gpu(0).process(900_001, "1GiB").countRace(2);
        assertEquals(1, known(open(driver), 0).processes().orElseThrow().size());
    }

    @Test
    void listThatNeverFits_isUnreadable() throws Exception {
        FakeDriver driver = driver(1);
        driver.gpu(0).process(900_001, "1GiB").countRace(1_000);
        assertEquals(
                new Reading.Unreadable("Insufficient Size (7) from nvmlDeviceGetComputeRunningProcesses_v3"),
                reading(open(driver), 0));
    }

    @Test
    void lostCard_isSickAndTheOthersAreNot() throws Exception {
        FakeDriver driver = driver(3);
        NvmlBackend backend = open(driver);
        answer(backend);
        driver.lose(1);

        assertEquals(new Reading.Sick("GPU is lost (15) from nvmlDeviceGetMemoryInfo_v2"), reading(backend, 1));
        assertEquals(driver.gpu(1).id(), answer(backend).devices().get(1).id());
        known(backend, 0);
        known(backend, 2);
    }

    @Test
    void cardLostFromTheStart_isNamedAsTheKernelNamesIt() throws Exception {
        FakeDriver driver = driver(2);
        driver.lose(1);
        driver.gpu(1).handleError(15);
        Survey.Answer answer = answer(open(driver));
        assertEquals(new GpuId.Index(1), answer.devices().get(1).id());
        assertEquals(
                new Reading.Sick("GPU is lost (15) from nvmlDeviceGetHandleByIndex_v2"),
                answer.readings().get(new GpuId.Index(1)));

        for (int i = 0; i < 2; i++) {
            Path card = Files.createDirectories(root().resolve("proc/driver/nvidia/gpus/0000:0" + (i + 1) + ":00.0"));
            Files.writeString(
                    card.resolve("information"),
                    "Model: \t\t NVIDIA H200\nGPU UUID: \t " + driver.gpu(i).uuid() + "\nDevice Minor: \t 0\n");
        }
        assertEquals(driver.gpu(1).id(), answer(open(driver)).devices().get(1).id());
    }

    @ParameterizedTest
    @CsvSource({"16, GPU requires reset", "8, Insufficient External Power", "11, Interrupt Request Issue"})
    void brokenCard_isSick(int code, String words) throws Exception {
        FakeDriver driver = driver(1);
        NvmlBackend backend = open(driver);
        known(backend, 0);
        driver.gpu(0).error(code);
        assertEquals(new Reading.Sick(words + " (" + code + ") from nvmlDeviceGetMemoryInfo_v2"), reading(backend, 0));
    }

    @Test
    void unknownError_isSickOnlyWhenItStays() throws Exception {
        FakeDriver driver = driver(1);
        NvmlBackend backend = open(driver);
        String words = "Unknown Error (999) from nvmlDeviceGetMemoryInfo_v2";
        driver.gpu(0).memoryError(999);
        assertEquals(new Reading.Unreadable(words), reading(backend, 0));
        assertEquals(new Reading.Unreadable(words), reading(backend, 0));
        driver.gpu(0).memoryError(0);
        known(backend, 0);

        driver.gpu(0).memoryError(999);
        reading(backend, 0);
        reading(backend, 0);
        assertEquals(new Reading.Sick(words + ", 3 times in a row"), reading(backend, 0));
    }

    @Test
    void unknownErrorForAHandle_isSickOnlyWhenItStays() throws Exception {
        FakeDriver driver = driver(1);
        driver.gpu(0).handleError(999);
        NvmlBackend backend = open(driver);
        String words = "Unknown Error (999) from nvmlDeviceGetHandleByIndex_v2";
        assertEquals(new Reading.Unreadable(words), reading(backend, 0));
        reading(backend, 0);
        assertEquals(new Reading.Sick(words + ", 3 times in a row"), reading(backend, 0));
        driver.gpu(0).handleError(0);
        known(backend, 0);
    }

    @ParameterizedTest
    @CsvSource({"4, Insufficient Permissions", "17, GPU access blocked by the operating system"})
    void cardThatWeMayNotUse_isForbidden(int code, String words) throws Exception {
        FakeDriver driver = driver(2);
        driver.gpu(1).handleError(code);
        NvmlBackend backend = open(driver);
        assertEquals(
                new Reading.Forbidden(words + " (" + code + ") from nvmlDeviceGetHandleByIndex_v2"),
                reading(backend, 1));
        known(backend, 0);
    }

    @Test
    void recoveryAction_isSickness() throws Exception {
        FakeDriver driver = driver(2);
        driver.gpu(0).recovery(1);
        driver.gpu(1).recovery(9);
        NvmlBackend backend = open(driver);
        assertEquals(new Reading.Sick("the driver asks for recovery: reset (1 in field 230)"), reading(backend, 0));
        assertEquals(new Reading.Sick("the driver asks for recovery: action (9 in field 230)"), reading(backend, 1));
        driver.gpu(0).recovery(-1);
        known(backend, 0);
    }

    @Test
    void failedRemap_isSickness() throws Exception {
        FakeDriver driver = driver(1);
        driver.gpu(0).remapFailed(true);
        assertEquals(
                new Reading.Sick("its memory has failed: a row could not be remapped (nvmlDeviceGetRemappedRows)"),
                reading(open(driver), 0));
    }

    @ParameterizedTest
    @CsvSource({"0, SHARED", "2, PROHIBITED", "3, EXCLUSIVE"})
    void computeMode_isTold(int mode, Reading.ComputeMode expected) throws Exception {
        FakeDriver driver = driver(1);
        driver.gpu(0).computeMode(mode);
        assertEquals(expected, known(open(driver), 0).mode());
    }

    @Test
    void figuresNotTold_areNone() throws Exception {
        FakeDriver driver = driver(1);
        driver.gpu(0).figures(-1, -1, -1, -1);
        assertEquals(Reading.Figures.NONE, known(open(driver), 0).figures());
    }

    @Test
    void memoryNotTold_isNone() throws Exception {
        FakeDriver driver = driver(1);
        driver.gpu(0).memoryError(3);
        assertEquals(Optional.empty(), known(open(driver), 0).memory());
    }

    @Test
    void processesNotTold_areNotNone() throws Exception {
        FakeDriver driver = driver(1);
        driver.gpu(0).processesError(3);
        assertEquals(Optional.empty(), known(open(driver), 0).processes());
    }

    @ParameterizedTest
    @CsvSource({
        "9, 'NVML: Driver Not Loaded (9) from nvmlInit_v2; load the kernel''s module: modprobe nvidia'",
        "12, NVML: NVML Shared Library Not Found (12) from nvmlInit_v2",
        "4, NVML: Insufficient Permissions (4) from nvmlInit_v2; may this user open /dev/nvidiactl?",
    })
    void driverThatDoesNotWork_isSilentAndRecovers(int code, String words) throws Exception {
        FakeDriver driver = driver(1).initError(code);
        assertEquals(words, silence(open(driver)));
        driver.initError(0);
        known(open(driver), 0);
    }

    @Test
    void unknownErrorOfTheDriver_namesWhatContainersDo() throws Exception {
        assertTrue(silence(open(driver(1).initError(999)))
                .startsWith("NVML: Unknown Error (999) from nvmlInit_v2; in a container: "));
    }

    @Test
    void otherVersion_namesBoth() throws Exception {
        FakeDriver driver = driver(1).version("570.86").initError(18);
        Files.createDirectories(root().resolve("proc/driver/nvidia"));
        Files.writeString(root().resolve("proc/driver/nvidia/version"), """
                NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.124.06  Release Build  (x@y)
                GCC version:  gcc version 12.2.0
                """);
        assertEquals(
                "NVML: Driver/library version mismatch (18) from nvmlInit_v2; NVML 570.86 does not fit the kernel's driver"
                        + " 570.124.06: reboot or reload the module",
                silence(open(driver)));
        driver.initError(0);
        known(open(driver), 0);
    }

    @Test
    void driverThatGoesAwayLater_isSilent() throws Exception {
        FakeDriver driver = driver(1);
        NvmlBackend backend = open(driver);
        known(backend, 0);
        driver.initError(9);
        assertEquals(
                "NVML: Driver Not Loaded (9) from nvmlDeviceGetCount_v2; load the kernel's module: modprobe nvidia",
                silence(backend));
    }

    @Test
    void noLibrary_saysWhatTheSystemSaid() throws Exception {
        Path broken = Files.createDirectories(dir.resolve("broken"));
        Files.writeString(broken.resolve("libnvidia-ml.so.1"), "no library\n");
        NoNvmlException said = assertThrows(NoNvmlException.class, () -> NvmlBackend.open(List.of(broken), root()));
        assertTrue(said.getMessage().contains("broken/libnvidia-ml.so.1: "), said.getMessage());
    }

    @Test
    void noCards_isAnAnswer() throws Exception {
        assertEquals(List.of(), answer(open(driver(0))).devices());
    }

    @Test
    void cardsThatComeAndGo_areFollowed() throws Exception {
        FakeDriver driver = driver(2);
        NvmlBackend backend = open(driver);
        answer(backend);
        driver.unplug(0);
        assertEquals(List.of(driver.gpu(1).id()), ids(backend));
        driver.gpu(2);
        assertEquals(List.of(driver.gpu(1).id(), driver.gpu(2).id()), ids(backend));
    }

    @Test
    void splitCard_isItsInstances() throws Exception {
        FakeDriver driver = driver(2);
        driver.gpu(1)
                .split(7)
                .instance(0, "20GiB", 1, 0)
                .instance(3, "40GiB", 2, 0)
                .instanceProcess(3, 900_001, "5GiB");
        NvmlBackend backend = open(driver);
        Survey.Answer answer = answer(backend);

        GpuId first = new GpuId.Uuid(driver.gpu(1).instanceUuid(0));
        GpuId second = new GpuId.Uuid(driver.gpu(1).instanceUuid(3));
        assertEquals(List.of(driver.gpu(0).id(), first, second), ids(backend));
        Device device = answer.devices().get(2);
        assertEquals(OptionalInt.of(1), device.index());
        assertEquals(Optional.of(driver.gpu(1).uuid()), device.parent());
        assertEquals(OptionalLong.of(40 * GIB), device.memory());
        assertEquals(Optional.of(List.of()), known(backend, 1).processes());
        Reading.Known used = known(backend, 2);
        assertEquals(5 * GIB + 4 * MIB, used.memory().orElseThrow().used());
        assertEquals(900_001, used.processes().orElseThrow().get(0).pid());
        assertEquals(OptionalInt.empty(), used.figures().utilisation());

        driver.gpu(1).noInstance(0);
        assertEquals(List.of(driver.gpu(0).id(), second), ids(backend));
        driver.lose(1);
        assertEquals(List.of(driver.gpu(0).id(), second), ids(backend));
        assertEquals(new Reading.Sick("GPU is lost (15) from nvmlDeviceGetMigMode"), reading(backend, 1));
    }

    @Test
    void links_areTold() throws Exception {
        FakeDriver driver = driver(4).link(0, 1, true, 30).link(0, 2, false, 50).link(1, 2, false, 10);
        Links links = answer(open(driver)).links();
        GpuId first = driver.gpu(0).id();
        assertEquals(
                new Links.Link(true, 30), links.between(first, driver.gpu(1).id()));
        assertEquals(
                new Links.Link(false, 50), links.between(first, driver.gpu(2).id()));
        assertEquals(
                new Links.Link(false, 10),
                links.between(driver.gpu(2).id(), driver.gpu(1).id()));
        assertEquals(
                new Links.Link(false, 50), links.between(first, driver.gpu(3).id()));
    }

    @Test
    void linksOfALostCard_areAskedForWhenItIsBack() throws Exception {
        FakeDriver driver = driver(2).link(0, 1, true, 10);
        NvmlBackend backend = open(driver);
        driver.lose(1);
        answer(backend);
        assertEquals(new Links.Link(false, 50), link(driver, backend));
        driver.gpu(1).error(0);
        assertEquals(new Links.Link(true, 10), link(driver, backend));
    }

    @Test
    void afterClose_nothingIsAsked() throws Exception {
        FakeDriver driver = driver(1);
        NvmlBackend backend = open(driver);
        answer(backend);
        backend.close();
        backend.close();
        assertEquals("NVML was let go of", silence(backend));
    }

    @Test
    void close_letsGoOfTheDriver() throws Exception {
        FakeDriver driver = driver(1);
        NvmlBackend backend = open(driver);
        try (NativeLibrary same = NativeLibrary.getInstance(driver.nvml().toString())) {
            Function inits = same.getFunction("fakeInits");
            assertEquals(0, inits.invokeInt(new Object[0]));
            answer(backend);
            answer(backend);
            assertEquals(1, inits.invokeInt(new Object[0]));
            backend.close();
            assertEquals(0, inits.invokeInt(new Object[0]));
        }
    }

    @Test
    void twoDrivers_doNotDisturbEachOther() throws Exception {
        FakeDriver driver = driver(1);
        NvmlBackend one = open(driver);
        try (NvmlBackend other = NvmlBackend.open(List.of(driver.directory()), root())) {
            answer(one);
            answer(other);
        }
        answer(one);
    }

    @Test
    void fourThreads_getNoWrongAnswer() throws Exception {
        FakeDriver driver = driver(4);
        for (int i = 0; i < 4; i++) {
            driver.gpu(i).process(900_000 + i, (i + 1) + "GiB");
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Integer> work = () -> {
                int wrong = 0;
                try (NvmlBackend backend = NvmlBackend.open(List.of(driver.directory()), root())) {
                    for (int round = 0; round < 100; round++) {
                        Survey.Answer answer = answer(backend);
                        for (int i = 0; i < 4; i++) {
                            Reading reading =
                                    answer.readings().get(driver.gpu(i).id());
                            boolean right = reading instanceof Reading.Known known
                                    && known.memory().orElseThrow().used() == (i + 1) * GIB + 4 * MIB
                                    && known.processes().orElseThrow().get(0).pid() == 900_000 + i;
                            wrong += right ? 0 : 1;
                        }
                    }
                }
                return wrong;
            };
            for (Future<Integer> wrong : threads.invokeAll(List.of(work, work, work, work))) {
                assertEquals(0, wrong.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static Links.Link link(FakeDriver driver, NvmlBackend backend) {
        return answer(backend).links().between(driver.gpu(0).id(), driver.gpu(1).id());
    }

    private static List<GpuId> ids(NvmlBackend backend) {
        return answer(backend).devices().stream().map(Device::id).toList();
    }
}
