package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.Tree;
import gpuspool.config.Settings.Durability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A job that is stopped and queued again, or fails and is retried, runs once more, and only once: whatever call its watcher is killed at, whatever error is
 * reported for which call. {@code -Dgpuspool.sweep=all}: all pairs of kills, every error at every call.
 */
class RequeueSweepTest {
    private static final boolean ALL = "all".equals(System.getProperty("gpuspool.sweep"));
    private static final String NEXT_BOOT = "22222222-boot";
    /** Enough for every step of a run; a run has no more. */
    private static final int ENDLESS = 2000;
    /** Calls between two lies of one kind; the six kinds come at different offsets. */
    private static final int STRIDE = 11;

    @ParameterizedTest
    @EnumSource(KillAt.Moment.class)
    void killedOnce(KillAt.Moment moment) throws IOException {
        killOnce(moment, false);
    }

    /** What a retry does otherwise than a job that was stopped. */
    static List<KillAt.Moment> ofRetries() {
        return ALL ? List.of(KillAt.Moment.values()) : List.of(KillAt.Moment.AFTER, KillAt.Moment.HALF);
    }

    @ParameterizedTest
    @MethodSource("ofRetries")
    void killedOnce_retried(KillAt.Moment moment) throws IOException {
        killOnce(moment, true);
    }

    private static void killOnce(KillAt.Moment moment, boolean fails) throws IOException {
        int k = 1;
        for (boolean through = false; !through && k < ENDLESS; k++) {
            try (FaultBed bed = FaultBed.simulated(2)) {
                Comeback comeback = Comeback.of(bed, fails);
                KillAt kill = new KillAt(moment, k);
                through = comeback.run(bed.life(kill));
                comeback.assertKept(kill.toString());
            }
        }
        System.out.println((fails ? "retry" : "requeue") + ", kills " + moment + ": " + (k - 2));
        assertTrue(k > 10 && k < ENDLESS);
    }

    /** Only what comes after the decision: the rest is swept elsewhere. */
    @Test
    void killedOnce_withRealJobs() throws IOException {
        int runs = 0;
        int k = 1;
        for (boolean through = false; !through && k < ENDLESS; k += ALL ? 1 : 5) {
            try (FaultBed bed = FaultBed.real(2)) {
                Comeback comeback = new Comeback(bed);
                KillAt kill = new KillAt(KillAt.Moment.AFTER, k);
                boolean[] decided = {false};
                Meddler late = (step, call) -> {
                    boolean isIt = step.is(Step.Kind.APPEND)
                            && new String(step.content(), StandardCharsets.UTF_8).contains("again = wanted");
                    decided[0] |= isIt;
                    return decided[0] ? kill.around(step, call) : call.run();
                };
                through = comeback.run(bed.life(late));
                comeback.assertKept(kill + " after the decision");
                runs++;
            }
        }
        System.out.println("requeue, kills with real jobs: " + runs);
        assertTrue(runs > 5);
    }

    @ParameterizedTest
    @EnumSource(KillAt.Moment.class)
    void killedTwice(KillAt.Moment moment) throws IOException {
        killTwice(moment, false);
    }

    static List<KillAt.Moment> secondOfRetries() {
        return ALL ? List.of(KillAt.Moment.values()) : List.of(KillAt.Moment.HALF);
    }

    @ParameterizedTest
    @MethodSource("secondOfRetries")
    void killedTwice_retried(KillAt.Moment moment) throws IOException {
        killTwice(moment, true);
    }

    private static void killTwice(KillAt.Moment moment, boolean fails) throws IOException {
        int pairs = 0;
        int k = 1;
        for (boolean through = false; !through; k += ALL ? 1 : 9) {
            for (int m = 1 + (ALL ? 0 : k % 3); ; m += ALL ? 1 : 5) {
                KillAt first = new KillAt(KillAt.Moment.AFTER, k);
                KillAt second = new KillAt(moment, m);
                try (FaultBed bed = FaultBed.simulated(2)) {
                    Comeback comeback = Comeback.of(bed, fails);
                    through = comeback.run(bed.life(first));
                    boolean secondThrough = comeback.run(bed.life(second));
                    comeback.assertKept(first + ", then " + second);
                    pairs++;
                    if (through || secondThrough) {
                        break;
                    }
                }
            }
        }
        System.out.println((fails ? "retry" : "requeue") + ", pairs of kills: " + pairs + " with the second " + moment);
        assertTrue(pairs > 10);
    }

    /** The machine stops as well: what was decided is carried through by the next watcher. */
    @ParameterizedTest
    @EnumSource(KillAt.Moment.class)
    void killedAndRebooted_afterTheDecision(KillAt.Moment moment) throws IOException {
        killAndReboot(moment, false);
    }

    @ParameterizedTest
    @MethodSource("ofRetries")
    void killedAndRebooted_retried(KillAt.Moment moment) throws IOException {
        killAndReboot(moment, true);
    }

    private static void killAndReboot(KillAt.Moment moment, boolean fails) throws IOException {
        int runs = 0;
        int k = 1;
        for (boolean through = false; !through && k < ENDLESS; k++) {
            try (FaultBed bed = FaultBed.simulated(2)) {
                Comeback comeback = Comeback.of(bed, fails);
                KillAt kill = new KillAt(moment, k);
                through = comeback.run(bed.life(kill));
                boolean decided = Tree.list(bed.places().running()).stream().anyMatch(RequeueSweepTest::saysAgain);
                // Once that has begun, the next run may well be the one that was interrupted.
                boolean wentOn = Files.exists(bed.places().running().resolve("x.2.box/started"));
                bed.sim().powerOff();
                if (decided && !wentOn) {
                    comeback.assertKept(kill + ", rebooted", NEXT_BOOT);
                    runs++;
                }
            }
        }
        System.out.println((fails ? "retry" : "requeue") + ", reboots: " + runs);
        assertTrue(runs >= (moment == KillAt.Moment.EMPTY || moment == KillAt.Moment.HALF ? 2 : 3), () -> "too few");
    }

    private static boolean saysAgain(java.nio.file.Path directory) {
        try {
            return Tree.status(directory).containsKey("again");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Without fsyncs, but on one boot: nothing is different. */
    @Test
    void killedOnce_fast() throws IOException {
        int k = 1;
        for (boolean through = false; !through && k < ENDLESS; k++) {
            try (FaultBed bed = FaultBed.simulated(2)) {
                bed.set(FaultBed.settings(Durability.FAST, 0));
                Comeback comeback = new Comeback(bed);
                KillAt kill = new KillAt(KillAt.Moment.AFTER, k);
                through = comeback.run(bed.life(kill));
                comeback.assertKept(kill.toString());
            }
        }
        assertTrue(k > 10 && k < ENDLESS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyCall_reportedAsFailed(boolean done) throws IOException {
        lieAtEveryCall(done, false);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyCall_reportedAsFailed_retried(boolean done) throws IOException {
        lieAtEveryCall(done, true);
    }

    private static void lieAtEveryCall(boolean done, boolean fails) throws IOException {
        List<String> wrong = new ArrayList<>();
        int runs = 0;
        int length = ENDLESS;
        for (LieAt.Lie lie : LieAt.Lie.values()) {
            int first = ALL ? 1 : 1 + 2 * List.of(LieAt.Lie.values()).indexOf(lie) + (done ? 1 : 0);
            for (int k = first; k < length; k += ALL ? 1 : fails ? 2 * STRIDE : STRIDE) {
                LieAt lies = new LieAt(lie, done, k);
                try (FaultBed bed = FaultBed.simulated(2)) {
                    Comeback comeback = Comeback.of(bed, fails);
                    try (Life life = bed.life(lies)) {
                        life.recover();
                        comeback.live(life);
                    } catch (IOException e) {
                        // Before everything has been judged, or from the one call that asks: both are made again.
                        boolean unused = comeback.run(bed.life(Meddler.none()));
                    } catch (AssertionError e) {
                        wrong.add(lies + ": " + e.getMessage());
                        continue;
                    }
                    if (!lies.hit()) {
                        length = k;
                        break;
                    }
                    runs++;
                    wrong.addAll(judge(bed, comeback, lies));
                }
            }
        }
        System.out.println(
                (fails ? "retry" : "requeue") + ", lying errors: " + runs + (done ? ", done" : ", not done"));
        assertTrue(runs > (fails ? 15 : 30));
        assertEquals("", String.join("\n", wrong), "broken promises");
    }

    private static List<String> judge(FaultBed bed, Comeback comeback, LieAt lies) throws IOException {
        // A file that could not be moved for a moment waits longer than this watcher stays.
        boolean unused = comeback.run(bed.life(Meddler.none()));
        List<String> violations = new ArrayList<>(bed.checker().check());
        if (lies.hitStatus()) {
            violations.removeIf(LyingErrorsTest::isOnlyAboutWords);
        }
        violations.addAll(bed.sim().hurt());
        if (bed.starts(comeback.job()) != 2) {
            violations.add("started " + bed.starts(comeback.job()) + " times");
        }
        return violations.isEmpty() ? List.of() : List.of(lies + ": " + violations + "; log: " + bed.log());
    }
}
