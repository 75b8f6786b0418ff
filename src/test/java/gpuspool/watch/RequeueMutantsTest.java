package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import gpuspool.chaos.TestJob;
import gpuspool.config.Settings.Durability;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Each rule by which a job goes back into the queue, broken on purpose, is noticed by one of the tests of it. */
class RequeueMutantsTest {
    private static void caught(String mutant, String violation) {
        assertFalse(violation.isEmpty(), () -> mutant + " is not noticed");
        String words = violation.replaceAll("(; log| \\[cut).*", "");
        System.out.println("mutant: " + mutant + " → " + words.substring(0, Math.min(160, words.length())));
    }

    private static String byPowerCuts(Meddler mutant, boolean takenAtOnce, Meddler next) throws IOException {
        List<String> violations =
                RequeueCuts.of(mutant, takenAtOnce, Durability.FULL, next).violations();
        return violations.isEmpty() ? "" : violations.get(0);
    }

    /** A mutant killed at every change, another one goes on. */
    private static String byKills(Supplier<Meddler> mutant) throws IOException {
        for (int k = 1; k < 200; k++) {
            try (FaultBed bed = FaultBed.simulated(1)) {
                Comeback comeback = new Comeback(bed);
                KillAt kill = new KillAt(KillAt.Moment.AFTER, k);
                boolean through = comeback.run(bed.life(mutant.get().over(kill)));
                boolean unused = comeback.run(bed.life(mutant.get()));
                String violation = violations(bed, comeback);
                if (!violation.isEmpty() || through) {
                    return violation;
                }
            } catch (AssertionError e) {
                return e.getMessage();
            }
        }
        return "";
    }

    private static String violations(FaultBed bed, Comeback comeback) throws IOException {
        List<String> found = new ArrayList<>(bed.checker().check());
        if (bed.starts(comeback.job()) != 2) {
            found.add("started " + bed.starts(comeback.job()) + " times");
        }
        return found.isEmpty() ? "" : found.get(0);
    }

    private static boolean says(Step step, String word) {
        return step.is(Step.Kind.APPEND)
                && new String(step.content(), StandardCharsets.UTF_8).contains("again = " + word);
    }

    private static Meddler without(java.util.function.Predicate<Step> which) {
        return (step, call) -> which.test(step) ? null : call.run();
    }

    /** Skips fsyncs from the decision until the copy is handed over. */
    private static Meddler withoutSync(String name) {
        boolean[] on = {false};
        return (step, call) -> {
            on[0] = says(step, "wanted") || on[0] && !says(step, "handed");
            return on[0] && step.is(Step.Kind.SYNC) && step.name().equals(name) ? null : call.run();
        };
    }

    @Test
    void withoutOneFsync() throws IOException {
        for (String name : List.of("again.new", "status", "x.1.box")) {
            caught("no fsync of " + name, byPowerCuts(withoutSync(name), false, Meddler.none()));
        }
    }

    /** The rename of a file may show both names, never neither: the fsync of either directory is enough for the name. */
    @Test
    void withoutFsyncOfTheQueue() throws IOException {
        assertEquals("", byPowerCuts(withoutSync("incoming"), false, Meddler.none()));
    }

    @Test
    void secondNameNotLookedFor() throws IOException {
        Meddler blind = (step, call) -> {
            boolean asks = step.is(Step.Kind.LOOK)
                    && step.name().equals("x.job")
                    && (step.parent().equals("incoming") || step.parent().startsWith("x.2."));
            return asks ? Optional.empty() : call.run();
        };
        caught("no look for a second name of the copy", byPowerCuts(Meddler.none(), true, blind));
    }

    @Test
    void withoutOneWord() throws IOException {
        for (String word : List.of("wanted", "made", "handed")) {
            caught("again = " + word + " not written", byKills(() -> without(step -> says(step, word))));
        }
    }

    @Test
    void madeWrittenBeforeTheCopy() throws IOException {
        caught("again = made written before the copy is there", byKills(() -> (step, call) -> {
            if (step.is(Step.Kind.CREATE) && step.name().equals("again.new")) {
                Path status = step.path().resolveSibling("status");
                Files.writeString(status, "again = made\n", java.nio.file.StandardOpenOption.APPEND);
            }
            return call.run();
        }));
    }

    /** Written under its last name at once, and the watcher killed in the middle of it. */
    @Test
    void copyUnderItsLastName() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            Comeback comeback = new Comeback(bed);
            Meddler mutant = (step, call) -> {
                if (step.is(Step.Kind.CREATE) && step.name().equals("again.new")) {
                    byte[] half = java.util.Arrays.copyOf(step.content(), step.content().length / 2);
                    Files.write(step.path().resolveSibling("again"), half);
                    throw new Killed();
                }
                return call.run();
            };
            boolean unused = comeback.run(bed.life(mutant));
            try (Life next = bed.life(Meddler.none())) {
                next.recover();
                boolean unusedToo = next.settle(60);
            }
            caught("the copy written under its last name", violations(bed, comeback));
        }
    }

    /** Somebody drops a file of that name just before. */
    @Test
    void renameThatReplaces() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            Comeback comeback = new Comeback(bed);
            List<TestJob> others = new ArrayList<>();
            Meddler mutant = (step, call) -> {
                if (step.is(Step.Kind.RENAME_TO_FREE) && step.name().equals("again") && others.isEmpty()) {
                    others.add(bed.drop("x.job", 1, 0));
                    Files.move(step.path(), step.to(), StandardCopyOption.ATOMIC_MOVE);
                    return null;
                }
                return call.run();
            };
            boolean unused = comeback.run(bed.life(mutant));
            caught("a rename that replaces", violations(bed, comeback));
        }
    }

    /** The same with the rename that is: both run. */
    @Test
    void fileDroppedJustBeforeTheRename_isNotReplaced() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            Comeback comeback = new Comeback(bed);
            List<TestJob> others = new ArrayList<>();
            Meddler dropper = (step, call) -> {
                if (step.is(Step.Kind.RENAME_TO_FREE) && step.name().equals("again") && others.isEmpty()) {
                    others.add(bed.drop("x.job", 1, 0));
                }
                return call.run();
            };
            boolean unused = comeback.run(bed.life(dropper));
            assertEquals("", violations(bed, comeback));
        }
    }

    /** Done and reported as failed: whoever believes that copies it once more. */
    @Test
    void errnoTrusted() throws IOException {
        try (FaultBed bed = FaultBed.simulated(1)) {
            Comeback comeback = new Comeback(bed);
            Meddler trusting = (step, call) -> {
                Object result = call.run();
                if (step.is(Step.Kind.RENAME_TO_FREE) && step.name().equals("again")) {
                    Files.copy(step.to(), step.path());
                    throw new IOException("Input/output error");
                }
                return result;
            };
            boolean[] once = {false};
            Meddler first = (step, call) -> {
                boolean now = step.is(Step.Kind.RENAME_TO_FREE) && !once[0];
                once[0] |= now;
                return now ? trusting.around(step, call) : call.run();
            };
            boolean unused = comeback.run(bed.life(first));
            caught("errno trusted: the copy put back", violations(bed, comeback));
        }
    }
}
