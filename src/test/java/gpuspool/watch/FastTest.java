package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.SpoolChecker;
import gpuspool.chaos.TestJob;
import gpuspool.chaos.Tree;
import gpuspool.config.Settings;
import gpuspool.config.Settings.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** {@code durability = "fast"}: hardly any fsync, and still no job is ever started twice, whatever a power cut takes. */
class FastTest {
    private static final String NEXT_BOOT = "22222222-boot";
    private static final Settings FAST = FaultBed.settings(Durability.FAST, 0);
    private static final Settings FULL = FaultBed.settings(Durability.FULL, 0);

    private static Path mark(FaultBed bed) {
        return bed.spool().resolve("hosts/" + FaultBed.HOST + "/fast");
    }

    private static String claimed(FaultBed bed, String place, String id) throws IOException {
        return Tree.status(bed.spool().resolve(place).resolve(id + "." + FaultBed.HOST))
                .get("durability");
    }

    /** As long as it takes until the next scan. */
    private static void untilTheNextScan(FaultBed bed, Life life) throws IOException {
        bed.sim().advanceTo(bed.sim().clocks().nanos() + 61_000_000_000L);
        boolean unused = life.settle(2);
    }

    @Test
    void fast_syncsTheMarkBeforeTheFirstClaimAndThenOnlyThatItIsClaimed() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            bed.set(FAST);
            bed.drop("x.job", 1, 0);
            bed.drop("y.job", 1, 3);
            List<String> synced = new ArrayList<>();
            Meddler witness = (step, call) -> {
                if (step.is(Step.Kind.SYNC) || step.is(Step.Kind.MKDIR)) {
                    synced.add(step.kind() + " " + step.name());
                }
                return call.run();
            };
            try (Life life = bed.life(witness)) {
                life.recover();
                life.drain();
            }
            assertEquals(
                    List.of(
                            "MKDIR box",
                            "SYNC fast",
                            "SYNC box",
                            "SYNC hosts",
                            "MKDIR x.1.box",
                            "SYNC running",
                            "SYNC incoming",
                            "MKDIR y.1.box",
                            "SYNC running",
                            "SYNC incoming"),
                    synced);
            assertEquals("fast", claimed(bed, "done", "x.1"));
            assertEquals(List.of(), bed.checker().check());
        }
    }

    @Test
    void switchedToFull_marksStaysUntilTheLastFastJobIsFiled() throws IOException {
        try (FaultBed bed = FaultBed.simulated(2)) {
            bed.set(FAST);
            TestJob job = bed.drop("x.job", 1, 0);
            try (Life life = bed.life(Meddler.none())) {
                life.recover();
                // Started, and not let on.
                long unused = life.engine().turn();
                bed.set(FULL);
                bed.drop("y.job", 1, 0);
                bed.sim().advanceTo(bed.sim().clocks().nanos() + 61_000_000_000L);
                unused = life.engine().turn();
                assertTrue(Files.exists(mark(bed)), "x runs");
                assertEquals("full", claimed(bed, "running", "y.1"));
                assertEquals(0, bed.starts(job));
                life.drain();
                untilTheNextScan(bed, life);
                assertFalse(Files.exists(mark(bed)));
                bed.drop("z.job", 1, 0);
                life.drain();
                assertEquals(null, claimed(bed, "done", "z.1"));
            }
            assertEquals(List.of(), bed.checker().check());
        }
    }

    @Test
    void markTakenAwayByHand_isLaidAgain() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            bed.set(FAST);
            bed.drop("x.job", 1, 0);
            try (Life life = bed.life(Meddler.none())) {
                life.recover();
                life.drain();
                Files.delete(mark(bed));
                bed.drop("y.job", 1, 0);
                life.drain();
                assertTrue(Files.exists(mark(bed)));
            }
        }
    }

    @Test
    void markThatCannotBeMadeDurable_nothingIsClaimed() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            bed.set(FAST);
            TestJob job = bed.drop("x.job", 1, 0);
            boolean[] broken = {true};
            try (Life life = bed.life((step, call) -> {
                if (broken[0] && step.is(Step.Kind.SYNC)) {
                    throw new IOException(step.path() + ": Input/output error");
                }
                return call.run();
            })) {
                life.recover();
                boolean unused = life.settle(10);
                assertEquals(0, bed.starts(job));
                assertTrue(Files.exists(bed.spool().resolve("incoming/x.job")), bed.log()::toString);
                broken[0] = false;
                life.drain();
            }
            assertEquals(1, bed.starts(job));
        }
    }

    /** On the next boot nobody can say; on the same one a kill changes nothing. */
    @Test
    void claimedAndKilled_runsOnThisBootAndIsInterruptedOnTheNext() throws IOException {
        for (boolean reboot : List.of(false, true)) {
            try (FaultBed bed = FaultBed.simulated(1)) {
                bed.set(FAST);
                TestJob job = bed.drop("x.job", 1, 7);
                boolean unused =
                        bed.life(KillAt.at(Step.Kind.OVERWRITE, 1, false)).run();
                if (reboot) {
                    bed.sim().powerOff();
                    bed.harm(job, SpoolChecker.Harm.POWER_LOST);
                }
                bed.set(FULL);
                try (Life next = reboot ? bed.lifeAfterBoot(Meddler.none(), NEXT_BOOT) : bed.life(Meddler.none())) {
                    next.recover();
                    next.drain();
                    untilTheNextScan(bed, next);
                }
                assertEquals(reboot ? 0 : 1, bed.starts(job), bed.log()::toString);
                assertEquals(
                        reboot ? "interrupted" : "exited",
                        Tree.status(bed.spool().resolve("failed/x.1." + FaultBed.HOST))
                                .get("ending"));
                assertFalse(Files.exists(mark(bed)), "nothing is left that needs it");
            }
        }
    }

    // --- power cuts ---

    /** One job in fast mode, then, when {@code switched}, another in full mode by the same watcher. */
    private static PowerCuts cut(Meddler mutant, boolean switched, Durability next, Meddler nextMutant)
            throws IOException {
        try (FaultBed bed = FaultBed.simulated(2)) {
            bed.set(FAST);
            ModelDisk disk = new ModelDisk(bed.spool());
            bed.sim().tell(disk);
            PowerCuts.drop(bed, disk, "quick.job", 0, true);
            try (Life life = bed.life(mutant.over(disk.recorder()))) {
                life.recover();
                boolean unused = life.settle(40);
                if (switched) {
                    bed.set(FULL);
                    untilTheNextScan(bed, life);
                    assertFalse(Files.exists(mark(bed)));
                    PowerCuts.drop(bed, disk, "kept.job", 3, true);
                    unused = life.settle(40);
                }
            }
            PowerCuts cuts = new PowerCuts(disk, bed.jobs(), Set.of("quick.job", "kept.job"), 2)
                    .fast(Set.of("quick.job"), next, nextMutant);
            cuts.judgeAll(false);
            System.out.println("power cuts, fast" + (switched ? ", then full" : "") + ": " + cuts);
            return cuts;
        }
    }

    private static void assertKept(PowerCuts cuts) {
        assertTrue(cuts.toString().matches("[0-9]{3,}.*"), "nothing was cut");
        assertEquals("", String.join("\n", cuts.violations()));
    }

    private static void assertStartedTwice(PowerCuts cuts) {
        assertTrue(
                cuts.violations().stream()
                        .anyMatch(v ->
                                v.startsWith("quick.job started again") || v.startsWith("quick.job was started twice")),
                () -> "not noticed: " + cuts.violations());
    }

    @Test
    void everyCut_startsNothingTwice() throws IOException {
        assertKept(cut(Meddler.none(), false, Durability.FULL, Meddler.none()));
        assertKept(cut(Meddler.none(), false, Durability.FAST, Meddler.none()));
    }

    @Test
    void everyCut_afterASwitchToFull() throws IOException {
        assertKept(cut(Meddler.none(), true, Durability.FULL, Meddler.none()));
    }

    private static Meddler withoutSyncOf(Predicate<Step> which) {
        return (step, call) -> step.is(Step.Kind.SYNC) && which.test(step) ? null : call.run();
    }

    @Test
    void mutant_markIsNotHeeded() throws IOException {
        Meddler blind = (step, call) ->
                step.is(Step.Kind.LOOK) && step.name().equals("fast") ? java.util.Optional.empty() : call.run();
        assertStartedTwice(cut(Meddler.none(), false, Durability.FULL, blind));
    }

    @Test
    void mutant_markIsNotDurable() throws IOException {
        Set<String> parts = Set.of("fast", "box", "hosts");
        assertStartedTwice(
                cut(withoutSyncOf(step -> parts.contains(step.name())), false, Durability.FULL, Meddler.none()));
    }

    /** The claim itself has to be durable: in incoming/ nothing tells a job that ran from one that was just dropped. */
    @Test
    void mutant_claimIsNotDurable() throws IOException {
        for (String part : List.of("running", "incoming")) {
            assertStartedTwice(
                    cut(withoutSyncOf(step -> step.name().equals(part)), false, Durability.FULL, Meddler.none()));
        }
    }

    /** What was filed without a sync comes back to running/, and nothing there says any more what to think of it. */
    @Test
    void mutant_markIsTakenAwayBeforeTheFilingsAreDurable() throws IOException {
        Step[] last = {null};
        Meddler early = (step, call) -> {
            // Lifting begins with a look at it; running/ is synced by a batch of starts, too.
            boolean lifting = last[0] != null
                    && last[0].is(Step.Kind.LOOK)
                    && last[0].name().equals("fast");
            last[0] = step;
            boolean parent = Set.of("done", "failed").contains(step.name())
                    || step.name().equals("running") && lifting;
            return step.is(Step.Kind.SYNC) && parent ? null : call.run();
        };
        assertStartedTwice(cut(early, true, Durability.FULL, Meddler.none()));
    }

    /** Claimed under full, armed after the switch to fast: its claim says nothing, so its files have to be durable. */
    @Test
    void claimedUnderFull_isSyncedUnderFastToo() throws IOException {
        for (boolean mutant : List.of(false, true)) {
            try (FaultBed bed = FaultBed.simulated(2)) {
                ModelDisk disk = new ModelDisk(bed.spool());
                bed.sim().tell(disk);
                PowerCuts.drop(bed, disk, "quick.job", 0, true);
                boolean unused = bed.life(
                                KillAt.at(Step.Kind.OVERWRITE, 1, false).over(disk.recorder()))
                        .run();
                bed.set(FAST);
                Meddler lazy = withoutSyncOf(
                        step -> !step.name().equals("running") && !step.name().equals("incoming"));
                try (Life life = bed.life((mutant ? lazy : Meddler.none()).over(disk.recorder()))) {
                    life.recover();
                    unused = life.settle(40);
                }
                PowerCuts cuts = new PowerCuts(disk, bed.jobs(), Set.of("quick.job"), 2)
                        .fast(Set.of("quick.job"), Durability.FULL, Meddler.none());
                cuts.judgeAll(false);
                if (mutant) {
                    assertStartedTwice(cuts);
                } else {
                    assertKept(cuts);
                }
            }
        }
    }
}
