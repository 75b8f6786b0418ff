package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.TestJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The checks of this package can fail: each rule of the protocol, broken on purpose, is noticed by one of them; or it is shown which
 * second safeguard makes up for it, by breaking that one too.
 */
class MutantsTest {
    private static final Map<String, String> TABLE = new TreeMap<>();

    @AfterAll
    static void show() {
        TABLE.forEach((mutant, catcher) -> System.out.println("mutant: " + mutant + " → " + catcher));
    }

    private static void caught(String mutant, String by, String violation) {
        assertFalse(violation.isEmpty(), () -> mutant + " is not noticed by " + by);
        String words = violation.replaceAll("(; log| \\[cut).*", "").replaceAll("/\\S*/", "");
        TABLE.put(mutant, by + ": " + words.substring(0, Math.min(120, words.length())));
    }

    private static void saved(String mutant, String by, String violation) {
        assertEquals("", violation, () -> mutant + " should be made up for by " + by);
        TABLE.put(mutant, "made up for by " + by);
    }

    /** A world without a mistake. */
    private static void same(SimWorld world) {
        assertTrue(world.inheritsLocks && world.exclusiveStartMark);
    }

    // --- the properties, each as its first violation ---

    private static String violations(FaultBed bed) throws IOException {
        List<String> found = new ArrayList<>(bed.checker().check());
        found.addAll(bed.sim().hurt());
        return found.isEmpty() ? "" : found.get(0);
    }

    private static void twoJobs(FaultBed bed) throws IOException {
        bed.drop("one.job", 1, 0);
        bed.drop("two.job", 1, 3);
    }

    /** A mutant killed at every change, another one drains. */
    private static String byKills(Supplier<Meddler> mutant, Consumer<SimWorld> world) throws IOException {
        for (int k = 1; k < 200; k++) {
            try (FaultBed bed = FaultBed.simulated(1)) {
                world.accept(bed.sim());
                twoJobs(bed);
                boolean through = bed.life(mutant.get().over(new KillAt(KillAt.Moment.AFTER, k)))
                        .run();
                try (Life next = bed.life(mutant.get())) {
                    next.recover();
                    next.drain();
                }
                bed.sim().finish();
                String violation = violations(bed);
                if (!violation.isEmpty() || through) {
                    return violation;
                }
            } catch (AssertionError e) {
                return e.getMessage();
            }
        }
        return "";
    }

    /** Two mutants at once. */
    private static String byTwo(Supplier<Meddler> mutant, Consumer<SimWorld> world) throws IOException {
        return byTwo(mutant, world, "");
    }

    /** @param worst what the violation should say, if there is one that says so */
    private static String byTwo(Supplier<Meddler> mutant, Consumer<SimWorld> world, String worst) throws IOException {
        String any = "";
        for (boolean thereBefore : List.of(false, true)) {
            for (int turns = 0; turns < 3; turns++) {
                for (int k = 1; k < 300; k += 1 + 2 * turns) {
                    try (FaultBed bed = FaultBed.simulated(1)) {
                        world.accept(bed.sim());
                        twoJobs(bed);
                        Duel duel = new Duel(bed, k, turns, mutant.get(), mutant.get());
                        duel.fight(thereBefore);
                        bed.sim().finish();
                        String violation = violations(bed);
                        any = any.isEmpty() ? violation : any;
                        if (!violation.isEmpty() && violation.contains(worst)) {
                            return violation;
                        }
                        if (!duel.cameToIt()) {
                            break;
                        }
                    } catch (AssertionError e) {
                        any = any.isEmpty() ? e.getMessage() : any;
                        if (e.getMessage().contains(worst)) {
                            return any;
                        }
                    }
                }
            }
        }
        return any;
    }

    private static String byPowerCuts(Meddler mutant) throws IOException {
        return byPowerCuts(mutant, true);
    }

    /** @param synced whether the user made the dropped file durable */
    private static String byPowerCuts(Meddler mutant, boolean synced) throws IOException {
        List<String> violations = PowerCuts.of(mutant, false, synced, true).violations();
        return violations.isEmpty() ? "" : violations.get(0);
    }

    // --- fsync ---

    private static Predicate<Step> named(String names) {
        List<String> all = List.of(names.split("\\+", -1));
        return step -> all.contains(step.name());
    }

    @ParameterizedTest
    @CsvSource({"script", "status", "kept.1.box", "running", "incoming"})
    void batch_withoutOneFsync(String name) throws IOException {
        caught("batch without fsync of " + name, "power cuts", byPowerCuts(Mutants.withoutSync(false, named(name))));
    }

    @ParameterizedTest
    @CsvSource({"output.log", "status", "kept.1.box"})
    void filing_withoutOneFsync(String name) throws IOException {
        caught("filing without fsync of " + name, "power cuts", byPowerCuts(Mutants.withoutSync(true, named(name))));
    }

    @ParameterizedTest
    @CsvSource({
        "false,started,kept.1.box",
        "true,exit.0,kept.1.box",
    })
    void fsync_thatAnotherOneCovers(boolean filing, String name, String other) throws IOException {
        String what = (filing ? "filing" : "batch") + " without fsync of " + name;
        saved(what, "the fsync of " + other, byPowerCuts(Mutants.withoutSync(filing, named(name))));
        caught(
                what + " and of " + other,
                "power cuts",
                byPowerCuts(Mutants.withoutSync(filing, named(name + "+" + other))));
    }

    /** Of a file whose writer did not make it durable; else only its new name is at stake, which the directory's covers. */
    @Test
    void batch_withoutFsyncOfTheDroppedFile() throws IOException {
        Meddler mutant = Mutants.withoutSync(false, named("kept.job"));
        caught("batch without fsync of the dropped file", "power cuts", byPowerCuts(mutant, false));
        saved(
                "batch without fsync of a dropped file that its writer synced",
                "the fsync of its directory",
                byPowerCuts(Mutants.withoutSync(false, named("kept.job")), true));
    }

    /** What is back in running/ has a durable mark, status and output: it is filed once more. */
    @ParameterizedTest
    @CsvSource({"done", "running", "done+running"})
    void filing_withoutFsyncOfAParent(String names) throws IOException {
        saved(
                "filing without fsync of " + names,
                "the next watcher, which files it again by its durable mark",
                byPowerCuts(Mutants.withoutSync(true, named(names))));
    }

    // --- order and locks ---

    @Test
    void armedAfterTheSpawn() throws IOException {
        saved(
                "armed after the spawn, and only watchers killed",
                "the job lock in the child's hands and its own words in the mark",
                byKills(Mutants::armedAfterTheSpawn, MutantsTest::same));
        caught("armed after the spawn", "power cuts", byPowerCuts(Mutants.armedAfterTheSpawn()));
    }

    @Test
    void locksTakenAfterTheSpawn() throws IOException {
        caught(
                "card locks taken after the spawn",
                "two watchers",
                byTwo(() -> Mutants.lockedAfterTheSpawn(Mutants::isCardLock), MutantsTest::same));
        caught(
                "job lock taken after the spawn",
                "kill sweep",
                byKills(() -> Mutants.lockedAfterTheSpawn(Mutants::isJobLock), MutantsTest::same));
    }

    @Test
    void locksNotHandedDown() throws IOException {
        caught(
                "locks not handed down to the child",
                "kill sweep",
                byKills(Meddler::none, w -> w.inheritsLocks = false));
    }

    @Test
    void startMarkWithoutExcl() throws IOException {
        Consumer<SimWorld> world = w -> w.exclusiveStartMark = false;
        String what = "output.log made without O_EXCL";
        saved(what, "the job lock (kill sweep)", byKills(Meddler::none, world));
        saved(what, "the job lock (kill sweep, two watchers)", byTwo(Meddler::none, world));
        caught(
                what + ", and no locks",
                "two watchers",
                byTwo(() -> Mutants.withoutLocks(step -> step.is(Step.Kind.LOCK)), world, "was started"));
    }

    @Test
    void withoutLocks() throws IOException {
        caught(
                "no job locks and no card locks",
                "two watchers",
                byTwo(
                        () -> Mutants.withoutLocks(step -> step.is(Step.Kind.LOCK)),
                        MutantsTest::same,
                        "under two jobs"));
        caught(
                "no card locks",
                "two watchers",
                byTwo(() -> Mutants.withoutLocks(Mutants::isCardLock), MutantsTest::same));
        caught(
                "no job locks",
                "two watchers",
                byTwo(() -> Mutants.withoutLocks(Mutants::isJobLock), MutantsTest::same));
    }

    // --- verdicts ---

    /** The first watcher is killed as soon as the child is there; while the second waits for its lock, the job runs to its end. */
    private static String oldListing(boolean mutant) throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.drop("x.job", 1, 0);
            boolean unused = bed.life(KillAt.at(Step.Kind.LAUNCH, 1, true)).run();
            Path running = bed.spool().resolve("running");
            Runnable goOn = bed.sim()::finish;
            Meddler meddler = mutant
                    ? Mutants.judgesByAnOldListing(running, goOn)
                    : (step, call) -> {
                        if (Mutants.isJobLock(step)) {
                            goOn.run();
                        }
                        return call.run();
                    };
            try (Life next = bed.life(meddler)) {
                next.recover();
                next.drain();
            }
            bed.sim().finish();
            return bed.starts(job) == 1 ? violations(bed) : "x.job was started " + bed.starts(job) + " times";
        }
    }

    @Test
    void verdictFromAListingMadeBeforeItsLock() throws IOException {
        assertEquals("", oldListing(false));
        caught("verdict from a listing made before its lock", "ledger", oldListing(true));
    }

    /** Armed, killed; now a stranger has the only card. Whether the job is started all the same. */
    private static String startAgainOnATakenCard(Meddler mutant) throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            TestJob job = bed.drop("x.job", 1, 0);
            boolean unused = bed.life(KillAt.at(Step.Kind.LAUNCH, 1, false)).run();
            String spoolId = Files.readAllLines(bed.spool().resolve("format")).get(1);
            var stranger = bed.sim().grab("sim-" + spoolId + "-0.lock");
            try (Life next = bed.life(mutant)) {
                next.recover();
                boolean drained = next.settle(20);
                String violation = bed.starts(job) > 0 ? "card 0 under two jobs: a stranger's and x.job" : "";
                stranger.close();
                if (!drained) {
                    next.drain();
                }
                return violation.isEmpty() ? violations(bed) : violation;
            }
        }
    }

    @Test
    void startAgain_withoutCardLocks() throws IOException {
        assertEquals("", startAgainOnATakenCard(Meddler.none()));
        caught(
                "start again without card locks",
                "ledger",
                startAgainOnATakenCard(Mutants.withoutLocks(Mutants::isCardLock)));
    }

    /** Killed after arming, before any fsync; the next one starts it; then the power goes. */
    private static String startAgainThenPowerCut(Meddler mutant) throws IOException {
        try (FaultBed bed = FaultBed.simulated(2)) {
            ModelDisk disk = new ModelDisk(bed.spool());
            bed.sim().tell(disk);
            PowerCuts.drop(bed, disk, "kept.job", 0, true);
            boolean unused = bed.life(KillAt.at(Step.Kind.SYNC, 1, false).over(disk.recorder()))
                    .run();
            try (Life next = bed.life(mutant.over(disk.recorder()))) {
                next.recover();
                next.drain();
            }
            List<String> violations = PowerCuts.of(disk, bed).violations();
            return violations.isEmpty() ? "" : violations.get(0);
        }
    }

    @Test
    void startAgain_withoutTheBatch() throws IOException {
        assertEquals("", startAgainThenPowerCut(Meddler.none()));
        caught(
                "start again without the batch",
                "power cuts",
                startAgainThenPowerCut(Mutants.withoutSync(false, step -> true)));
    }

    // --- claims ---

    /** The rename that claims is done and reported as failed. */
    private static String lyingClaim(Meddler mutant) throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            bed.drop("x.job", 1, 0);
            boolean[] lied = {false};
            Meddler liar = (step, call) -> {
                Object result = call.run();
                if (step.is(Step.Kind.RENAME) && step.parent().equals("incoming") && !lied[0]) {
                    lied[0] = true;
                    throw new java.nio.file.NoSuchFileException(step.path().toString());
                }
                return result;
            };
            try (Life life = bed.life(mutant.over(liar))) {
                life.recover();
                life.drain();
            }
            bed.drain();
            assertTrue(lied[0]);
            return violations(bed);
        }
    }

    @Test
    void errnoTrusted() throws IOException {
        saved(
                "errno trusted: a lying rename believed",
                "the rule that no directory with a dropped file is removed",
                lyingClaim(Mutants.trustsErrno()));
        Meddler blind = (step, call) -> {
            Object result = call.run();
            return step.is(Step.Kind.LIST) && result instanceof List<?> names && names.contains("x.job")
                    ? names.stream().filter(name -> !name.equals("x.job")).toList()
                    : result;
        };
        caught(
                "errno trusted, and directories removed unseen",
                "ledger",
                lyingClaim(Mutants.trustsErrno().over(blind)));
    }

    /** A second x.job while the first one runs; the first watcher files it just as the second looks for a number. */
    private static String claimDuringFiling(boolean beforeLock, boolean withoutJobLocks) throws IOException {
        try (FaultBed bed = FaultBed.simulated(2)) {
            bed.drop("x.job", 1, 0);
            try (Life first = bed.life(Meddler.none())) {
                first.recover();
                boolean lives = first.turn();
                assertTrue(lives, "x.1 runs");
                bed.drop("x.job", 1, 3);
                Path pause = bed.spool().resolve("control/pause");
                Runnable file = () -> {
                    try {
                        Files.createFile(pause);
                        bed.sim().finish();
                        boolean unused = first.settle(5);
                        Files.delete(pause);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                };
                Predicate<Step> moment = beforeLock
                        ? step -> Mutants.isJobLock(step)
                                && Files.notExists(bed.spool().resolve("done/x.1.box"))
                        : step -> step.is(Step.Kind.MKDIR);
                Meddler mutant = Mutants.looksForUsedNamesBefore(moment, bed.spool(), file);
                Meddler all = withoutJobLocks
                        ? Mutants.withoutLocks(Mutants::isJobLock).over(mutant)
                        : mutant;
                try (Life second = bed.life(all)) {
                    boolean unused = second.settle(40);
                }
            } catch (AssertionError e) {
                return e.getMessage();
            }
            bed.sim().finish();
            return violations(bed);
        }
    }

    @Test
    void doneLookedAtBeforeTheMkdir() throws IOException {
        saved("done/ looked at before the mkdir, after the lock", "the job lock", claimDuringFiling(false, false));
        caught("done/ looked at before the lock", "spool checker", claimDuringFiling(true, false));
    }

    @Test
    void directoryNameUsedAgain() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            bed.drop("x.job", 1, 0);
            bed.drain();
            bed.drop("x.job", 1, 3);
            try (Life life = bed.life(Mutants.usesNamesAgain())) {
                boolean unused = life.settle(40);
            }
            caught("a directory name used again", "spool checker", violations(bed));
        }
    }
}
