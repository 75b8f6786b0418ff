package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.SpoolChecker;
import gpuspool.chaos.TestJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The machine starts anew, everything written still there: what never began runs, what may have run never runs again. */
class RebootTest {
    private static final String NEXT_BOOT = "22222222-boot";

    /** Kills at every change, the machine stops; the next watcher is killed too, at every other one. */
    @Test
    void killed_rebooted_killed() throws IOException {
        int runs = 0;
        for (int k = 1; k < 100; k += 2) {
            for (int m = 1 + k % 4; m < 100; m += 4) {
                KillAt first = new KillAt(KillAt.Moment.AFTER, k);
                KillAt second = new KillAt(KillAt.Moment.AFTER, m);
                try (FaultBed bed = FaultBed.simulated(2)) {
                    TestJob one = bed.drop("one.job", 1, 0);
                    TestJob two = bed.drop("two.job", 2, 3);
                    boolean through = bed.life(first).run();
                    bed.sim().powerOff();
                    String what = first + ", rebooted, then " + second;
                    for (TestJob job : List.of(one, two)) {
                        // Armed when the machine stopped: nobody can say whether it ran.
                        if (bed.isArmed(job) && !bed.hasCode(job)) {
                            bed.harm(job, SpoolChecker.Harm.POWER_LOST);
                        }
                    }
                    boolean secondThrough = bed.lifeAfterBoot(second, NEXT_BOOT).run();
                    try (Life last = bed.lifeAfterBoot(Meddler.none(), NEXT_BOOT)) {
                        last.recover();
                        last.drain();
                    }
                    assertEquals(List.of(), bed.checker().check(), () -> what + "; log: " + bed.log());
                    assertEquals(List.of(), bed.sim().hurt(), what);
                    runs++;
                    if (through) {
                        k = 100;
                    }
                    if (secondThrough) {
                        break;
                    }
                }
            }
        }
        System.out.println("reboots: " + runs);
        assertTrue(runs > 100);
    }

    private static Path filed(FaultBed bed, String place, String id) {
        return bed.spool().resolve(place).resolve(id + "." + FaultBed.HOST);
    }

    /** A job as it lies there after so many steps of its supervisor, when the machine stops. */
    private static void assertAfterReboot(int steps, String place, String mark, String ending) throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.drop("x.job", 1, 7);
            KillAt kill = KillAt.at(Step.Kind.LAUNCH, 1, steps >= 0);
            boolean unused = bed.life(kill).run();
            for (int i = 0; i < steps; i++) {
                boolean unusedToo = bed.sim().step();
            }
            long before = bed.starts(job);
            bed.sim().powerOff();
            try (Life next = bed.lifeAfterBoot(Meddler.none(), NEXT_BOOT)) {
                next.recover();
                next.drain();
            }
            assertEquals(before, bed.starts(job), "nothing is started twice");
            assertTrue(Files.exists(filed(bed, place, "x.1").resolve(mark)), () -> "no " + mark + "; " + bed.log());
            assertTrue(
                    Files.readString(filed(bed, place, "x.1").resolve("status")).contains("ending = " + ending + "\n"),
                    bed.log()::toString);
            assertEquals(List.of(), bed.sim().hurt());
        }
    }

    @Test
    void armed_withoutAChild_isInterrupted() throws IOException {
        assertAfterReboot(-1, "failed", "started", "interrupted");
    }

    @Test
    void begun_isInterrupted_atEveryStep() throws IOException {
        for (int steps = 0; steps < 6; steps++) {
            assertAfterReboot(steps, "failed", "started", "interrupted");
        }
    }

    @Test
    void endWritten_isTheEnd() throws IOException {
        assertAfterReboot(6, "failed", "exit.7", "exited");
        assertAfterReboot(7, "failed", "exit.7", "exited");
    }

    @Test
    void claimed_isStartedOnce() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.drop("x.job", 1, 7);
            boolean unused = bed.life(KillAt.at(Step.Kind.OVERWRITE, 1, false)).run();
            bed.sim().powerOff();
            try (Life next = bed.lifeAfterBoot(Meddler.none(), NEXT_BOOT)) {
                next.recover();
                next.drain();
            }
            assertEquals(1, bed.starts(job));
            assertEquals(List.of(), bed.checker().check());
        }
    }

    /** It was begun again in this boot: its boot is this one, whenever it was claimed. */
    @Test
    void claimedBefore_armedNow_killed_startsOnce() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.drop("x.job", 1, 7);
            boolean unused = bed.life(KillAt.at(Step.Kind.OVERWRITE, 1, false)).run();
            bed.sim().powerOff();
            boolean unusedToo = bed.lifeAfterBoot(KillAt.at(Step.Kind.LAUNCH, 1, false), NEXT_BOOT)
                    .run();
            try (Life next = bed.lifeAfterBoot(Meddler.none(), NEXT_BOOT)) {
                next.recover();
                next.drain();
            }
            assertEquals(1, bed.starts(job), bed.log()::toString);
            assertEquals(List.of(), bed.checker().check());
        }
    }

    /** Nothing but its file and the token was kept of it: it runs, and keeps no other from running. */
    @Test
    void statusLost_runsAndHoldsUpNobody() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.drop("x.job", 1, 7);
            boolean unused = bed.life(KillAt.at(Step.Kind.OVERWRITE, 1, false)).run();
            bed.sim().powerOff();
            TestJob other = bed.drop("y.job", 1, 0);
            Files.delete(filed(bed, "running", "x.1").resolve("status"));
            try (Life next = bed.lifeAfterBoot(Meddler.none(), NEXT_BOOT)) {
                next.recover();
                next.drain();
            }
            assertEquals(1, bed.starts(job));
            assertEquals(1, bed.starts(other));
            assertTrue(Files.exists(filed(bed, "failed", "x.1").resolve("exit.7")));
            assertEquals(List.of(), bed.sim().hurt());
        }
    }

    /** Something keeps a claimed job from ever being armed: it waits, the others run. */
    @Test
    void scriptCannotBeWritten_holdsUpNobody() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.drop("x.job", 1, 7);
            boolean unused = bed.life(KillAt.at(Step.Kind.OVERWRITE, 1, false)).run();
            bed.sim().powerOff();
            TestJob other = bed.drop("y.job", 1, 0);
            Path script = Files.createDirectory(filed(bed, "running", "x.1").resolve("script"));
            try (Life next = bed.lifeAfterBoot(Meddler.none(), NEXT_BOOT)) {
                next.recover();
                boolean drained = next.settle(60);
                assertTrue(!drained, "it waits");
                assertEquals(1, bed.starts(other), bed.log()::toString);
                assertEquals(0, bed.starts(job));
                Files.delete(script);
                next.drain();
            }
            assertEquals(1, bed.starts(job));
            assertEquals(List.of(), bed.checker().check());
        }
    }
}
