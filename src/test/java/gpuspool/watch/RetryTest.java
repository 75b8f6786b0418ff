package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.TestJob;
import gpuspool.chaos.Tree;
import gpuspool.config.Settings.Durability;
import gpuspool.posix.FileFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A job that fails runs again as often as it may: what is said, how long it waits, and what ends that. */
class RetryTest {
    private static final String NEXT_BOOT = "22222222-boot";

    private static Map<String, String> failed(FaultBed bed, String id) throws IOException {
        return Tree.status(bed.spool().resolve("failed/" + id + ".box"));
    }

    private static String waits(Life life, String file) {
        return life.engine().backlog().waiting().stream()
                .filter(entry -> entry.name().equals(file))
                .map(entry -> entry.why)
                .findFirst()
                .orElse("");
    }

    /** Turns until the file waits in the queue for its next run. */
    private static void untilWaiting(FaultBed bed, Life life, String file) throws IOException {
        for (int i = 0; i < 100 && waits(life, file).isEmpty(); i++) {
            long unused = life.engine().turn();
            boolean unusedToo = bed.sim().step();
            life.tell(new Inbox.Changed(bed.spool().resolve("incoming").resolve(file)));
        }
        assertFalse(waits(life, file).isEmpty(), () -> "never waits; " + life.describe() + bed.log());
    }

    @Test
    void failsAlways_runsAsOftenAsItMay() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.dropFailing("x.job", "retries=2", 3);
            bed.drain();
            assertEquals(3, bed.starts(job), () -> bed.log().toString());
            Map<String, String> first = failed(bed, "x.1");
            assertEquals("exited", first.get("ending"));
            assertEquals("3", first.get("exit"));
            assertEquals("handed", first.get("again"));
            assertNull(first.get("previous"));
            Map<String, String> second = failed(bed, "x.2");
            assertEquals("x.1.box", second.get("previous"));
            assertEquals("1", second.get("retry"));
            Map<String, String> last = failed(bed, "x.3");
            assertEquals("x.2.box", last.get("previous"));
            assertEquals("2", last.get("retry"));
            assertNull(last.get("again"));
            assertEquals(List.of(), bed.checker().check());
            assertTrue(bed.log().contains("queued x.1 again: incoming/x.job (retry 1 of 2)"), () -> "" + bed.log());
        }
    }

    @Test
    void failsOnce_isDoneAfterTheSecondRun() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.dropFailingOnce("x.job", "retries=5", 1);
            bed.drain();
            assertEquals(2, bed.starts(job));
            assertEquals(List.of(), bed.checker().check());
            assertTrue(Files.exists(bed.spool().resolve("done/x.2.box")));
        }
    }

    @Test
    void endingNotCovered_isTheLast() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob other = bed.dropFailing("other.job", "retries=2 retry_on=4,SIGKILL", 3);
            TestJob code = bed.dropFailing("code.job", "retries=1 retry_on=4,SIGKILL", 4);
            TestJob signal = bed.dropFailing("signal.job", "retries=1 retry_on=4,SIGKILL", 137);
            bed.drain();
            assertEquals(1, bed.starts(other));
            assertEquals(2, bed.starts(code));
            assertEquals(2, bed.starts(signal));
        }
    }

    @Test
    void waiting_isLongerEachTimeAndSaysWhy() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.dropFailing("x.job", "retries=3", 1);
            try (Life life = bed.life(Meddler.none())) {
                life.recover();
                untilWaiting(bed, life, "x.job");
                assertEquals("retry 1 of 3, waits 5s after x.1 failed (exit 1)", waits(life, "x.job"));
                bed.world()
                        .advanceTo(bed.world().clocks().nanos()
                                + Duration.ofSeconds(3).toNanos());
                long unused = life.engine().turn();
                assertEquals(1, bed.starts(job), "too early");
                bed.world()
                        .advanceTo(bed.world().clocks().nanos()
                                + Duration.ofSeconds(3).toNanos());
                long unusedToo = life.engine().turn();
                untilWaiting(bed, life, "x.job");
                assertEquals("retry 2 of 3, waits 10s after x.2 failed (exit 1)", waits(life, "x.job"));
                assertFalse(life.engine().isDrained(), "it runs again without anybody's hand");
            }
        }
    }

    /** The next watcher goes on with the count, and waits no longer than it was to. */
    @Test
    void waiting_survivesTheWatcher() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.dropFailing("x.job", "retries=1", 1);
            try (Life life = bed.life(Meddler.none())) {
                life.recover();
                untilWaiting(bed, life, "x.job");
            }
            try (Life next = bed.life(Meddler.none())) {
                next.recover();
                untilWaiting(bed, next, "x.job");
                assertEquals(1, bed.starts(job));
                next.drain();
            }
            assertEquals(2, bed.starts(job));
            assertEquals("1", failed(bed, "x.2").get("retry"));
        }
    }

    @Test
    void toTheFront_endsTheWait() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.dropFailing("x.job", "retries=1", 1);
            try (Life life = bed.life(Meddler.none())) {
                life.recover();
                untilWaiting(bed, life, "x.job");
                Path request = Files.createFile(bed.spool().resolve("control/x.job.first"));
                life.tell(new Inbox.Requested(request));
                life.work();
                assertEquals(2, bed.starts(job), () -> waits(life, "x.job"));
            }
        }
    }

    @Test
    void editedWhileItWaits_isANewJob() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.dropFailing("x.job", "retries=1", 1);
            try (Life life = bed.life(Meddler.none())) {
                life.recover();
                untilWaiting(bed, life, "x.job");
                Path queued = bed.spool().resolve("incoming/x.job");
                Path draft = Files.copy(queued, bed.spool().resolve("tmp/draft"));
                Files.move(draft, queued, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                life.tell(new Inbox.Changed(queued));
                life.drain();
            }
            assertEquals(3, bed.starts(job), "its own count");
            assertNull(failed(bed, "x.2").get("previous"));
            assertEquals("x.2.box", failed(bed, "x.3").get("previous"));
        }
    }

    @Test
    void sharedStem_eachCountsForItself() throws IOException {
        try (FaultBed bed = FaultBed.simulated(2)) {
            TestJob one = bed.dropFailing("a b.job", "retries=2", 1);
            TestJob other = bed.dropFailing("a_b.job", "retries=2", 1);
            bed.drain();
            assertEquals(3, bed.starts(one), () -> bed.log().toString());
            assertEquals(3, bed.starts(other));
        }
    }

    @Test
    void cancelledWhileItRuns_isTheLast() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.dropFailing("x.job", "retries=3", 1);
            try (Life life = bed.life(Meddler.none())) {
                life.recover();
                bed.turnUntilStarted(life, job);
                bed.cancel(job);
                life.drain();
            }
            assertEquals(1, bed.starts(job));
            assertNull(failed(bed, "x.1").get("again"));
        }
    }

    @Test
    void rebooted_isQueuedAgainWhereItAsksForThat() throws IOException {
        try (FaultBed bed = FaultBed.simulated(3)) {
            TestJob requeue = bed.dropStuck("x.job", "on_interrupt=requeue", 0);
            TestJob retry = bed.dropStuck("y.job", "retries=1 retry_on=interrupted", 0);
            TestJob neither = bed.dropStuck("z.job", "retries=1", 0);
            try (Life life = bed.life(Meddler.none())) {
                life.recover();
                for (TestJob job : List.of(requeue, retry, neither)) {
                    bed.turnUntilStarted(life, job);
                }
            }
            bed.sim().powerOff();
            try (Life next = bed.lifeAfterBoot(Meddler.none(), NEXT_BOOT)) {
                next.recover();
                next.drain();
            }
            assertEquals(2, bed.starts(requeue), () -> bed.log().toString());
            assertEquals(2, bed.starts(retry));
            assertEquals(1, bed.starts(neither));
            assertEquals("interrupted", failed(bed, "x.1").get("ending"));
            Map<String, String> second = Tree.status(bed.spool().resolve("done/x.2.box"));
            assertEquals("1", second.get("interruption"));
            assertNull(second.get("retry"));
            assertEquals("1", Tree.status(bed.spool().resolve("done/y.2.box")).get("retry"));
        }
    }

    @Test
    void rebootedAgainAndAgain_isFiledInTheEnd() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.dropForEver("x.job", "on_interrupt=requeue");
            for (int boot = 0; boot <= 10; boot++) {
                try (Life life = bed.lifeAfterBoot(Meddler.none(), boot + "-boot")) {
                    life.recover();
                    for (int i = 0; i < 200 && bed.starts(job) <= boot; i++) {
                        boolean unused = life.turn();
                    }
                }
                assertEquals(boot + 1, bed.starts(job), () -> bed.log().toString());
                bed.sim().powerOff();
            }
            try (Life life = bed.lifeAfterBoot(Meddler.none(), "last-boot")) {
                life.recover();
                life.drain();
            }
            assertEquals(11, bed.starts(job));
            Path last = bed.spool().resolve("failed/x.11.box");
            assertEquals(
                    "it was interrupted 11 times, and is queued again 10 times at most; to run it once more: gpuspool"
                            + " retry\n",
                    Files.readString(last.resolve("reason")));
        }
    }

    /** Whether it was queued again already cannot be told. */
    @Test
    void fastAndRebooted_isFiledAndSaysSo() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            bed.set(FaultBed.settings(Durability.FAST, 0));
            TestJob job = bed.dropStuck("x.job", "on_interrupt=requeue", 0);
            try (Life life = bed.life(Meddler.none())) {
                life.recover();
                bed.turnUntilStarted(life, job);
            }
            bed.sim().powerOff();
            try (Life next = bed.lifeAfterBoot(Meddler.none(), NEXT_BOOT)) {
                next.recover();
                next.drain();
            }
            assertEquals(1, bed.starts(job));
            String reason = Files.readString(bed.spool().resolve("failed/x.1.box/reason"));
            assertTrue(
                    reason.startsWith("the machine went down, and with durability = \"fast\" nobody can tell"), reason);
        }
    }

    /** It failed on another host, which this watcher has not heard of. */
    @Test
    void failedOnAnotherHost_theNextRunHasAHigherNumber() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1);
                Life life = bed.life(Meddler.none())) {
            life.recover();
            Files.createDirectories(bed.spool().resolve("hosts/other"));
            TestJob job = bed.dropFailing("x.job", "retries=1", 3);
            FileFacts file = FileFacts.of(bed.spool().resolve("incoming/x.job")).orElseThrow();
            Path failed = Files.createDirectory(bed.spool().resolve("failed/x.3.other"));
            String copy =
                    file.identity() + ":" + file.size() + ":" + file.modified().to(TimeUnit.NANOSECONDS);
            Files.writeString(
                    failed.resolve("status"),
                    "ending = exited\nexit = 3\nagain_for = retry\nagain = handed\nagain_file = " + copy + "\n");
            bed.scanAt(life);
            life.drain();
            assertEquals(1, bed.starts(job), () -> bed.log().toString());
            assertEquals("x.3.other", failed(bed, "x.4").get("previous"));
            assertNull(failed(bed, "x.4").get("again"));
        }
    }
}
