package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.TestJob;
import gpuspool.chaos.Tree;
import gpuspool.config.Settings.Durability;
import gpuspool.posix.JobProcess;
import gpuspool.posix.Processes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A job is stopped and queued again: what is said, what lies where, and what keeps it from coming back. */
class RequeueTest {
    private static final String NEXT_BOOT = "22222222-boot";
    private static final String WHY = "a stranger is on its card";

    private static Path in(FaultBed bed, String place) {
        return bed.spool().resolve(place);
    }

    private static String waits(Life life, String name) {
        return life.engine().jobs().all().stream()
                .filter(job -> job.name().equals(name))
                .map(job -> job.waits)
                .findFirst()
                .orElse("not there");
    }

    /** Starts the job, asks for it, and goes on until nothing more happens without the clock. */
    private static Life stopped(FaultBed bed, TestJob job) throws IOException {
        Life life = bed.life(Meddler.none());
        life.recover();
        bed.turnUntilStarted(life, job);
        Job known = life.engine().jobs().all().get(0);
        assertTrue(life.engine().ender().requeue(known, WHY), () -> "refused; " + bed.log());
        return life;
    }

    @Test
    void asked_isStoppedFiledAndRunsAgain() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.dropStuck("a b.job", 1, 0);
            Path dropped = in(bed, "incoming/a b.job");
            Files.setPosixFilePermissions(dropped, PosixFilePermissions.fromString("rwx-wx--x"));
            FileTime modified = FileTime.fromMillis(1_700_000_000_000L);
            Files.setLastModifiedTime(dropped, modified);
            try (Life life = stopped(bed, job)) {
                life.drain();
            }
            assertEquals(
                    List.of(
                            "launch a_b.1 on GPU 0: t=t-1",
                            "stopping a_b.1: a stranger is on its card; it is queued again",
                            "finished a_b.1 (GPU 0) interrupted (143 (SIGTERM, or exit 143)) after 0ms",
                            "queued a_b.1 again: incoming/a b.job",
                            "launch a_b.2 on GPU 0: t=t-1",
                            "finished a_b.2 (GPU 0) exit 0 after 0ms"),
                    bed.log());
            assertEquals(List.of(), bed.checker().check());
            Path first = in(bed, "failed/a_b.1.box");
            assertEquals("handed", Tree.status(first).get("again"));
            assertEquals("interrupted", Tree.status(first).get("ending"));
            assertEquals("143", Tree.status(first).get("exit"));
            Path copy = in(bed, "done/a_b.2.box/a b.job");
            assertEquals("rwx-wx--x", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)), "its mode");
            assertEquals(
                    modified.toMillis() - 1000, Files.getLastModifiedTime(copy).toMillis(), "its time");
            assertEquals(modified, Files.getLastModifiedTime(first.resolve("a b.job")), "the first is untouched");
        }
    }

    @Test
    void decision_isOnTheDiskBeforeTheFirstSignal() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.dropStuck("x.job", 1, 0);
            List<String> order = new ArrayList<>();
            Meddler witness = (step, call) -> {
                if (step.is(Step.Kind.SYNC) && step.name().equals("status")) {
                    order.add("sync " + Tree.status(step.path().getParent()).get("again"));
                }
                return call.run();
            };
            Processes real = bed.world().processes();
            Processes seen = new HeardSignals(real) {
                @Override
                public void signal(JobProcess process, int signal) throws IOException {
                    order.add("signal");
                    real.signal(process, signal);
                }
            };
            try (Life life = new Life(bed, witness, FaultBed.BOOT, seen)) {
                life.recover();
                bed.turnUntilStarted(life, job);
                order.clear();
                boolean unused =
                        life.engine().ender().requeue(life.engine().jobs().all().get(0), WHY);
                life.drain();
            }
            assertEquals(List.of("sync wanted", "signal"), order.subList(0, 2));
        }
    }

    /** It must not be stopped where nobody would know why afterwards. */
    @Test
    void decisionCannotBeWrittenDown_jobRunsOn() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.dropStuck("x.job", 1, 0);
            boolean[] full = {false};
            Meddler noRoom = (step, call) -> {
                if (full[0] && step.is(Step.Kind.APPEND)) {
                    throw new IOException("No space left on device");
                }
                return call.run();
            };
            try (Life life = bed.life(noRoom)) {
                life.recover();
                bed.turnUntilStarted(life, job);
                Job known = life.engine().jobs().all().get(0);
                full[0] = true;
                assertFalse(life.engine().ender().requeue(known, WHY));
                boolean unused = life.settle(5);
                assertEquals(Job.Phase.LIVE, known.phase);
                assertEquals(
                        "attention x.1: could not write down that it is to be queued again: No space left on device."
                                + " So it runs on",
                        bed.log().get(bed.log().size() - 1));
                full[0] = false;
                assertTrue(life.engine().ender().requeue(known, WHY));
                life.drain();
            }
            assertEquals(List.of(), bed.checker().check());
        }
    }

    @Test
    void askedTooLate_isRefused() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.drop("x.job", 1, 0);
            try (Life life = bed.life(Meddler.none())) {
                life.recover();
                bed.turnUntilStarted(life, job);
                Job known = life.engine().jobs().all().get(0);
                bed.sim().finish();
                assertFalse(life.engine().ender().requeue(known, WHY), "it has ended, and nobody has looked yet");
                life.drain();
                assertFalse(life.engine().ender().requeue(known, WHY), "it is filed");
            }
            assertEquals(List.of(), bed.checker().check());
        }
    }

    @Test
    void cancelledBefore_isRefused() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.dropEndless("x.job", 1);
            try (Life life = bed.life(Meddler.none())) {
                life.recover();
                bed.turnUntilStarted(life, job);
                Job known = life.engine().jobs().all().get(0);
                bed.cancel(job);
                life.engine().ender().checkStop(known, false);
                assertFalse(life.engine().ender().requeue(known, WHY));
                life.drain();
            }
            assertEquals(List.of(), bed.checker().check());
        }
    }

    /** Claimed, never started: it goes back as it came. */
    @Test
    void notStartedYet_goesBackToo() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.drop("x.job", 1, 0);
            boolean unused = bed.life(KillAt.at(Step.Kind.LAUNCH, 1, false)).run();
            String spoolId = Files.readAllLines(in(bed, "format")).get(1);
            var stranger = bed.sim().grab("sim-" + spoolId + "-0.lock");
            try (Life life = bed.life(Meddler.none())) {
                life.recover();
                boolean unusedToo = life.settle(3);
                assertTrue(
                        life.engine().ender().requeue(life.engine().jobs().all().get(0), WHY));
                stranger.close();
                life.drain();
            }
            assertEquals(List.of(), bed.checker().check());
            assertEquals(1, bed.starts(job));
            assertTrue(
                    Files.exists(in(bed, "done/x.2.box/x.job")), () -> bed.log().toString());
        }
    }

    @Test
    void nameTaken_waitsWithoutItsCardAndGoesOnWhenItIsFree() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.dropStuck("x.job", 1, 0);
            try (Life life = stopped(bed, job)) {
                // Empty: nobody takes it.
                Path other = Files.createFile(in(bed, "incoming/x.job"));
                TestJob next = bed.drop("y.job", 1, 0);
                boolean unused = life.settle(60);
                assertEquals(1, bed.starts(next), "its card is free");
                assertEquals(
                        "its name is taken in incoming/ by another x.job: it is queued again when that one is gone",
                        waits(life, "x.1"));
                assertTrue(life.engine().isDrained(), "nothing more comes of waiting");
                assertTrue(life.engine().mayLeave() || life.engine().jobs().noneRuns(), "nor does it keep a watcher");
                assertEquals("made", Tree.status(in(bed, "running/x.1.box")).get("again"));
                Files.delete(other);
                life.tell(new Inbox.Changed(other));
                long unusedDue = life.engine().turn();
                assertTrue(Files.exists(other), "at once");
                life.drain();
            }
            assertEquals(List.of(), bed.checker().check());
            assertEquals("0", Tree.status(in(bed, "failed/x.1.box")).get("elapsed"), "waiting does not count");
            assertEquals(2, bed.starts(job));
        }
    }

    /** The one that has the name is taken, and the name is free again without anybody's hand. */
    @Test
    void nameTakenByAJob_goesOnWhenThatOneStarts() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.dropStuck("x.job", 1, 0);
            try (Life life = stopped(bed, job)) {
                TestJob other = bed.drop("x.job", 1, 0);
                life.drain();
                assertEquals(1, bed.starts(other));
            }
            assertEquals(List.of(), bed.checker().check());
            assertEquals(2, bed.starts(job));
        }
    }

    @Test
    void cancelledWhileItWaitsForItsName_isNotQueuedAgain() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.dropStuck("x.job", 1, 0);
            Path other = in(bed, "incoming/x.job");
            try (Life life = stopped(bed, job)) {
                Files.createFile(other);
                boolean unused = life.settle(10);
                bed.cancel(job);
                for (int i = 0; i < 10; i++) {
                    boolean unusedToo = life.turn();
                }
            }
            Path filed = in(bed, "failed/x.1.box");
            assertEquals("withdrawn", Tree.status(filed).get("again"));
            assertEquals("interrupted", Tree.status(filed).get("ending"));
            Files.delete(other);
            bed.drain();
            assertEquals(1, bed.starts(job), () -> bed.log().toString());
            assertTrue(
                    bed.log().contains("x.1 is not queued again: it was cancelled meanwhile"),
                    () -> bed.log().toString());
        }
    }

    @Test
    void jobFileTakenAway_waitsAndSaysWhatHelps() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.dropStuck("x.job", 1, 0);
            Path own = in(bed, "running/x.1.box/x.job");
            Path away = in(bed, "held/x.job");
            try (Life life = stopped(bed, job)) {
                Files.move(own, away);
                boolean unused = life.settle(10);
                String waits = waits(life, "x.1");
                assertTrue(
                        waits.endsWith("holds no job file: put back the one that was dropped, x.job,"
                                + " or make a file cancel there to let it be"),
                        waits);
                Files.move(away, own);
                life.drain();
            }
            assertEquals(List.of(), bed.checker().check());
            assertEquals(2, bed.starts(job));
        }
    }

    /** Nobody can tell how far it had come: once too seldom rather than twice. */
    @Test
    void fastAndRebooted_isFiledAndSaysSo() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            bed.set(FaultBed.settings(Durability.FAST, 0));
            TestJob job = bed.dropStuck("x.job", 1, 0);
            stopped(bed, job).close();
            bed.sim().powerOff();
            try (Life next = bed.lifeAfterBoot(Meddler.none(), NEXT_BOOT)) {
                next.recover();
                next.drain();
            }
            assertEquals(1, bed.starts(job));
            Path filed = in(bed, "failed/x.1.box");
            assertEquals("interrupted", Tree.status(filed).get("ending"));
            assertEquals(
                    List.of("the machine went down while it was on its way back into the queue, and with durability ="
                            + " \"fast\" nobody can tell how far it had come: if it is not there, run it again"
                            + " (gpuspool retry)"),
                    Files.readAllLines(filed.resolve("reason")));
        }
    }

    @Test
    void twoHosts_onlyTheOwnDirectoryIsGoneOnWith() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.dropStuck("x.job", 1, 0);
            stopped(bed, job).close();
            bed.sim().killAll();
            String before = Tree.fingerprint(bed.spool());
            try (Life other = bed.lifeOf("other")) {
                other.recover();
                boolean unused = other.settle(20);
                assertEquals(before, Tree.fingerprint(bed.spool()), "not its own");
                try (Life own = bed.life(Meddler.none())) {
                    own.recover();
                    for (int i = 0; i < 20 && !Files.exists(in(bed, "incoming/x.job")); i++) {
                        long unusedDue = own.engine().turn();
                    }
                    // The copy is anybody's.
                    other.tell(new Inbox.Rescan());
                    other.drain();
                    own.drain();
                }
            }
            assertEquals(List.of(), bed.checker().check());
            assertTrue(
                    Files.exists(in(bed, "done/x.2.other/x.job")),
                    () -> bed.log().toString());
        }
    }
}
