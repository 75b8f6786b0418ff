package gpuspool.gpu.nvml;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.Backend;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.fake.FakeDriver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Reports of faults, and letting go while they are waited for. */
class NvmlFaultsTest extends NvmlBed {
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void fault_isToldOnceWithItsName() throws Exception {
        FakeDriver driver = driver(2).xid(0, 79);
        NvmlBackend backend = listening(driver);
        driver.xid(1, 79).xid(0, 999).xid(0, 121);

        assertEquals(
                List.of(
                        new Backend.Fault(driver.gpu(1).id(), "XID 79 (fallen off the bus)"),
                        new Backend.Fault(driver.gpu(0).id(), "a fault that the driver does not number (XID 999)"),
                        new Backend.Fault(driver.gpu(0).id(), "XID 121")),
                heard(backend, 3));
        assertEquals(List.of(), backend.awaitFaults(SHORT));
    }

    @Test
    void faultsOfProgramsAndAnnouncements_areNotTold() throws Exception {
        FakeDriver driver = driver(1);
        NvmlBackend backend = listening(driver);
        for (int number : new int[] {13, 31, 43, 45, 68, 109, 63, 92, 94, 154}) {
            driver.xid(0, number);
        }
        driver.xid(0, 48);
        assertEquals(
                List.of(new Backend.Fault(driver.gpu(0).id(), "XID 48 (double-bit ECC error)")), heard(backend, 1));
    }

    @Test
    void faultOfAnInstance_isItsAlone_oneOfTheGpuIsOfAll() throws Exception {
        FakeDriver driver = driver(1);
        driver.gpu(0).split(7).instance(0, "20GiB", 1, 0).instance(2, "20GiB", 5, 0);
        GpuId first = new GpuId.Uuid(driver.gpu(0).instanceUuid(0));
        GpuId second = new GpuId.Uuid(driver.gpu(0).instanceUuid(2));
        NvmlBackend backend = listening(driver);
        driver.xid(0, 95, 5, 0);
        assertEquals(List.of(new Backend.Fault(second, "XID 95 (uncontained memory error)")), heard(backend, 1));
        driver.xid(0, 79);
        assertEquals(
                List.of(
                        new Backend.Fault(first, "XID 79 (fallen off the bus)"),
                        new Backend.Fault(second, "XID 79 (fallen off the bus)")),
                heard(backend, 2));
    }

    @Test
    void cardWithoutSuchReports_doesNotSilenceTheOthers() throws Exception {
        FakeDriver driver = driver(2);
        driver.gpu(0).events(1);
        NvmlBackend backend = listening(driver);
        driver.xid(0, 79).xid(1, 79);
        assertEquals(List.of(new Backend.Fault(driver.gpu(1).id(), "XID 79 (fallen off the bus)")), heard(backend, 1));
    }

    @Test
    void waitThatFails_tellsNoFaultAndIsTriedAgain() throws Exception {
        FakeDriver driver = driver(2);
        NvmlBackend backend = listening(driver);
        driver.lose(0);
        long began = System.nanoTime();
        assertEquals(List.of(), backend.awaitFaults(Duration.ofMillis(300)));
        assertTrue(System.nanoTime() - began >= TimeUnit.MILLISECONDS.toNanos(300), "it must not spin");

        backend.awaitFaults(SHORT);
        driver.xid(1, 79);
        assertEquals(List.of(new Backend.Fault(driver.gpu(1).id(), "XID 79 (fallen off the bus)")), heard(backend, 1));
    }

    @Test
    void driverGone_tellsNoFault() throws Exception {
        FakeDriver driver = driver(1);
        NvmlBackend backend = listening(driver);
        driver.initError(9);
        assertEquals(List.of(), backend.awaitFaults(SHORT));
        assertEquals(List.of(), backend.awaitFaults(SHORT));
    }

    @Test
    void beforeTheFirstSurvey_nothingIsHeard() throws Exception {
        assertEquals(List.of(), open(driver(1)).awaitFaults(SHORT));
    }

    @Test
    void closeDuringAWait_endsIt() throws Exception {
        FakeDriver driver = driver(1);
        for (int i = 0; i < 20; i++) {
            NvmlBackend backend = open(driver);
            answer(backend);
            List<List<Backend.Fault>> told = new CopyOnWriteArrayList<>();
            Thread waiting = new Thread(() -> told.add(wait(backend)));
            waiting.start();
            TimeUnit.MILLISECONDS.sleep(i);
            backend.close();
            waiting.join(TimeUnit.SECONDS.toMillis(20));
            assertFalse(waiting.isAlive());
            assertEquals(List.of(List.of()), told);
            assertEquals(List.of(), backend.awaitFaults(LONG));
        }
    }

    @Test
    void closeDuringARest_endsItAtOnce() throws Exception {
        NvmlBackend backend = open(driver(0));
        answer(backend);
        List<List<Backend.Fault>> told = new CopyOnWriteArrayList<>();
        Thread resting = new Thread(() -> {
            try {
                told.add(backend.awaitFaults(Duration.ofMinutes(10)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        resting.start();
        await().atMost(LONG).until(() -> resting.getState() == Thread.State.TIMED_WAITING);
        backend.close();
        await().atMost(LONG).untilAsserted(() -> assertEquals(List.of(List.of()), told));
    }

    private static List<Backend.Fault> wait(NvmlBackend backend) {
        try {
            return backend.awaitFaults(Duration.ofMillis(200));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    private NvmlBackend listening(FakeDriver driver) throws Exception {
        NvmlBackend backend = open(driver);
        assertTrue(backend.reportsFaults());
        answer(backend);
        assertEquals(List.of(), backend.awaitFaults(SHORT));
        return backend;
    }

    private static List<Backend.Fault> heard(NvmlBackend backend, int many) throws InterruptedException {
        List<Backend.Fault> all = new ArrayList<>();
        long until = System.nanoTime() + LONG.toNanos();
        while (all.size() < many && System.nanoTime() < until) {
            all.addAll(backend.awaitFaults(Duration.ofMillis(500)));
        }
        return all;
    }
}
