package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.TestJob;
import gpuspool.plan.Placement;
import gpuspool.spool.QuarantineFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code control/CARD.ok} and {@code control/let-go}, as far as they need no driver. */
@Timeout(60)
class CardRequestsTest {
    private static final int ENDLESS = 1000;

    private FaultBed bed;

    @BeforeEach
    void open() throws IOException {
        bed = FaultBed.simulated(2);
    }

    @AfterEach
    void close() throws IOException {
        bed.close();
    }

    private Path control(String name) {
        return bed.places().control().resolve(name);
    }

    private List<String> inControl() throws IOException {
        return WatcherBed.list(bed.places().control());
    }

    private static Path quarantine(FaultBed bed, String host, String text) throws IOException {
        Files.createDirectories(bed.places().host(host));
        return Files.writeString(QuarantineFile.in(bed.places().host(host)), text);
    }

    private void cards(String host, String text) throws IOException {
        Files.createDirectories(bed.places().host(host));
        Files.writeString(bed.places().host(host).resolve("gpus"), text);
    }

    private String why(Engine engine) {
        long now = bed.world().clocks().nanos();
        Placement.Request blocked = engine.starting().blocked().orElseThrow();
        return engine.starting().why(blocked, engine.book().view(engine.jobs().all(), now));
    }

    @Test
    void cardInQuarantine_getsNoJob_theOthersDo_untilItIsOk() throws IOException {
        Path file = quarantine(bed, FaultBed.HOST, "sim:0\t2026-01-01T00:00:00.000Z\tburnt\n");
        TestJob both = bed.drop("both.job", 2, 0);
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            assertFalse(life.settle(10));
            assertEquals("needs 2 GPUs, 1 kept for it, 0 free; GPU 0: burnt", why(life.engine()));
            Files.delete(bed.places().incoming().resolve("both.job"));
            life.tell(new Inbox.Changed(bed.places().incoming().resolve("both.job")));
            TestJob one = bed.drop("one.job", 1, 0);
            life.tell(new Inbox.Rescan());
            bed.turnUntilStarted(life, one);
            Files.move(
                    Files.writeString(bed.spool().resolve("tmp/again"), both.text()),
                    bed.places().incoming().resolve("both.job"));
            Files.createFile(control("sim:0.ok"));
            life.tell(new Inbox.Rescan());
            life.drain();
        }
        assertEquals(1, bed.starts(both));
        assertEquals(List.of(), inControl());
        assertTrue(Files.notExists(file));
        assertTrue(
                bed.log().stream().anyMatch(line -> line.startsWith("GPU 0 has left the quarantine")),
                bed.log()::toString);
        assertEquals(List.of(), bed.checker().check());
    }

    @Test
    void requestsForCardsThatAreInNoQuarantine_areRefused() throws IOException {
        cards("far", "as of 2026-01-01T00:00:00.000Z\nunknown\t-\tunknown\tno driver\t\nGPU-77ab\t0\tfree\t\tH200\n");
        quarantine(bed, "near", "GPU-88ab\t\tlost\nMIG-GPU-9/1/0\t\tlost\n");
        for (String name : List.of("sim:1", "GPU-99", "GPU-77", "GPU-88ab", "MIG-GPU-9_1", "unknown", "x.job")) {
            Files.createFile(control(name + ".ok"));
        }
        bed.drain();
        assertEquals(
                List.of(
                        "GPU-77.ok",
                        "GPU-88ab.ok",
                        "GPU-99.ok.refused",
                        "MIG-GPU-9_1.ok",
                        "sim:1.ok.refused",
                        "unknown.ok.refused",
                        "x.job.ok.refused"),
                inControl());
        assertEquals(
                "refused: that card is in no quarantine; hosts/*/quarantine names those that are\n",
                Files.readString(control("sim:1.ok.refused")));
        assertEquals(
                "refused: no such card; hosts/*/gpus names all there are\n",
                Files.readString(control("GPU-99.ok.refused")));
    }

    @Test
    void quarantineThatCannotBeRead_requestWaits() throws IOException {
        Files.createDirectories(QuarantineFile.in(bed.places().host(FaultBed.HOST)));
        TestJob job = bed.drop("a.job", 1, 0);
        Files.createFile(control("sim:0.ok"));
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            assertFalse(life.settle(10));
            assertEquals(0, bed.starts(job));
            assertEquals(List.of("sim:0.ok"), inControl());
            Files.delete(QuarantineFile.in(bed.places().host(FaultBed.HOST)));
            life.drain();
        }
        assertEquals(1, bed.starts(job));
    }

    @ParameterizedTest
    @EnumSource(KillAt.Moment.class)
    void killedAnywhere_theNextWatcherServesTheRequest(KillAt.Moment moment) throws IOException {
        int k = 1;
        for (; k < ENDLESS; k++) {
            try (FaultBed here = FaultBed.simulated(2)) {
                Path file = quarantine(here, FaultBed.HOST, "sim:0\t\tburnt\n");
                TestJob both = here.drop("both.job", 2, 0);
                Files.createFile(here.places().control().resolve("sim:0.ok"));
                KillAt kill = new KillAt(moment, k);
                boolean through = here.life(kill).run();
                here.drain();
                assertEquals(List.of(), here.checker().check(), kill + "; log: " + here.log());
                assertEquals(1, here.starts(both), kill::toString);
                assertTrue(Files.notExists(file), kill::toString);
                List<String> left = WatcherBed.list(here.places().control());
                // Let out, and then killed: the next one finds a request for a card that is well.
                assertTrue(left.isEmpty() || left.equals(List.of("sim:0.ok.refused")), kill + ": " + left);
                if (through) {
                    assertEquals(List.of(), left);
                    break;
                }
            }
        }
        System.out.println("card requests: " + (k - 1) + " kills " + moment);
        assertTrue(k > 5 && k < ENDLESS);
    }

    @Test
    void letGoThatIsForgotten_isRemovedAfterTenMinutes() throws IOException {
        Files.createFile(control("let-go"));
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            long from = bed.world().clocks().nanos();
            long unused = life.engine().turn();
            while (Files.exists(control("let-go"))) {
                boolean turned = life.turn();
                assertFalse(turned);
                assertTrue(
                        bed.world().clocks().nanos() - from
                                < Duration.ofMinutes(11).toNanos(),
                        "never removed");
            }
            assertTrue(bed.world().clocks().nanos() - from
                    >= Duration.ofMinutes(10).toNanos());
        }
        assertTrue(bed.log().stream().anyMatch(line -> line.startsWith("removed control/let-go")), bed.log()::toString);
    }

    @Test
    void letGoThatCannotBeRemoved_isSaidAndTriedAgain() throws IOException {
        Files.createDirectories(control("let-go").resolve("full"));
        try (Life life = bed.life(Meddler.none())) {
            life.recover();
            for (int i = 0; i < 13; i++) {
                bed.scanAt(life);
            }
            long said = bed.log().stream()
                    .filter(line -> line.contains("cannot remove control/let-go"))
                    .count();
            assertTrue(said >= 2 && said <= 4, bed.log()::toString);
            Files.delete(control("let-go").resolve("full"));
            bed.scanAt(life);
            bed.scanAt(life);
            assertTrue(Files.notExists(control("let-go")));
        }
    }
}
