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
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A sweep whose watcher is killed at any step, or lied to at any call: every member runs, and only once.
 * {@code -Dgpuspool.sweep=all}: six members, every step of every kind, pairs of kills.
 */
class GroupKillTest {
    private static final boolean ALL = "all".equals(System.getProperty("gpuspool.sweep"));
    private static final int MEMBERS = ALL ? 6 : 4;
    private static final String NEXT_BOOT = "22222222-boot";
    /** Enough for every step of a run; a run has no more. */
    private static final int ENDLESS = 3000;

    @ParameterizedTest
    @EnumSource(KillAt.Moment.class)
    void killedOnce_eachMemberRunsOnce(KillAt.Moment moment) throws IOException {
        int stride = ALL ? 1 : moment == KillAt.Moment.AFTER ? 3 : 11;
        int kills = 0;
        boolean through = false;
        for (int k = 1; !through && k < ENDLESS; k += stride) {
            try (FaultBed bed = FaultBed.simulated(2)) {
                GroupBed sweep = GroupBed.drop(bed, MEMBERS);
                KillAt kill = new KillAt(moment, k);
                through = bed.life(kill).run();
                sweep.assertKept(kill.toString());
                kills++;
            }
        }
        System.out.println("sweeps, kills " + moment + ": " + kills);
        assertTrue(through && kills > 1);
    }

    @Test
    void killedTwice_eachMemberRunsOnce() throws IOException {
        int pairs = 0;
        boolean through = false;
        for (int k = 1; !through; k += ALL ? 1 : 37) {
            boolean secondThrough = false;
            for (int m = 1 + (ALL ? 0 : k % 7); !secondThrough; m += ALL ? 1 : 29) {
                try (FaultBed bed = FaultBed.simulated(2)) {
                    GroupBed sweep = GroupBed.drop(bed, MEMBERS);
                    KillAt first = new KillAt(KillAt.Moment.AFTER, k);
                    KillAt second = new KillAt(KillAt.Moment.AFTER, m);
                    through = bed.life(first).run();
                    secondThrough = bed.life(second).run();
                    sweep.assertKept(first + ", then " + second);
                    pairs++;
                }
            }
        }
        System.out.println("sweeps, pairs of kills: " + pairs);
        assertTrue(pairs > 5);
    }

    /** The machine stops with the watcher: what may have run does not run again, all else does. */
    @Test
    void killedAndRebooted_noMemberIsLostOrRunsTwice() throws IOException {
        boolean through = false;
        int runs = 0;
        for (int k = 1; !through && k < ENDLESS; k += ALL ? 1 : 11) {
            try (FaultBed bed = FaultBed.simulated(2)) {
                GroupBed sweep = GroupBed.drop(bed, MEMBERS);
                KillAt kill = new KillAt(KillAt.Moment.AFTER, k);
                through = bed.life(kill).run();
                bed.sim().powerOff();
                boolean unused = bed.lifeAfterBoot(Meddler.none(), NEXT_BOOT).run();
                assertEquals(List.of(), sweep.wrong(), () -> kill + "; log: " + bed.log());
                assertEquals(MEMBERS, sweep.recorded().size(), () -> kill + "; log: " + bed.log());
                assertEquals(
                        "some failed", Tree.status(sweep.filed()).get("ending"), () -> kill + "; log: " + bed.log());
                runs++;
            }
        }
        assertTrue(runs > 5);
    }

    @Test
    void killedWhileItIsCancelled_isFiledAsCancelledAndNothingRunsLater() throws IOException {
        boolean through = false;
        int runs = 0;
        for (int k = 1; !through && k < ENDLESS; k += ALL ? 1 : 11) {
            try (FaultBed bed = FaultBed.simulated(1)) {
                GroupBed sweep = GroupBed.drop(bed, MEMBERS);
                try (Life life = bed.life(Meddler.none())) {
                    life.recover();
                    for (int i = 0; i < 1000 && sweep.starts().isEmpty(); i++) {
                        boolean unused = life.turn();
                    }
                }
                int before = sweep.starts().size();
                assertTrue(before > 0, () -> "nothing starts: " + bed.log());
                Files.createFile(bed.places().running().resolve(GroupBed.GROUP).resolve("cancel"));
                KillAt kill = new KillAt(KillAt.Moment.AFTER, k);
                through = bed.life(kill).run();
                bed.drain();
                assertEquals(List.of(), sweep.wrong(), () -> kill + "; log: " + bed.log());
                assertEquals("cancelled", Tree.status(sweep.filed()).get("ending"), () -> kill + "; log: " + bed.log());
                // One more may have been on its way; more are not outside on one card.
                assertTrue(sweep.starts().size() <= before + 1, () -> kill + "; log: " + bed.log());
                runs++;
            }
        }
        assertTrue(runs > 1, () -> "too few");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyCall_reportedAsFailed(boolean done) throws IOException {
        List<String> broken = new ArrayList<>();
        int runs = 0;
        for (LieAt.Lie lie : LieAt.Lie.values()) {
            int first = ALL ? 1 : 1 + 5 * List.of(LieAt.Lie.values()).indexOf(lie) + (done ? 3 : 0);
            for (int k = first; k < ENDLESS; k += ALL ? 1 : 151) {
                LieAt lies = new LieAt(lie, done, k);
                try (FaultBed bed = FaultBed.simulated(2)) {
                    GroupBed sweep = GroupBed.drop(bed, MEMBERS);
                    try (Life life = bed.life(lies)) {
                        life.recover();
                        life.drain();
                    } catch (IOException e) {
                        // Before everything has been judged: the next watcher does it.
                        bed.drain();
                    }
                    bed.drain();
                    List<String> wrong = new ArrayList<>(sweep.wrong());
                    if (sweep.starts().size() != MEMBERS) {
                        wrong.add("started: " + sweep.starts());
                    }
                    if (!wrong.isEmpty()) {
                        broken.add(lies + ": " + wrong + "; log: " + bed.log());
                    }
                    if (!lies.hit()) {
                        break;
                    }
                    runs++;
                }
            }
        }
        System.out.println("sweeps, lying errors: " + runs);
        assertTrue(runs > 5);
        assertEquals("", String.join("\n", broken), "broken promises");
    }
}
