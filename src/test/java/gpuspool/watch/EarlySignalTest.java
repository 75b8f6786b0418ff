package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.TestJob;
import gpuspool.chaos.Tree;
import gpuspool.posix.JobProcess;
import gpuspool.posix.Processes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job is told that its time is soon over: once, whoever watches. */
class EarlySignalTest {
    @TempDir
    Path temp;

    private final List<String> sent = new ArrayList<>();

    /** The world's processes, whose signals are only noted. */
    private Processes noted(FaultBed bed) {
        Processes real = bed.world().processes();
        return new HeardSignals(real) {
            @Override
            public void signal(JobProcess process, int signal) throws IOException {
                String status =
                        Tree.status(bed.places().running().resolve("x.1.box")).containsKey("signalled")
                                ? "written down"
                                : "not written down";
                sent.add(process.name() + " " + signal + " " + status);
            }
        };
    }

    private static void turnFor(FaultBed bed, Life life, Duration time) throws IOException {
        long end = bed.world().clocks().nanos() + time.toNanos();
        while (bed.world().clocks().nanos() < end) {
            long due = life.engine().turn();
            boolean unused = bed.sim().step();
            bed.world().advanceTo(Math.min(due, end));
        }
        long unused = life.engine().turn();
    }

    @Test
    void shortlyBeforeTheEnd_theJobGetsItOnceAndItsSupervisorNever() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.dropForEver("x.job", "time=10m signal=USR1@4m");
            try (Life life = bed.life(Meddler.none())) {
                life.recover();
                bed.turnUntilStarted(life, job);
            }
            Path directory = bed.places().running().resolve("x.1.box");
            assertEquals("10 240000", Tree.status(directory).get("signal"));
            try (Life life = new Life(bed, Meddler.none(), FaultBed.BOOT, noted(bed))) {
                life.recover();
                long started = life.engine().jobs().all().get(0).startedAt.getAsLong();
                // Six minutes are up when four are left.
                bed.world().advanceTo(Duration.ofMillis(started).plusMinutes(5).toNanos());
                turnFor(bed, life, Duration.ofSeconds(50));
                assertEquals(List.of(), sent);
                turnFor(bed, life, Duration.ofSeconds(30));
                assertEquals(List.of("job 10 written down"), sent);
                turnFor(bed, life, Duration.ofSeconds(30));
            }
            try (Life next = new Life(bed, Meddler.none(), FaultBed.BOOT, noted(bed))) {
                next.recover();
                turnFor(bed, next, Duration.ofMinutes(1));
            }
            assertEquals(1, sent.size(), "another watcher does not send it again");
        }
    }

    @Test
    void realJob_canFinishByIt() throws Exception {
        try (WatcherBed bed = new WatcherBed(temp)) {
            Process unused = bed.watch("sim:1");
            bed.drop("x.job", """
                    #!/bin/bash
                    #GPUSPOOL time=10m signal=USR1@599s
                    trap 'echo saved; exit 5' USR1
                    while :; do sleep 0.05; done
                    """);
            Path filed = bed.awaitFiled("x.1");
            assertTrue(WatcherBed.output(filed).endsWith("saved\n"), WatcherBed.output(filed));
            assertEquals("5", WatcherBed.fact(filed, "exit"));
            assertTrue(bed.log().contains("signalled x.1: SIGUSR1, 9m59s before its time is over"), bed.log());
        }
    }

    @Test
    void outputElsewhere_isFollowedByTheJobsNextRun() throws Exception {
        try (WatcherBed bed = new WatcherBed(temp)) {
            bed.environment.put("GPUSPOOL_RETRY_DELAY", "0s");
            Process unused = bed.watch("sim:1");
            java.nio.file.Files.createDirectory(temp.resolve("logs"));
            bed.drop(
                    "x.job",
                    "#GPUSPOOL retries=1 cwd=" + temp + " output=logs/%x-%a.log error=logs/%j.err\n"
                            + "echo out $GPUSPOOL_ID; echo err >&2; exit 4\n");
            bed.drop("y.job", "#GPUSPOOL cwd=" + temp + " output=nowhere/%x.log\ntrue\n");
            Path filed = bed.awaitFiled("x.2");
            Path log = temp.toRealPath().resolve("logs/x-0.log");
            assertEquals(log.toString(), WatcherBed.fact(filed, "log"));
            assertEquals("out " + filed.getFileName() + "\n", WatcherBed.read(log));
            assertEquals("err\n", WatcherBed.read(Path.of(WatcherBed.fact(filed, "error_log"))));
            assertEquals(
                    "output goes to " + log + "\nerrors go to " + WatcherBed.fact(filed, "error_log") + "\n",
                    WatcherBed.output(filed));
            Path refused = bed.awaitFiled("y.1");
            assertEquals("refused", WatcherBed.fact(refused, "ending"));
            String reason = WatcherBed.read(refused.resolve("reason"));
            assertTrue(
                    reason.contains("nowhere for its output does not exist here; make it, or correct output"), reason);
        }
    }
}
