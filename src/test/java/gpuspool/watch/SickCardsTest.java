package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Cards that break, a driver that is let go of, and what the watcher tells of its cards. */
@Timeout(120)
class SickCardsTest {
    private static final String ZERO = FakeBackend.card(0).word();
    private static final String ONE = FakeBackend.card(1).word();

    private StayBed bed;

    @BeforeEach
    void open(@TempDir Path temp) throws IOException {
        bed = new StayBed(temp, 2);
    }

    @AfterEach
    void close() {
        bed.close();
    }

    /** The line of a card in the watcher's report. */
    private String told(String card) throws IOException {
        return bed.read("gpus")
                .lines()
                .filter(line -> line.startsWith(card + "\t"))
                .findFirst()
                .orElse("");
    }

    private void awaitTold(String card, String rest) {
        bed.await(card + " stands as " + rest, () -> told(card).equals(card + "\t" + rest));
    }

    /** Nothing tells that nothing happens: one wait for faults, and a look's worth, is a second. */
    private void pass() {
        long until = System.nanoTime() + 1_500_000_000L;
        bed.await("a while passes", () -> System.nanoTime() - until > 0);
    }

    private boolean said(String words) {
        return bed.log.stream().anyMatch(line -> line.contains(words));
    }

    @Test
    void cardThatBreaksUnderAJob_keepsItsJobAndGetsNoOther_untilItIsOk() throws Exception {
        bed.start();
        bed.drop("long.job", "sleep 100\n");
        bed.await("it runs", () -> bed.runs("long"));
        awaitTold(ZERO, "0\tused\tlong.1\tNVIDIA Fake");
        bed.driver.fault(0, "XID 79 (fallen off the bus)");
        bed.awaitHost("quarantine", ZERO + "\t");
        bed.awaitHost("attention", "touch control/" + ZERO + ".ok");
        assertTrue(bed.runs("long"), "left alone");
        assertEquals(ZERO + "\t0\tused\tlong.1\tNVIDIA Fake", told(ZERO));
        bed.drop("next.job", "exit 0\n");
        bed.await("the other card goes on", () -> bed.isDone("next"));

        bed.cancel("long");
        awaitTold(ZERO, "0\tsick\tXID 79 (fallen off the bus)\tNVIDIA Fake");
        bed.drop("both.job", "#GPUSPOOL gpus=2\nexit 0\n");
        bed.awaitHost("waiting", "both.job\tneeds 2 GPUs, ");
        bed.awaitHost("waiting", "; GPU 0: XID 79 (fallen off the bus)");
        Files.createFile(bed.control("GPU-000.ok"));
        bed.await("all is well", () -> bed.isDone("both"));
        assertTrue(Files.notExists(bed.host("quarantine")));
        assertTrue(Files.notExists(bed.control("GPU-000.ok")));
        bed.await("nothing is left to tell", () -> bed.read("attention").isEmpty());
    }

    @Test
    void sickReading_isInQuarantineForTheNextWatcherToo_andAgainAfterAnOkThatWasNone() throws Exception {
        bed.driver.set(0, new Reading.Sick("GPU is lost"));
        bed.start();
        bed.awaitHost("quarantine", "\tGPU is lost\n");
        awaitTold(ZERO, "0\tsick\tGPU is lost\tNVIDIA Fake");
        bed.stop();

        bed.driver.set(0, FakeBackend.free());
        bed.start();
        assertTrue(said("is in quarantine since"), bed.log::toString);
        awaitTold(ZERO, "0\tsick\tGPU is lost\tNVIDIA Fake");
        bed.drop("both.job", "#GPUSPOOL gpus=2\nexit 0\n");
        bed.awaitHost("waiting", "GPU 0: GPU is lost");

        bed.driver.set(0, new Reading.Sick("reset required"));
        Files.createFile(bed.control(ZERO + ".ok"));
        bed.awaitHost("quarantine", "\treset required\n");
        assertTrue(said("GPU 0 has left the quarantine"), bed.log::toString);
        bed.driver.set(0, FakeBackend.free());
        Files.createFile(bed.control(ZERO + ".ok"));
        bed.await("all is well", () -> bed.isDone("both"));
    }

    @Test
    void idleWatcher_neitherAsksNorListens_andTellsWhatItKnew() throws Exception {
        bed.start();
        bed.awaitHost("gpus", ONE);
        int looks = bed.driver.looks();
        assertEquals(0, bed.driver.waits());
        pass();
        assertEquals(looks, bed.driver.looks());
        assertEquals(0, bed.driver.waits(), "no fault is listened for");
        String text = bed.read("gpus");
        assertTrue(
                text.matches("(?s)as of 20\\S+Z\n" + ZERO + "\t0\tfree\t\tNVIDIA Fake\n" + ONE + "\t1\tfree\t\t.*"),
                text);

        bed.drop("one.job", "sleep 2\n");
        bed.await("it is listened", () -> bed.driver.waits() > 0);
        bed.await("it is through", () -> bed.isDone("one"));
        awaitTold(ZERO, "0\tunknown\tits driver is asked when a job waits for a GPU\tNVIDIA Fake");
        bed.await("no more", () -> {
            int before = bed.driver.waits();
            pass();
            return bed.driver.waits() == before;
        });
    }

    @Test
    void letGo_closesTheDriverAndStartsNothingOnIt_untilItIsGone() throws Exception {
        bed.start();
        assertEquals(1, bed.driver.open());
        bed.drop("long.job", "sleep 100\n");
        bed.await("it runs", () -> bed.runs("long"));
        bed.await("it is listened", () -> bed.driver.waits() > 0);
        Files.createFile(bed.control("let-go"));
        bed.await("it is closed", () -> bed.driver.open() == 0);
        awaitTold(
                ONE, "1\tunknown\tthe driver is let go of: control/let-go lies there; remove it to go on\tNVIDIA Fake");
        bed.drop("next.job", "exit 0\n");
        bed.awaitHost("waiting", "next.job\tneeds 1 GPU, 0 free; GPU 0: used by long.1 since ");
        bed.awaitHost("waiting", "Z; GPU 1: the driver is let go of");
        bed.drop("without.job", "#GPUSPOOL gpus=0\nexit 0\n");
        bed.await("a job without GPU goes on", () -> bed.isDone("without"));
        assertEquals(0, bed.driver.open());
        int looks = bed.driver.looks();
        assertFalse(bed.isDone("next"));

        Files.delete(bed.control("let-go"));
        bed.await("it goes on at once", () -> bed.isDone("next"));
        assertTrue(bed.driver.looks() > looks);
        assertEquals(1, bed.driver.open());
        assertTrue(said("the GPU driver is asked again"), bed.log::toString);
        bed.driver.fault(0, "XID 48");
        bed.awaitHost("quarantine", "XID 48");
    }

    /** Nobody waits when it is taken up again, but a job runs whose card may break. */
    @Test
    void takenUpAgainUnderAJob_faultsAreHeard() throws Exception {
        bed.start();
        bed.drop("long.job", "sleep 100\n");
        bed.await("it runs", () -> bed.runs("long"));
        Files.createFile(bed.control("let-go"));
        bed.await("it is closed", () -> bed.driver.open() == 0);
        Files.delete(bed.control("let-go"));
        bed.driver.fault(1, "XID 48");
        bed.awaitHost("quarantine", ONE + "\t");
    }

    @Test
    void driverThatCannotBeAsked_isTold_andNothingIsForgotten() throws Exception {
        bed.driver.silence(Optional.of("Driver/library version mismatch"));
        Files.createDirectories(bed.host("x").getParent());
        Files.writeString(bed.host("quarantine"), ONE + "\t2026-01-01T00:00:00.000Z\tburnt\n");
        bed.start();
        bed.awaitHost(
                "gpus", "\nunknown\t-\tunknown\tDriver/library version mismatch\t\n" + ONE + "\t-\tsick\tburnt\t\n");
        bed.awaitHost(
                "attention",
                "GPUs not known: Driver/library version mismatch; their driver is asked again every 10 s while a job waits");
        bed.drop("one.job", "exit 0\n");
        bed.awaitHost("waiting", "one.job\tneeds 1 GPU; GPUs not known: Driver/library version mismatch");
        bed.driver.silence(Optional.empty());
        bed.await("it is asked again", () -> bed.isDone("one"));
        assertEquals(
                List.of(),
                bed.read("attention")
                        .lines()
                        .filter(line -> line.contains("not known"))
                        .toList());
        awaitTold(ONE, "1\tsick\tburnt\tNVIDIA Fake");
    }

    @Test
    void driverThatHangs_holdsUpNobodyElse() throws Exception {
        bed.start();
        bed.driver.hang.lock();
        try {
            // What it said at the start counts for a second.
            pass();
            bed.drop("one.job", "exit 0\n");
            bed.drop("without.job", "#GPUSPOOL gpus=0\nexit 0\n");
            bed.await("a job without GPU goes on", () -> bed.isDone("without"));
            awaitTold(ONE, "1\tunknown\tits driver does not answer\tNVIDIA Fake");
            assertFalse(bed.isDone("one"));
        } finally {
            bed.driver.hang.unlock();
        }
        bed.await("it starts", () -> bed.isDone("one"));
    }
}
