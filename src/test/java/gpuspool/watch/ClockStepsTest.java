package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.TestJob;
import gpuspool.chaos.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However the calendar is set while jobs wait, run and end: their order, limits and times do not depend on it. */
class ClockStepsTest {
    private static final Duration YEAR = Duration.ofDays(365);

    /** At a time of its own: the kernel stamps files by its tick, so two in a row may share one. */
    private static TestJob drop(FaultBed bed, String name, int code) throws IOException {
        TestJob job = bed.drop(name, 1, code);
        Path file = bed.spool().resolve("incoming").resolve(name);
        FileTime before = (FileTime) Files.getAttribute(file, "unix:ctime");
        while (stamp(bed).compareTo(before) <= 0) {
            Thread.onSpinWait();
        }
        return job;
    }

    private static FileTime stamp(FaultBed bed) throws IOException {
        Path probe = Files.createTempFile(bed.spool().getParent(), "probe", "");
        FileTime time = (FileTime) Files.getAttribute(probe, "unix:ctime");
        Files.delete(probe);
        return time;
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void calendarSetAYearOff_orderLimitsAndElapsedStay(long years) throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob first = drop(bed, "z-first.job", 0);
            drop(bed, "y-second.job", 3);
            drop(bed, "x-third.job", 0);
            JumpingClock clock = (JumpingClock) bed.world().clocks();
            try (Life life = bed.life(Meddler.none())) {
                life.recover();
                bed.turnUntilStarted(life, first);
                clock.stepCalendar(YEAR.multipliedBy(years));
                // Dropped after the clock was set, its own times from before: still the last.
                TestJob last = drop(bed, "a-last.job", 0);
                Files.setLastModifiedTime(
                        bed.spool().resolve("incoming").resolve(last.name()),
                        FileTime.from(Instant.now().plus(YEAR.multipliedBy(-years))));
                life.drain();
            }
            assertEquals(List.of(), bed.checker().check(), bed.log()::toString);
            List<String> launched = new ArrayList<>();
            bed.log().stream()
                    .filter(line -> line.startsWith("launch "))
                    .forEach(line -> launched.add(line.split(" ", -1)[1]));
            assertEquals(List.of("z-first.1", "y-second.1", "x-third.1", "a-last.1"), launched);
            for (String place : List.of("done", "failed")) {
                for (Path directory : Tree.list(bed.spool().resolve(place))) {
                    Map<String, String> status = Tree.status(directory);
                    long elapsed = Long.parseLong(status.get("elapsed"));
                    assertTrue(elapsed >= 0 && elapsed < 60_000, directory + ": elapsed " + elapsed);
                }
            }
        }
    }
}
