package gpuspool.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.spool.DiskFs;
import gpuspool.spool.Looker;
import gpuspool.spool.OverviewReader;
import gpuspool.spool.Spool;
import gpuspool.spool.SpoolMaker;
import gpuspool.view.SnapshotReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The threads that look, on a real spool. */
class LooksTest {
    private static final int SECONDS = 30;

    @TempDir
    Path directory;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private Spool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = SpoolMaker.make(directory.resolve("spool"), new DiskFs());
        Files.writeString(spool.places().incoming().resolve("a.job"), "echo hello\n");
    }

    private Looks start(SnapshotReader.Cards cards) {
        Looks looks = new Looks(events);
        SnapshotReader reader = new SnapshotReader(
                spool, new Looker("here", "boot"), new DiskFs(), looks::board, new OverviewReader.Limits(10, 10, 10));
        looks.start(spool.root(), reader, cards, new LogReader(spool.places(), new DiskFs()));
        return looks;
    }

    private Event await(Predicate<Event> meant) throws InterruptedException {
        List<Event> others = new ArrayList<>();
        for (int i = 0; i < SECONDS * 2; i++) {
            Event event = events.poll(SECONDS, TimeUnit.SECONDS);
            if (event == null || meant.test(event)) {
                return event;
            }
            others.add(event);
        }
        throw new AssertionError(others.size() + " others, the last " + others.get(others.size() - 1));
    }

    @Test
    void driverThatDoesNotAnswer_holdsUpNoJob() throws Exception {
        CountDownLatch answers = new CountDownLatch(1);
        try (Looks looks = start(() -> {
            answers.await();
            return Looks.NO_BOARD;
        })) {
            Event.Seen seen = (Event.Seen) await(Event.Seen.class::isInstance);
            assertEquals(1, seen.sight().count(Section.QUEUED));
            assertEquals(0, seen.sight().count(Section.GPUS));
            looks.want(Optional.of(seen.sight().rows().get(0)));
            Event.LogRead log = (Event.LogRead) await(event -> event instanceof Event.LogRead);
            assertEquals(List.of("echo hello"), log.log().lines());
        } finally {
            answers.countDown();
        }
    }

    @Test
    void spoolGone_isTold_andSeenAgainWhenItIsBack() throws Exception {
        try (Looks looks = start(() -> {
            throw new IOException("no driver today");
        })) {
            assertEquals("no driver today", ((Event.CardsBlind) await(Event.CardsBlind.class::isInstance)).why());
            Path away = directory.resolve("away");
            Files.move(spool.root(), away);
            Event.Blind blind = (Event.Blind) await(Event.Blind.class::isInstance);
            assertTrue(blind.why().contains("spool"), blind.why());
            Files.move(away, spool.root());
            looks.ask();
            assertTrue(await(Event.Seen.class::isInstance) != null);
        }
    }

    @Test
    void logOfARun_isFoundWhereverItLies_andReadAgainWhenItGrows() throws Exception {
        LogReader reader = new LogReader(spool.places(), new DiskFs());
        Path running = Files.createDirectory(spool.places().running().resolve("x.1.here"));
        Files.writeString(running.resolve("started"), "pid=1\ngo 2\n");
        Files.writeString(running.resolve("status"), "name = x.job\n");
        Row row = new Row.OfJob(Section.RUNNING, Scenes.job("x.1.here", "running", "1", List.of(), "", "true"), "root");
        assertEquals(List.of("it has printed nothing"), reader.read(row).lines());
        Files.writeString(running.resolve("output.log"), "one\n");
        assertEquals(List.of("one"), reader.read(row).lines());
        Files.writeString(running.resolve("output.log"), "one\ntwo");
        assertEquals(List.of("one", "two"), reader.read(row).lines());
        Path done = spool.places().done().resolve("x.1.here");
        Files.move(running, done);
        assertEquals(List.of("one", "two"), reader.read(row).lines());
        Files.write(done.resolve("output.log"), ("x".repeat(400_000) + "\nend\n").getBytes(StandardCharsets.US_ASCII));
        assertEquals(List.of("end"), reader.read(row).lines());
        Files.delete(done.resolve("output.log"));
        assertEquals(List.of("it has printed nothing"), reader.read(row).lines());
    }

    @Test
    void whatIsNoRegularFile_isNotRead() throws Exception {
        Files.createSymbolicLink(spool.places().incoming().resolve("l.job"), Path.of("/dev/zero"));
        LogReader reader = new LogReader(spool.places(), new DiskFs());
        Row row = new Row.OfJob(Section.QUEUED, Scenes.queued("l.job", ""), "root");
        assertEquals(List.of("it is a symbolic link"), reader.read(row).lines());
    }
}
