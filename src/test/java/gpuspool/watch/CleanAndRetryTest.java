package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.spool.Cleaning;
import gpuspool.spool.DiskFs;
import gpuspool.spool.Layout;
import gpuspool.spool.Resubmission;
import gpuspool.spool.Where;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records are cleaned and run again while a real watcher claims and files jobs of the same name. */
class CleanAndRetryTest {
    @TempDir
    Path temp;

    private WatcherBed bed;
    private Layout places;

    @BeforeEach
    void makeBed() throws IOException {
        bed = new WatcherBed(temp.toRealPath());
        places = new Layout(bed.spool);
    }

    @AfterEach
    void endAll() throws IOException {
        bed.close();
    }

    @Test
    void retriesRacingWithClaims_areEachRunOnce() throws Exception {
        bed.watch("sim:2");
        bed.drop("a.job", "exit 1\n");
        Path record = bed.awaitFiled("a.1");
        int queued = 0;
        for (long end = System.nanoTime() + Duration.ofSeconds(3).toNanos(); System.nanoTime() < end; ) {
            Resubmission.Outcome outcome = new Resubmission(places, new DiskFs()).queue(record.resolve("a.job"));
            queued += outcome == Resubmission.Outcome.QUEUED ? 1 : 0;
        }
        int runs = 1 + queued;
        assertTrue(runs > 2, "some were queued: " + runs);
        bed.await(runs + " runs are filed", () -> bed.names("failed").size() == runs);
        assertEquals(List.of(), bed.names("incoming"));
        for (int run = 1; run <= runs; run++) {
            Path dir = bed.filed("a." + run);
            assertEquals("exit 1\n", Files.readString(dir.resolve("a.job")));
            assertTrue(Files.exists(dir.resolve("exit.1")), dir.toString());
        }
    }

    @Test
    void cleanRacingWithRunsOfTheSameName_harmsNoneAndNoNumberComesBack() throws Exception {
        bed.watch("sim:1");
        AtomicBoolean over = new AtomicBoolean();
        List<String> trouble = new ArrayList<>();
        Thread cleaner = new Thread(() -> {
            while (!over.get()) {
                try {
                    new Cleaning(places, new DiskFs(), (what, why) -> trouble.add(what + ": " + why), false)
                            .removeOld(List.of(Where.DONE, Where.FAILED), Duration.ZERO, 0, System.currentTimeMillis());
                } catch (IOException e) {
                    trouble.add(e.toString());
                }
            }
        });
        cleaner.start();
        Path ledger = temp.toRealPath().resolve("ledger");
        bed.drop("a.job", "echo $GPUSPOOL_ID >> '" + ledger + "'\n");
        bed.await(
                "the first, and so the highest, is cleaned",
                () -> Files.exists(ledger)
                        && bed.names("running").isEmpty()
                        && bed.names("done").isEmpty());
        int dropped = 1;
        for (long end = System.nanoTime() + Duration.ofSeconds(3).toNanos(); System.nanoTime() < end; ) {
            if (!Files.exists(bed.incoming("a.job"))) {
                bed.drop("a.job", "echo $GPUSPOOL_ID >> '" + ledger + "'\n");
                dropped++;
            }
        }
        int jobs = dropped;
        bed.await(
                jobs + " jobs have run",
                () -> Files.exists(ledger) && Files.readAllLines(ledger).size() == jobs);
        bed.await(
                "all is cleaned",
                () -> bed.names("done").isEmpty()
                        && bed.names("running").isEmpty()
                        && bed.names("tmp").isEmpty());
        over.set(true);
        cleaner.join();
        List<String> ids = Files.readAllLines(ledger);
        assertTrue(jobs > 2, ids.toString());
        assertEquals(jobs, new HashSet<>(ids).size(), ids.toString());
        assertEquals(List.of(), trouble);
        // A record that goes within milliseconds of its filing may cost its line in history.jsonl, which is said.
        assertTrue(
                bed.log().lines().noneMatch(line -> line.startsWith("attention") && !line.contains("history.jsonl")),
                bed.log());
    }
}
