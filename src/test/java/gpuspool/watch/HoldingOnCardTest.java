package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.GpuRules;
import gpuspool.gpu.Reading;
import gpuspool.gpu.fake.FakeDriver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the choice of a card to its job's own process there: this program holds it, on a driver that exists only for tests. */
class HoldingOnCardTest {
    private static final List<String> THIS_PROGRAM = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "gpuspool.cli.Main");

    private static final GpuRules RULES = new GpuRules(
            0,
            List.of(),
            0,
            GpuRules.Collision.KEEP,
            GpuRules.DEFAULTS.pin(),
            GpuRules.Hold.FRACTION,
            50,
            Optional.empty());

    @TempDir
    Path directory;

    private FakeDriver driver;
    private GpuId card;
    private Holding holding;
    private final List<String> log = new ArrayList<>();

    @BeforeAll
    static void compiler() {
        FakeDriver.needCompiler();
    }

    @AfterEach
    void letGo() throws IOException {
        holding.releaseAll(System.nanoTime());
        awaitTrue("the card is free", () -> onCard().isEmpty());
    }

    private void prepare() {
        driver = FakeDriver.in(directory.resolve("driver"), 1);
        card = driver.gpu(0).id();
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(driver.environment());
        holding = new Holding(THIS_PROGRAM, environment, log::add, () -> {});
    }

    private void hold() throws IOException {
        Device device = new Device(
                card, Device.Vendor.NVIDIA, OptionalInt.of(0), "", "", OptionalLong.empty(), Optional.empty());
        holding.hold(device, Optional.of(reading()), RULES, System.nanoTime());
    }

    /** Process id → MiB, as the driver tells. */
    private Map<Integer, Integer> onCard() throws IOException {
        Process smi = new ProcessBuilder(
                        driver.smi().toString(),
                        "--query-compute-apps=pid,used_memory",
                        "--format=csv,noheader,nounits")
                .redirectErrorStream(true)
                .start();
        Map<Integer, Integer> found = new HashMap<>();
        new String(smi.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split(", ", -1))
                .forEach(words -> found.put(Integer.valueOf(words[0]), Integer.valueOf(words[1])));
        return found;
    }

    private Reading reading() throws IOException {
        List<GpuProcess> processes = onCard().keySet().stream()
                .map(pid -> new GpuProcess(
                        pid,
                        GpuProcess.Kind.COMPUTE,
                        OptionalLong.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.empty()))
                .toList();
        return new Reading.Known(
                Optional.empty(), Optional.of(processes), Reading.ComputeMode.SHARED, Reading.Figures.NONE);
    }

    private void step(Set<Integer> job) throws IOException {
        Map<GpuId, Set<Integer>> jobs = job.isEmpty() ? Map.of() : Map.of(card, job);
        Set<GpuId> unused = holding.step(System.nanoTime(), Map.of(card, reading()), jobs);
    }

    private static void awaitTrue(String what, Callable<Boolean> condition) {
        Awaitility.await(what).atMost(Duration.ofSeconds(30)).pollInSameThread().until(condition);
    }

    @Test
    void cardIsHeldByUs_untilItsJobIsThere() throws Exception {
        prepare();
        hold();
        awaitTrue("half of the card is ours", () -> {
            Map<Integer, Integer> there = onCard();
            return there.keySet().equals(holding.pids(System.nanoTime()).keySet())
                    && there.values().stream().allMatch(mib -> mib > 39 * 1024 && mib < 41 * 1024);
        });
        int holder = onCard().keySet().iterator().next();
        holding.freeMemory(card, System.nanoTime());
        awaitTrue("the memory is free", () -> onCard().getOrDefault(holder, 0).equals(300));
        Process job = driver.stranger(0, "70GiB");
        try {
            step(Set.of());
            assertEquals(new TreeSet<>(List.of(holder, (int) job.pid())), new TreeSet<>(onCard().keySet()));
            awaitTrue("the card is the job's alone", () -> {
                step(Set.of((int) job.pid()));
                return onCard().keySet().equals(Set.of((int) job.pid()));
            });
        } finally {
            job.destroyForcibly().waitFor();
        }
        assertEquals(List.of(), log);
    }

    @Test
    void cardThatTurnedExclusive_isHeldByItsLockAlone() throws Exception {
        prepare();
        driver.gpu(0).computeMode(3);
        Process stranger = driver.stranger(0, "1GiB");
        try {
            hold();
            awaitTrue("it is told", () -> {
                step(Set.of());
                return !log.isEmpty();
            });
        } finally {
            stranger.destroyForcibly().waitFor();
        }
        assertEquals(
                List.of("GPU 0 is held by its lock alone: cannot open a context on the GPU: CUDA 46, the GPU is busy or"
                        + " unavailable: its compute mode may be exclusive, and another process be on it"),
                log);
    }
}
