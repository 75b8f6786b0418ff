package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.CardSource;
import gpuspool.gpu.Selection;
import gpuspool.gpu.fake.FakeDriver;
import gpuspool.gpu.nvml.NoNvmlException;
import gpuspool.gpu.nvml.NvmlBackend;
import gpuspool.posix.ProcFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gpuspool gpus} with a driver that plays what a test wants. */
class GpusOfADriverTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private FakeDriver driver;
    private CliSpool spool;
    private Optional<Process> outsider = Optional.empty();
    private final AtomicInteger asked = new AtomicInteger();

    @BeforeAll
    static void compiler() {
        FakeDriver.needCompiler();
    }

    @BeforeEach
    void makeCards() throws IOException {
        driver = FakeDriver.in(directory.resolve("driver"), 2);
        spool = new CliSpool(directory);
    }

    @AfterEach
    void end() throws InterruptedException {
        driver.slow(0);
        if (outsider.isPresent()) {
            outsider.get().destroyForcibly().waitFor();
        }
    }

    private CardSource cards(Optional<String> devices, String source, Map<String, String> environment) {
        return new CardSource.Driven(this::ask, new Selection(Optional.empty(), "all"), Optional.empty());
    }

    private NvmlBackend ask() {
        asked.incrementAndGet();
        try {
            return NvmlBackend.open(List.of(driver.directory()), directory.resolve("root"));
        } catch (NoNvmlException e) {
            throw new IllegalStateException(e);
        }
    }

    private CliSpool.Result run(Duration patience, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Invocation call = new Invocation(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new ByteArrayInputStream(new byte[0]),
                true,
                false,
                Map.of(
                        "GPUSPOOL_SPOOL",
                        spool.root.toString(),
                        "GPUSPOOL_LOCK_DIR",
                        directory.resolve("locks").toString()),
                directory);
        int status = CommandLines.commandLine(VerbTable.GPUS, new GpusVerb(call, this::cards, patience), call)
                .execute(args);
        return new CliSpool.Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private String page() {
        CliSpool.Result result = run(LONG);
        assertEquals(0, result.status(), result.err());
        assertEquals("", result.err());
        return result.out();
    }

    /** The lines about a card, its row first. */
    private static String about(int card, String page) {
        int from = page.indexOf("\n" + card + "    GPU-");
        int next = page.indexOf("\n" + (card + 1) + "    GPU-");
        return page.substring(from + 1, next < 0 ? page.length() : next + 1);
    }

    @Test
    void idleCards_areShownWithTheirFigures() {
        driver.gpu(1).figures(97, 71, 650_500, 700_000).hidden("200MiB");
        List<String> lines = page().lines().toList();
        assertTrue(lines.get(0).endsWith(": no watcher; NVIDIA 570.86.15; all NVIDIA Fake 80GB"), lines.get(0));
        String uuid = driver.gpu(1).uuid().substring(0, 12);
        String row = about(1, page());
        assertTrue(row.startsWith("1    " + uuid + "  [..........]  0.2/80.0 GiB   97%   71C  650/700W  "), row);
    }

    @Test
    void outsider_isNamedWithPidUserCommandAndMemory() {
        Process stranger = driver.stranger(1, "3221225472");
        outsider = Optional.of(stranger);
        String row = about(1, page()).replaceAll("\\s+", " ");
        assertTrue(row.contains("pid " + stranger.pid()), row);
        assertTrue(row.contains(System.getProperty("user.name")), row);
        assertTrue(row.contains("use-card"), row);
        assertTrue(row.contains(" foreign "), row);
        assertTrue(row.contains(" GiB"), row);
        String json = run(LONG, "--json").out();
        assertTrue(
                json.contains("\"processes\":[{\"pid\":" + stranger.pid() + ",\"kind\":\"compute\",\"user\":\""
                        + System.getProperty("user.name") + "\",\"command\":\"use-card\",\"memory_bytes\":3"),
                json);
    }

    @Test
    void processOfAJob_isNoStranger() throws IOException {
        Process own = driver.stranger(1, "1073741824");
        outsider = Optional.of(own);
        long start = ProcFiles.startTicks(own.pid()).orElseThrow();
        Path dir = spool.jobDir(
                "running",
                "exp1.1",
                "started",
                "pid=1\ngo 2\n",
                "pid = " + own.pid() + "\npid_start = " + start + "\n");
        // The session of what this test started is the one that a job's own first process would have begun.
        String session =
                Files.readString(Path.of("/proc/" + own.pid() + "/stat")).split(" ")[5];
        String facts = Files.readString(dir.resolve("status"))
                .replaceAll("devices = .*", "devices = " + driver.gpu(1).uuid() + "\njob_pid = " + session);
        Files.writeString(dir.resolve("status"), facts);
        String row = about(1, page());
        assertTrue(row.contains("  used\n     exp1.1 of root, "), row);
        assertFalse(row.contains("pid " + own.pid()), row);
        assertTrue(run(LONG, "--json").out().contains(",\"job\":\"exp1.1\",\"watcher\":false}]"), row);
    }

    @Test
    void lostCard_isSick_andTheOtherIsThere() {
        driver.lose(1);
        String page = page();
        assertTrue(page.contains("\n1    -             -                              -     -        -  sick\n"), page);
        assertTrue(page.contains("GPU is lost"), page);
        assertTrue(about(0, page).contains("/80.0 GiB"), page);
    }

    @Test
    void lostCardThatTheWatcherKnew_isShownOnce() throws IOException {
        String uuid = driver.gpu(1).uuid();
        spool.watched(driver.gpu(0).uuid() + " " + uuid);
        Path host = spool.root.resolve("hosts/" + CliSpool.host());
        Files.writeString(
                host.resolve("gpus"), "as of 2026-01-01T00:00:00.000Z\n" + uuid + "\t1\tsick\tlost\tNVIDIA Fake\n");
        Files.writeString(host.resolve("quarantine"), uuid + "\t2026-01-01T00:00:00.000Z\tlost\n");
        driver.lose(1);
        String page = page();
        assertEquals(1, page.split("sick", -1).length - 1, page);
        assertTrue(about(1, page).startsWith("1    " + uuid.substring(0, 12)), page);
    }

    @Test
    void driverThatIsLetGoOf_isNotAsked() throws IOException {
        String uuid = driver.gpu(0).uuid();
        spool.watched(uuid);
        Files.writeString(
                spool.root.resolve("hosts/" + CliSpool.host() + "/gpus"),
                "as of 2026-01-01T00:00:00.000Z\n" + uuid + "\t0\tfree\t\tNVIDIA Fake\n");
        Files.createFile(spool.root.resolve("control/let-go"));
        String page = page();
        assertEquals(0, asked.get());
        assertTrue(
                page.contains("unknown\n     its driver is not asked while control/let-go lies there; it was free"),
                page);
    }

    @Test
    void driverThatIsNotOfItsLibrarysVersion_isQuotedAndEndsWithOne() {
        driver.initError(18);
        CliSpool.Result result = run(LONG);
        assertEquals(1, result.status());
        assertTrue(result.out().contains("GPUs not known: "), result.out());
        assertTrue(result.err().startsWith("gpuspool gpus: the GPU driver cannot be asked: "), result.err());
        assertTrue(result.err().toLowerCase(java.util.Locale.ROOT).contains("mismatch"), result.err());
    }

    @Test
    void hungDriver_holdsUpNobodyForLong_andWhatTheWatcherWroteIsShown() throws IOException {
        driver.slow(45_000);
        spool.watched(driver.gpu(0).uuid());
        Files.writeString(
                spool.root.resolve("hosts/" + CliSpool.host() + "/gpus"),
                "as of 2026-01-01T00:00:00.000Z\n" + driver.gpu(0).uuid() + "\t0\tforeign\tbob's sh\tNVIDIA Fake\n");
        long began = System.nanoTime();
        CliSpool.Result result = run(Duration.ofSeconds(1));
        assertTrue(Duration.ofNanos(System.nanoTime() - began).toSeconds() < 20, "it waited for the driver");
        assertEquals(1, result.status());
        // Whole seconds of a wait that may have begun a moment after the clock was read.
        assertTrue(result.err().matches("(?s).*their driver has not answered for \\d+ s.*"), result.err());
        assertTrue(result.out().contains("  foreign\n     bob's sh\n"), result.out());
        assertTrue(result.out().contains("; as of "), result.out());
    }
}
