package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.plan.Placement;
import gpuspool.spool.DiskFs;
import gpuspool.spool.Fs;
import gpuspool.spool.Numbers;
import gpuspool.spool.Outcomes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The queue in memory, look by look; files lie on a real disk, time is the test's. */
final class IntakeTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private FaultBed bed;
    private Backlog backlog;
    private Intake intake;
    private long now = 1;

    @BeforeEach
    void open() throws IOException {
        bed = FaultBed.simulated(2);
        backlog = new Backlog(6, Optional::empty, Optional::empty);
        Setup setup = bed.setup();
        Fs fs = new DiskFs();
        Clocks clocks = bed.world().clocks();
        OtherJobs others =
                new OtherJobs(setup.host(), new Outcomes(setup.spool().places(), fs), clocks, backlog, new JobBook());
        intake = new Intake(
                setup,
                backlog,
                new CardDesk(setup.cards()),
                new Succession(setup, fs, clocks, new Numbers()),
                new Waits(setup, fs, clocks, backlog, others),
                new Requesters(bed.world().processes(), pid -> {}));
    }

    @AfterEach
    void close() throws IOException {
        bed.close();
    }

    private Path incoming(String name) {
        return bed.spool().resolve("incoming").resolve(name);
    }

    private Path drop(String name, String text) throws IOException {
        return Files.writeString(incoming(name), text);
    }

    private void scanAndRead() throws IOException {
        intake.scan(now);
        intake.read(now, 100);
    }

    private List<String> ready() {
        List<String> names = new ArrayList<>();
        for (Placement.Request job : backlog.queued(100)) {
            names.add(job.name());
        }
        return names;
    }

    private List<String> waiting() {
        return backlog.waiting().stream()
                .map(entry -> entry.name() + ": " + entry.why)
                .sorted()
                .toList();
    }

    @Test
    void othersAreDueAgain_newOneIsReadFirst() throws IOException {
        for (int i = 0; i < 5; i++) {
            drop("empty" + i + ".job", "");
        }
        scanAndRead();
        assertEquals(5, waiting().size());
        now += 2 * MINUTE;
        intake.hint(drop("good.job", "true\n"), now);
        intake.read(now, 1);
        assertEquals(List.of("good.job"), ready());
    }

    @Test
    void whatOnlyAChangeCanMend_isLookedAtLessAndLess() throws IOException {
        drop("empty.job", "");
        scanAndRead();
        int looks = 0;
        for (long end = now + 10 * MINUTE; now < end; looks++) {
            now = backlog.nextLook().orElseThrow();
            intake.read(now, 100);
        }
        assertTrue(looks < 25, looks + " looks in ten minutes");
    }

    @Test
    void longestNameThereIs_isReadAndSoAreItsNeighbours() throws IOException {
        String longest = "a".repeat(251) + ".job";
        drop(longest, "true\n");
        drop("b.job", "true\n");
        scanAndRead();
        assertEquals(List.of(longest, "b.job"), ready().stream().sorted().toList());
    }

    @Test
    void editorOpensWhatWasFoundComplete_isHeldBack() throws IOException {
        drop("x.job", "true\n");
        scanAndRead();
        assertEquals(List.of("x.job"), ready());
        Path lock = drop(".x.job.swp", "");
        intake.hint(lock, now);
        intake.read(now, 100);
        assertEquals(List.of(), ready());
        assertEquals(List.of("x.job: an editor has it open (.x.job.swp)"), waiting());
        Files.delete(lock);
        intake.hint(lock, now);
        intake.read(now, 100);
        assertEquals(List.of("x.job"), ready());
    }

    @Test
    void editorOpensItUnheard_isSeenByTheScan() throws IOException {
        drop("x.job", "true\n");
        scanAndRead();
        drop(".#x.job", "");
        scanAndRead();
        assertEquals(List.of("x.job: an editor has it open (.#x.job)"), waiting());
    }

    @Test
    void moreThanCanBeKept_theOldestAreAndTheOthersFollow() throws IOException {
        for (char c = 'a'; c <= 'j'; c++) {
            drop(c + ".job", "true\n");
        }
        scanAndRead();
        assertEquals(List.of("a.job", "b.job", "c.job", "d.job", "e.job", "f.job"), ready());
        assertEquals(10, backlog.size());
        assertFalse(backlog.isDrained());
        for (String claimed : List.of("a.job", "b.job", "c.job")) {
            assertFalse(backlog.hasRoomForMore());
            Files.delete(incoming(claimed));
            backlog.remove(incoming(claimed));
        }
        assertTrue(backlog.hasRoomForMore());
        scanAndRead();
        assertEquals(List.of("d.job", "e.job", "f.job", "g.job", "h.job", "i.job"), ready());
        assertEquals(7, backlog.size());
    }
}
