package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.chaos.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever somebody does with files, at whichever step of the watcher: before or after every single call by which it touches the
 * world, from its start to the end of all jobs; told of it by an event, or left to find it. {@code -Dgpuspool.sweep=all}: before and
 * after each, and at every step of the watcher that comes after a kill.
 */
class ControlRaceTest {
    private static final boolean ALL = "all".equals(System.getProperty("gpuspool.sweep"));
    private static final int ENDLESS = 2000;
    /** More than the jobs here need; what is paused does not come to an end by itself. */
    private static final int A_WHILE = 40;

    /** Does a deed at the k-th call, and sees to it that the watcher keeps a pause. */
    private static final class Hand implements Meddler {
        private final FaultBed bed;
        private final Deed deed;
        private final int k;
        private final boolean after;
        private Life life;
        private int seen;
        private boolean done;
        private boolean acted;
        private boolean halted;
        private String at = "before it came";
        private final List<String> wrong = new ArrayList<>();

        Hand(FaultBed bed, Deed deed, int k, boolean after) {
            this.bed = bed;
            this.deed = deed;
            this.k = k;
            this.after = after;
        }

        void act() throws IOException {
            done = true;
            acted = deed.act(bed);
            if (life != null && k / 2 % 2 == 0) {
                life.tell(new Inbox.Changed(bed.places().incoming().resolve("x.job")));
                for (String name : List.of("x.job.first", "y.job.first", "pause", "drain", "puase")) {
                    life.tell(new Inbox.Requested(bed.places().control().resolve(name)));
                }
            }
        }

        void undo() throws IOException {
            halted = false;
            deed.undo(bed);
            life.tell(new Inbox.Rescan());
        }

        @Override
        public Object around(Step step, Call call) throws IOException {
            boolean now = ++seen == k;
            if (now) {
                at = step.toString();
            }
            if (now && !after) {
                act();
            }
            boolean starts = step.is(Step.Kind.LAUNCH)
                    || step.isRename() && step.parent().equals("incoming");
            if (halted && starts) {
                wrong.add(step + " after it had seen that nothing may start");
            }
            Object result = call.run();
            halted |= done
                    && step.is(Step.Kind.LIST)
                    && step.name().equals("control")
                    && result instanceof List<?> names
                    && (names.contains("pause") || names.contains("drain"));
            if (now && after) {
                act();
            }
            return result;
        }

        @Override
        public String toString() {
            return deed + (after ? " after" : " before") + " call " + k + " (" + at + ")";
        }
    }

    private static void dropBoth(FaultBed bed, Deed deed) throws IOException {
        bed.drop("x.job", 1, 3);
        bed.drop("y.job", 1, 0);
        deed.prepare(bed);
    }

    /** One watcher, from the start to the end of all jobs; tells what is wrong. */
    private static List<String> live(FaultBed bed, Hand hand) throws IOException {
        List<String> wrong = new ArrayList<>();
        try (Life life = bed.life(hand)) {
            hand.life = life;
            life.recover();
            for (int i = 0; i < A_WHILE && !(hand.done && life.engine().isDrained()); i++) {
                boolean unused = life.turn();
                if (life.engine().mayLeave()) {
                    wrong.addAll(notOver(bed));
                    break;
                }
                if (!hand.done && life.engine().isDrained()) {
                    hand.act();
                }
            }
            if (!hand.done) {
                hand.act();
            }
            hand.undo();
        }
        wrong.addAll(hand.wrong);
        bed.drain();
        return wrong;
    }

    /** Jobs that run, or wait to be filed. */
    private static List<String> notOver(FaultBed bed) throws IOException {
        List<String> wrong = new ArrayList<>();
        for (var directory : Tree.list(bed.places().running())) {
            if (Files.exists(directory.resolve("output.log"))) {
                wrong.add("left before " + directory.getFileName() + " was filed");
            }
        }
        return wrong;
    }

    private static void check(FaultBed bed, Hand hand, List<String> wrong, List<String> all) throws IOException {
        List<String> violations = new ArrayList<>(wrong);
        for (String violation : bed.checker().check()) {
            if (!hand.deed.excuses(violation, hand.acted)) {
                violations.add(violation);
            }
        }
        // Whom a cancel reaches is its job; nobody else's process may ever get a signal.
        bed.sim().hurt().stream()
                .filter(hurt -> hand.deed != Deed.CANCEL || hurt.contains("stranger"))
                .forEach(violations::add);
        hand.deed.broken(bed, hand.acted).ifPresent(violations::add);
        if (!violations.isEmpty()) {
            all.add(hand + ": " + violations + "; log: " + bed.log());
            return;
        }
        String before = Tree.fingerprint(bed.spool());
        bed.drain();
        if (!before.equals(Tree.fingerprint(bed.spool()))) {
            all.add(hand + ": another look changed the spool");
        }
    }

    @ParameterizedTest
    @EnumSource(Deed.class)
    void deed_atEveryStepOfAllJobsLives(Deed deed) throws IOException {
        List<String> wrong = new ArrayList<>();
        int acted = 0;
        int k = 0;
        for (boolean reached = true; reached && k < ENDLESS; k += ALL ? 1 : 2) {
            for (boolean after : ALL ? List.of(false, true) : List.of(k % 4 == 0)) {
                try (FaultBed bed = FaultBed.simulated(1)) {
                    dropBoth(bed, deed);
                    Hand hand = new Hand(bed, deed, k, after);
                    if (k == 0) {
                        hand.act();
                    }
                    check(bed, hand, live(bed, hand), wrong);
                    acted += hand.acted ? 1 : 0;
                    reached = hand.seen >= k;
                }
            }
        }
        System.out.println("control races: " + deed + " at " + (k - 1) + " calls, " + acted + " times with effect");
        assertEquals("", String.join("\n", wrong));
        assertTrue(k > 60 && k < ENDLESS && acted >= (ALL ? 10 : 5), k + " calls, " + acted + " with effect");
    }

    /** While nobody watches, and at some steps of the next watcher, which finds what the kill left. */
    @ParameterizedTest
    @EnumSource(Deed.class)
    void deed_afterAKillAtEveryChange(Deed deed) throws IOException {
        List<String> wrong = new ArrayList<>();
        int runs = 0;
        boolean through = false;
        for (int c = 1; !through && c < ENDLESS; c += ALL ? 1 : 2) {
            boolean reached = true;
            for (int k = ALL || c % 4 == 1 ? 0 : 1 + c * 5 % 61; reached && k < ENDLESS; k += ALL ? 1 : ENDLESS) {
                try (FaultBed bed = FaultBed.simulated(1)) {
                    dropBoth(bed, deed);
                    through = bed.life(new KillAt(KillAt.Moment.AFTER, c)).run();
                    Hand hand = new Hand(bed, deed, k, c % 4 == 1);
                    if (k == 0) {
                        hand.act();
                    }
                    check(bed, hand, live(bed, hand), wrong);
                    reached = hand.seen >= k;
                    runs++;
                }
            }
        }
        System.out.println("control races: " + deed + " after kills, " + runs + " runs");
        assertEquals("", String.join("\n", wrong));
        assertTrue(runs > (ALL ? 30 : 15));
    }

    /** Requests that are there from the start, and a watcher killed, or lied to, at any of its steps. */
    @Test
    void requests_surviveKillsAndLies() throws IOException {
        List<LieAt.Lie> lies = List.of(LieAt.Lie.values());
        List<Meddler> meddlers = new ArrayList<>();
        for (int k = 1; k <= 90; k++) {
            for (KillAt.Moment moment : KillAt.Moment.values()) {
                meddlers.add(new KillAt(moment, k));
            }
            meddlers.add(new LieAt(lies.get(k % lies.size()), k % 2 == 0, k));
        }
        List<String> wrong = new ArrayList<>();
        for (Meddler meddler : meddlers) {
            try (FaultBed bed = FaultBed.simulated(1)) {
                dropBoth(bed, Deed.FIRST);
                boolean unused = Deed.FIRST_OF_THE_OTHER.act(bed) && Deed.NONSENSE.act(bed);
                Files.createFile(bed.places().control().resolve("gone.job.first"));
                try {
                    boolean unusedToo = bed.life(meddler).run();
                } catch (IOException e) {
                    assertTrue(meddler instanceof LieAt, meddler + ": " + e);
                }
                bed.drain();
                bed.drain();
                List<String> violations = new ArrayList<>(bed.checker().check());
                if (meddler instanceof LieAt lie && lie.hitStatus()) {
                    violations.clear();
                }
                List<String> left = Tree.list(bed.places().control()).stream()
                        .map(path -> path.getFileName().toString())
                        .toList();
                // What could not be removed when its file was claimed, and is found when the job is over, fits nothing.
                boolean removed =
                        !(meddler instanceof LieAt lie && lie.toString().contains("DELETE control/"));
                if (removed && !left.equals(List.of("gone.job.first.refused", "puase.refused"))) {
                    violations.add("in control/: " + left);
                }
                if (!violations.isEmpty()) {
                    wrong.add(meddler + ": " + violations + "; log: " + bed.log());
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
    }
}
