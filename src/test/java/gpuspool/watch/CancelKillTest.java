package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.TestJob;
import gpuspool.spool.Cancellation;
import gpuspool.spool.DiskFs;
import gpuspool.spool.Fs;
import gpuspool.spool.JobRefs;
import gpuspool.spool.Looker;
import gpuspool.spool.RunLook;
import gpuspool.spool.Where;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The verb {@code cancel} for a queued job, killed at every step: either the job is cancelled, or nothing has happened to it. */
class CancelKillTest {
    private static final int ENDLESS = 100;

    private static boolean cancel(FaultBed bed, KillAt kill) throws IOException {
        Fs fs = Seams.fs(new DiskFs(), kill.over(FaultBed.UNFORCED));
        Path file = bed.places().incoming().resolve("x.job");
        try {
            return new Cancellation(bed.places(), FaultBed.HOST, fs)
                    .fileQueued(new JobRefs.Queued(file, Where.INCOMING, "x"))
                    .isPresent();
        } catch (Killed e) {
            return false;
        }
    }

    /** How a reader sees the first run; empty: not at all. */
    private static Optional<String> seen(FaultBed bed) throws IOException {
        List<JobRefs.Job> found = new JobRefs(bed.places()).find("x.1");
        if (found.isEmpty()) {
            return Optional.empty();
        }
        JobRefs.Run run = (JobRefs.Run) found.get(0);
        return RunLook.at(run.path(), run.id(), run.where(), new Looker(FaultBed.HOST, FaultBed.BOOT), new DiskFs())
                .map(RunLook::state);
    }

    @ParameterizedTest
    @EnumSource(KillAt.Moment.class)
    void killedAnywhere_isCancelledOrAsIfNothingHadHappened(KillAt.Moment moment) throws IOException {
        int queued = 0;
        int k = 1;
        for (boolean through = false; !through && k < ENDLESS; k++) {
            try (FaultBed bed = FaultBed.simulated(1)) {
                TestJob job = bed.drop("x.job", 1, 0);
                KillAt kill = new KillAt(moment, k);
                through = cancel(bed, kill);
                boolean isQueued = Files.exists(bed.places().incoming().resolve("x.job"));
                assertEquals(isQueued ? Optional.empty() : Optional.of("cancelled"), seen(bed), kill::toString);
                bed.drain();
                assertEquals(isQueued ? 1 : 0, bed.starts(job), kill::toString);
                if (isQueued) {
                    assertEquals(List.of(), bed.checker().cancelsWereKilled().check(), kill::toString);
                    queued++;
                }
            }
        }
        assertTrue(queued > 0 && k < ENDLESS, () -> "never killed before the rename");
    }
}
