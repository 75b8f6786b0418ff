package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.TestJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs for a later time and for other hosts. The calendar is the machine's, set back and forth; the other clock jumps. */
class BeginTest {
    private FaultBed bed;
    private JumpingClock clock;

    @BeforeEach
    void open() throws IOException {
        bed = FaultBed.simulated(1);
        clock = (JumpingClock) bed.world().clocks();
    }

    @AfterEach
    void close() throws IOException {
        bed.close();
    }

    private Life life() throws IOException {
        Life life = bed.life(Meddler.none());
        life.recover();
        return life;
    }

    private static List<String> waiting(Life life) {
        return life.engine().backlog().waiting().stream()
                .map(entry -> entry.name() + ": " + entry.why)
                .sorted()
                .toList();
    }

    private static String in(Duration time) {
        return Instant.now().plus(time).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String said(String time) {
        return "not before "
                + DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss")
                        .format(Instant.parse(time).atZone(ZoneId.systemDefault()));
    }

    @Test
    void beginIsToCome_waitsWithATimerAndStartsThen() throws IOException {
        String time = in(Duration.ofMinutes(30));
        TestJob job = bed.dropWith("begin=" + time, "late.job", 0);
        bed.drop("now.job", 1, 0);
        try (Life life = life()) {
            life.work();
            assertEquals(List.of("late.job: " + said(time)), waiting(life));
            assertFalse(life.engine().isDrained());
            long due = life.engine().backlog().nextLook().orElseThrow() - clock.nanos();
            assertTrue(
                    due > Duration.ofMinutes(28).toNanos()
                            && due <= Duration.ofMinutes(30).toNanos(),
                    due + " ns");
            clock.advanceTo(clock.nanos() + due);
            // The calendar goes slower than the other clock: looked at, and not yet.
            life.work();
            assertEquals(0, bed.starts(job));
            clock.stepCalendar(Duration.ofMinutes(31));
            life.drain();
        }
        assertEquals(1, bed.starts(job));
        assertEquals(List.of(), bed.checker().check());
    }

    @Test
    void calendarIsSetForward_theNextScanSeesIt() throws IOException {
        TestJob job = bed.dropWith("begin=300d", "late.job", 0);
        try (Life life = life()) {
            life.work();
            clock.stepCalendar(Duration.ofDays(301));
            life.work();
            assertEquals(0, bed.starts(job));
            bed.scanAt(life);
            life.drain();
        }
        assertEquals(1, bed.starts(job));
    }

    @Test
    void calendarIsSetBack_nothingIsLost() throws IOException {
        String time = in(Duration.ofMinutes(10));
        TestJob job = bed.dropWith("begin=" + time, "late.job", 0);
        try (Life life = life()) {
            life.work();
            clock.stepCalendar(Duration.ofDays(-1));
            clock.advanceTo(clock.nanos() + Duration.ofMinutes(10).toNanos());
            life.work();
            assertEquals(List.of("late.job: " + said(time)), waiting(life));
            clock.stepCalendar(Duration.ofDays(1).plusMinutes(10));
            bed.scanAt(life);
            life.drain();
        }
        assertEquals(1, bed.starts(job));
    }

    @Test
    void beginAndAfter_bothAreWaitedFor() throws IOException {
        String time = in(Duration.ofMinutes(30));
        TestJob both = bed.dropWith("after=a begin=" + time, "both.job", 0);
        try (Life life = life()) {
            life.work();
            assertEquals(List.of("both.job: " + said(time)), waiting(life));
            clock.stepCalendar(Duration.ofMinutes(31));
            bed.scanAt(life);
            life.work();
            assertEquals(List.of("both.job: waits for a, which nobody has dropped yet"), waiting(life));
            bed.drop("a.job", 1, 0);
            bed.scanAt(life);
            life.drain();
        }
        assertEquals(1, bed.starts(both));
    }

    @Test
    void laterJobsPredecessorFails_isRefusedAtOnce() throws IOException {
        bed.dropInVain("after=a begin=1h", "late.job");
        bed.drop("a.job", 1, 3);
        bed.drain();
        assertEquals(List.of(), bed.checker().check());
    }

    /** Its claim sets its ctime, from which the hour must not count anew. */
    @Test
    void fileChangesWhenItIsClaimed_theTimeCountsFromWhenItWasQueued() throws IOException {
        TestJob job = bed.dropWith("begin=1h", "late.job", 0);
        Path late = bed.places().running().resolve("late.1.box/late.job");
        String with = Files.readString(bed.places().incoming().resolve("late.job"));
        Files.writeString(bed.places().incoming().resolve("late.job"), with.replace(" begin=1h", ""));
        Meddler changes = (step, call) -> {
            Object result = call.run();
            if (step.is(Step.Kind.RENAME) && Files.exists(late)) {
                Files.writeString(late, with);
            }
            return result;
        };
        try (Life life = bed.life(changes)) {
            life.recover();
            life.work();
            Optional<Job> known = life.engine().jobs().all().stream().findFirst();
            assertTrue(known.orElseThrow().waits.startsWith("not before "), known.get().waits);
        }
        assertEquals(0, bed.starts(job));
        clock.stepCalendar(Duration.ofMinutes(59));
        try (Life life = life()) {
            life.work();
            assertEquals(0, bed.starts(job));
            clock.stepCalendar(Duration.ofMinutes(2));
            life.drain();
        }
        assertEquals(1, bed.starts(job));
    }

    @Test
    void otherHostsAreNamed_theFileIsLeftToThem() throws IOException {
        TestJob job = bed.dropWith("hosts=gpubox1", "far.job", 0);
        bed.dropWith("hosts=gpubox1,box", "near.job", 0);
        bed.dropWith("hosts=gpubox1,gpubox3", "wide.job", 0);
        // More than there are here: none of this host's business.
        Path wide = bed.places().incoming().resolve("wide.job");
        Files.writeString(wide, Files.readString(wide).replace("gpus=1", "gpus=5"));
        try (Life life = life()) {
            life.drain();
            String nobody = ", and there is no watcher of gpubox1";
            assertEquals(
                    List.of(
                            "far.job: for host gpubox1; this is box" + nobody,
                            "wide.job: for hosts gpubox1, gpubox3; this is box" + nobody + " or gpubox3"),
                    waiting(life));
            Files.createDirectories(bed.places().host("gpubox1"));
            Files.createFile(bed.places().host("gpubox1").resolve("watcher"));
            bed.scanAt(life);
            assertEquals("far.job: for host gpubox1; this is box", waiting(life).get(0));
        }
        assertEquals(0, bed.starts(job));
        Files.delete(wide);
        try (Life there = bed.lifeOf("gpubox1")) {
            there.recover();
            there.drain();
        }
        assertEquals(1, bed.starts(job));
    }
}
