package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import gpuspool.gpu.fake.FakeDriver;
import gpuspool.posix.Helper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hold-card} as a real process on the cards of a driver that exists only for tests. */
class HoldCardTest {
    private static final long MIB = 1L << 20;

    @TempDir
    Path directory;

    private FakeDriver driver;
    private final List<Process> started = new ArrayList<>();

    @BeforeAll
    static void compiler() {
        FakeDriver.needCompiler();
    }

    @BeforeEach
    void makeDriver() {
        driver = FakeDriver.in(directory.resolve("driver"), 2);
        driver.gpu(1).context("500MiB");
    }

    @AfterEach
    void endAll() {
        driver.slow(0);
        started.forEach(Process::destroyForcibly);
    }

    private Process hold(String... options) throws IOException {
        return hold(driver.environment(), driver.gpu(1).uuid(), options);
    }

    private Process hold(Map<String, String> environment, String card, String... options) throws IOException {
        List<String> command = new ArrayList<>(ThisProgram.command());
        command.add("hold-card");
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().put("CUDA_VISIBLE_DEVICES", card);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private static void tell(Process holder, String line) throws IOException {
        holder.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        holder.getOutputStream().flush();
    }

    private static String heard(Process holder) throws IOException {
        BufferedReader reader = holder.inputReader(StandardCharsets.UTF_8);
        return String.valueOf(reader.readLine());
    }

    /** Its stdin ends, and so does it. */
    private static void assertEndsWell(Process holder) throws Exception {
        holder.getOutputStream().close();
        assertTrue(holder.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, holder.exitValue());
        assertEquals("null", heard(holder));
    }

    private static void assertFails(Process holder, String line) throws Exception {
        assertEquals(line, heard(holder));
        assertEquals("null", heard(holder));
        assertTrue(holder.waitFor(20, TimeUnit.SECONDS));
        assertEquals(1, holder.exitValue());
    }

    /** Who is on the cards, as the driver tells: {@code UUID, PID, MIB}. */
    private List<String> onCards() throws IOException {
        Process smi = new ProcessBuilder(
                        driver.smi().toString(),
                        "--query-compute-apps=gpu_uuid,pid,used_memory",
                        "--format=csv,noheader,nounits")
                .redirectErrorStream(true)
                .start();
        return new String(smi.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private List<String> alone(long pid, long mib) {
        return List.of(driver.gpu(1).uuid() + ", " + pid + ", " + mib);
    }

    @Test
    void context_isOnTheCardUntilStdinEnds() throws Exception {
        Process holder = hold();
        assertEquals("holding 0 of 0", heard(holder));
        assertEquals(alone(holder.pid(), 500), onCards());
        assertEndsWell(holder);
        assertEquals(List.of(), onCards());
    }

    @Test
    void fraction_isTakenAndGivenBackAndTheContextStays() throws Exception {
        Process holder = hold("--percent", "25");
        String[] words = heard(holder).split(" ", -1);
        assertEquals(List.of("holding", words[1], "of", words[1]), List.of(words));
        long held = Long.parseLong(words[1]);
        // Of 80 GiB less the driver's own and the context.
        assertTrue(held > 19L * 1024 * MIB && held < 20L * 1024 * MIB, words[1]);
        assertEquals(alone(holder.pid(), 500 + held / MIB), onCards());
        tell(holder, "free");
        assertEquals("freed", heard(holder));
        assertEquals(alone(holder.pid(), 500), onCards());
        tell(holder, "what?");
        tell(holder, "free");
        assertEquals("freed", heard(holder));
        assertEndsWell(holder);
        assertEquals(List.of(), onCards());
    }

    @Test
    void toldToFreeBeforeItIsThere_takesNoMemory() throws Exception {
        driver.slow(300);
        Process holder = hold("--percent", "25");
        tell(holder, "free");
        assertTrue(heard(holder).startsWith("holding 0 of "));
        assertEquals("freed", heard(holder));
        assertEquals(alone(holder.pid(), 500), onCards());
    }

    @Test
    void stdinEndsWhileItHasMemory_allIsGivenBack() throws Exception {
        Process holder = hold("--percent", "95");
        assertTrue(heard(holder).startsWith("holding "));
        assertEndsWell(holder);
        assertEquals(List.of(), onCards());
    }

    @Test
    void driverThatHangs_doesNotKeepItFromEnding() throws Exception {
        driver.slow(600_000);
        assertEndsWell(hold());
    }

    @Test
    void exclusiveCardInUse_isTold() throws Exception {
        driver.gpu(1).computeMode(3);
        started.add(driver.stranger(1, "1GiB"));
        assertFails(
                hold(),
                "cannot 46 open a context on the GPU: CUDA 46, the GPU is busy or unavailable: its compute mode may be"
                        + " exclusive, and another process be on it");
    }

    @Test
    void noRoomForAContext_isTold() throws Exception {
        driver.gpu(1).hidden("79GiB");
        assertFails(hold("--percent", "50"), "cannot 2 open a context on the GPU: CUDA 2, out of memory");
    }

    @Test
    void cardThatIsNotThere_isTold() throws Exception {
        Process holder = hold(driver.environment(), "GPU-ffffffff-fa4e-4000-8000-000000000001");
        assertFails(holder, "cannot 100 initialise CUDA: CUDA 100, no such GPU is to be seen");
    }

    @Test
    void driverAndLibraryDiffer_isTold() throws Exception {
        driver.initError(18);
        assertFails(
                hold(),
                "cannot 803 initialise CUDA: CUDA 803, the driver and its library are of different versions; load the new"
                        + " driver, or restart the machine");
    }

    @Test
    void libraryWithoutTheFunctions_isTold() throws Exception {
        Path old = Files.createDirectory(directory.resolve("old"));
        Files.copy(driver.nvml(), old.resolve("libcuda.so.1"));
        Process holder =
                hold(Map.of("LD_LIBRARY_PATH", old.toString()), driver.gpu(1).uuid());
        String line = heard(holder);
        assertTrue(line.startsWith("cannot - initialise CUDA: this libcuda.so.1 is too old for it: "), line);
        assertEquals("null", heard(holder));
        assertEquals(1, holder.waitFor());
    }

    @Test
    void withoutADriver_isTold() throws Exception {
        boolean there = new ProcessBuilder("/sbin/ldconfig", "-p")
                .redirectErrorStream(true)
                .start()
                .inputReader(StandardCharsets.UTF_8)
                .lines()
                .anyMatch(line -> line.contains("libcuda.so.1"));
        assumeFalse(there, "needs a machine without libcuda.so.1");
        Process holder = hold(
                Map.of("LD_LIBRARY_PATH", directory.toString()), driver.gpu(1).uuid());
        String line = heard(holder);
        assertEquals(
                "cannot - load libcuda.so.1, which comes with the NVIDIA driver: libcuda.so.1: cannot open shared object"
                        + " file: No such file or directory",
                line);
        assertEquals("null", heard(holder));
        assertEquals(1, holder.waitFor());
    }

    @Test
    void wrongUse_isTold() {
        for (List<String> options : List.of(
                List.of("--percent"), List.of("--percent", "0"), List.of("--percent", "96"), List.of("--help"))) {
            List<String> words = new ArrayList<>(List.of("hold-card"));
            words.addAll(options);
            assertEquals(
                    new Verbs.Answer(
                            1, "cannot - understand that; write: gpuspool hold-card [--percent N], N from 1 to 95\n"),
                    Verbs.run(directory, Map.of(), words.toArray(String[]::new)));
        }
        for (String cards : List.of("", "GPU-0,GPU-1")) {
            assertEquals(
                    new Verbs.Answer(
                            1,
                            "cannot - tell which card to hold: CUDA_VISIBLE_DEVICES must name one, but is \"" + cards
                                    + "\"\n"),
                    Verbs.run(directory, Map.of("CUDA_VISIBLE_DEVICES", cards), "hold-card"));
        }
    }

    /** What a watcher does, as far as it goes; see the test below. */
    static final class Starter {
        private Starter() {}

        public static void main(String[] args) throws InterruptedException {
            List<String> command = new ArrayList<>(ThisProgram.command());
            command.add("hold-card");
            List<String> environment = new ArrayList<>();
            new HashMap<>(System.getenv()).forEach((name, value) -> environment.add(name + "=" + value));
            Helper unused = Helper.start(command, environment, new Helper.Listener() {
                @Override
                public void said(String line) {
                    System.out.println(line);
                }

                @Override
                public void ended(String how) {
                    System.out.println(how);
                }
            });
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    @Test
    void starterKilled_theCardIsFree() throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Starter.class.getName());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null"));
        builder.environment().putAll(driver.environment());
        builder.environment().put("CUDA_VISIBLE_DEVICES", driver.gpu(1).uuid());
        Process starter = builder.start();
        started.add(starter);
        assertEquals("holding 0 of 0", heard(starter));
        assertEquals(1, onCards().size());
        starter.destroyForcibly();
        Awaitility.await("the card is free")
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> onCards().isEmpty());
    }
}
