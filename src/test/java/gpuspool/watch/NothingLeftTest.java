package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.posix.Errors;
import gpuspool.spool.DiskFs;
import gpuspool.spool.HostFiles;
import gpuspool.spool.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * No descriptor, no process, no lock to be had for a while: starts are put off and said to be, with what helps; what runs is not
 * touched, nothing is started without its locks, and it all goes on when there is room.
 */
class NothingLeftTest {
    private static final Duration RETRY = Duration.ofSeconds(10);

    /** Refuses calls of one kind, from the {@code from}-th on, so many times. */
    private static Meddler refusing(Step.Kind kind, String doing, int errno, int from, int times) {
        int[] seen = {0};
        return (step, call) -> {
            if (step.is(kind) && ++seen[0] >= from && seen[0] < from + times) {
                throw Errors.of(doing, errno);
            }
            return call.run();
        };
    }

    private static String waiting(FaultBed bed, Life life) throws IOException {
        HostFiles files = new HostFiles(new Layout(bed.spool()), FaultBed.HOST, new DiskFs());
        long unused = new WaitingReport(life.engine(), files, bed.world().clocks()).update();
        return Files.readString(
                bed.spool().resolve("hosts").resolve(FaultBed.HOST).resolve("waiting"));
    }

    private static void assertPutOffAndThenFiled(Meddler refusing, String reason) throws IOException {
        try (FaultBed bed = FaultBed.simulated(3)) {
            try (Life life = bed.life(refusing)) {
                life.recover();
                bed.drop("runs.job", 1, 7);
                bed.scanAt(life);
                life.drain();
                bed.drop("one.job", 1, 0);
                bed.drop("two.job", 1, 3);
                bed.drop("none.job", 0, 0);
                bed.scanAt(life);
                String shown = waiting(bed, life);
                assertTrue(shown.contains(reason), shown);
                life.drain();
            }
            assertEquals(List.of(), bed.checker().check(), bed.log()::toString);
            assertEquals(List.of(), bed.sim().hurt());
        }
    }

    @Test
    void noDescriptorLeft_lockIsNotHad_nothingStartsWithoutIt() throws IOException {
        assertPutOffAndThenFiled(
                refusing(Step.Kind.LOCK, "open lock file x", Errors.EMFILE, 5, 9),
                "Too many open files (errno 24); raise the limit on open files (ulimit -n 1024)");
    }

    @Test
    void noProcessLeft_startIsTriedAgain() throws IOException {
        assertPutOffAndThenFiled(
                refusing(Step.Kind.LAUNCH, "start /bin/sh", Errors.EAGAIN, 2, 5),
                "this user has as many processes as it may (ulimit -u");
    }

    @Test
    void roomForOneOfThree_thatOneRuns() throws IOException {
        // Two locks a job: its card's, and its own. The card of the second cannot be locked any more.
        try (FaultBed bed = FaultBed.simulated(3)) {
            bed.drop("one.job", 1, 0);
            bed.drop("two.job", 1, 0);
            bed.drop("three.job", 1, 0);
            try (Life life = bed.life(refusing(Step.Kind.LOCK, "open lock file x", Errors.EMFILE, 3, 1))) {
                life.recover();
                long unused = life.engine().turn();
                assertEquals(
                        1,
                        bed.log().stream()
                                .filter(line -> line.startsWith("launch "))
                                .count(),
                        bed.log()::toString);
                life.drain();
            }
            assertEquals(List.of(), bed.checker().check());
        }
    }

    @Test
    void supervisorsFallBeforeTheJobBegins_areStartedAnewWithoutHaste() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            bed.sim().supervisorsThatFall = 4;
            bed.drop("x.job", 1, 5);
            List<Long> launches = new ArrayList<>();
            Meddler clockwork = (step, call) -> {
                if (step.is(Step.Kind.LAUNCH)) {
                    launches.add(bed.world().clocks().nanos());
                }
                return call.run();
            };
            try (Life life = bed.life(clockwork)) {
                life.recover();
                life.drain();
            }
            assertEquals(5, launches.size(), bed.log()::toString);
            for (int i = 1; i < launches.size(); i++) {
                Duration gap = Duration.ofNanos(launches.get(i) - launches.get(i - 1));
                assertTrue(gap.compareTo(RETRY) >= 0, "started again after " + gap);
            }
            assertEquals(List.of(), bed.checker().check(), bed.log()::toString);
            assertTrue(bed.log().toString().contains("its supervisor ended before the job began"), bed.log()::toString);
        }
    }
}
