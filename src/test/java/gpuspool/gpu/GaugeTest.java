package gpuspool.gpu;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import gpuspool.gpu.fake.FakeDriver;
import gpuspool.gpu.nvml.NoNvmlException;
import gpuspool.gpu.nvml.NvmlBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A driver that hangs, goes away and comes back, asked by threads of its own. */
class GaugeTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path dir;

    private final BlockingQueue<Gauge.News> news = new LinkedBlockingQueue<>();
    private final AtomicInteger found = new AtomicInteger();
    private FakeDriver driver;
    private Gauge gauge;

    @BeforeAll
    static void compiler() {
        FakeDriver.needCompiler();
    }

    @BeforeEach
    void start() {
        driver = FakeDriver.in(dir.resolve("driver"), 1);
        gauge = new Gauge(this::find, news::add).start();
    }

    @AfterEach
    void end() {
        driver.slow(0);
        gauge.close();
        // The next test's library may get this one's inode, and the loader would take the two for one while this is
        // loaded.
        await().atMost(LONG)
                .until(() -> !Files.readString(Path.of("/proc/self/maps"))
                        .contains(driver.directory().toString()));
    }

    private Backend find() {
        found.incrementAndGet();
        try {
            return NvmlBackend.open(List.of(driver.directory()), dir.resolve("root"));
        } catch (NoNvmlException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nobodyAsks_nothingIsAsked() throws Exception {
        assertEquals(null, news.poll(200, TimeUnit.MILLISECONDS));
        assertEquals(0, found.get());
    }

    @Test
    void slowDriver_holdsUpNobody() throws Exception {
        gauge.ask();
        looked();
        driver.slow(45_000);
        gauge.ask();
        await().atMost(LONG).until(() -> gauge.askedSince().isPresent());

        long began = System.nanoTime();
        gauge.ask();
        gauge.heedFaults(true);
        gauge.letGo();
        gauge.takeUp();
        gauge.ask();
        assertTrue(gauge.askedSince().isPresent());
        assertTrue(System.nanoTime() - began < TimeUnit.SECONDS.toNanos(10), "a caller waited for the driver");
        assertTrue(news.isEmpty());

        driver.slow(0);
        Gauge.News.Looked first = looked();
        assertTrue(first.took() > 0 && first.at() > began);
        looked();
        await().atMost(LONG).until(() -> gauge.askedSince().isEmpty());
    }

    @Test
    void silentDriver_isFoundAnew() throws Exception {
        gauge.ask();
        looked();
        gauge.ask();
        looked();
        assertEquals(1, found.get());

        driver.initError(9);
        gauge.ask();
        assertInstanceOf(Survey.Silence.class, looked().survey());
        driver.initError(0);
        gauge.ask();
        assertInstanceOf(Survey.Answer.class, looked().survey());
        assertEquals(2, found.get());
    }

    @Test
    void letGo_leavesTheDriverAloneUntilItIsTakenUp() throws Exception {
        try (NativeLibrary same = NativeLibrary.getInstance(driver.nvml().toString())) {
            Function inits = same.getFunction("fakeInits");
            gauge.heedFaults(true);
            gauge.ask();
            looked();
            assertEquals(1, inits.invokeInt(new Object[0]));

            gauge.letGo();
            await().atMost(LONG).until(() -> inits.invokeInt(new Object[0]) == 0);
            gauge.ask();
            assertEquals(null, news.poll(200, TimeUnit.MILLISECONDS));

            gauge.takeUp();
            gauge.ask();
            assertInstanceOf(Survey.Answer.class, looked().survey());
            assertEquals(1, inits.invokeInt(new Object[0]));
            gauge.close();
            await().atMost(LONG).until(() -> inits.invokeInt(new Object[0]) == 0);
        }
    }

    @Test
    void faults_areToldWhileTheyAreHeeded() throws Exception {
        gauge.heedFaults(true);
        gauge.ask();
        looked();
        // It listens only some time after the look, and what came before is not told.
        await().atMost(LONG).until(() -> {
            driver.xid(0, 79);
            return news.poll(300, TimeUnit.MILLISECONDS) instanceof Gauge.News.Faulted told
                    && told.fault().equals(new Backend.Fault(driver.gpu(0).id(), "XID 79 (fallen off the bus)"));
        });
    }

    private Gauge.News.Looked looked() throws InterruptedException {
        return assertInstanceOf(Gauge.News.Looked.class, news.poll(LONG.toMillis(), TimeUnit.MILLISECONDS));
    }
}
