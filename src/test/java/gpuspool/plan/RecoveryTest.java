package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.Again;
import gpuspool.job.Ending;
import gpuspool.plan.Found.MarkKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The table of {@code spool-layout.md}, section 4: first row by row, then what must hold for every thing that can be found. */
final class RecoveryTest {
    private static final OptionalInt NO_CODE = OptionalInt.empty();
    private static final Optional<Ending> CANCELLED = Optional.of(new Ending.Cancelled());
    private static final Optional<Ending> TIMED_OUT = Optional.of(new Ending.TimedOut());

    /** A directory as an armed, living job leaves it; each test changes what it is about. */
    private static final class Dir {
        private MarkKind mark = MarkKind.STARTED;
        private boolean foreground;
        private OptionalInt code = NO_CODE;
        private boolean begun = true;
        private boolean dropped = true;
        private boolean startMark = true;
        private boolean sameBoot = true;
        private boolean unsynced;
        private boolean sameLocks = true;
        private boolean alive;
        private Optional<Ending> decided = Optional.empty();
        private boolean exited;
        private Again again = Again.NOT_ASKED;

        Dir mark(MarkKind kind) {
            mark = kind;
            return this;
        }

        Dir code(int value) {
            code = OptionalInt.of(value);
            return this;
        }

        Dir withoutGo() {
            begun = false;
            return this;
        }

        Dir withoutDroppedFile() {
            dropped = false;
            return this;
        }

        Dir withoutStartMark() {
            startMark = false;
            return this;
        }

        Dir ofAnotherBoot() {
            sameBoot = false;
            return this;
        }

        Dir unsynced() {
            unsynced = true;
            return this;
        }

        Dir ofOtherLocks() {
            sameLocks = false;
            return this;
        }

        Dir alive() {
            alive = true;
            return this;
        }

        Dir decided(Optional<Ending> ending) {
            decided = ending;
            return this;
        }

        Dir foreground() {
            foreground = true;
            return this;
        }

        Dir exited() {
            exited = true;
            return this;
        }

        Dir again(Again word) {
            again = word;
            return this;
        }

        Verdict judge() {
            return Recovery.judge(new Found(
                    mark,
                    code,
                    begun,
                    dropped,
                    startMark,
                    sameBoot,
                    unsynced,
                    sameLocks,
                    alive,
                    decided,
                    exited,
                    again,
                    foreground));
        }
    }

    private static Dir armed() {
        return new Dir();
    }

    private static Dir claimed() {
        return new Dir().mark(MarkKind.TOKEN).withoutGo().withoutStartMark();
    }

    private static Verdict ended(Ending ending) {
        return new Verdict.Ended(ending, NO_CODE, false, true);
    }

    private static Verdict exited(int code) {
        return new Verdict.Ended(new Ending.Exited(code), OptionalInt.of(code), false, true);
    }

    private static void assertHandsOff(String what, Verdict verdict) {
        assertEquals(new Verdict.HandsOff(what), verdict);
    }

    @Test
    void exitInTheMark_endedWithThatCode() {
        assertEquals(exited(3), armed().code(3).judge());
        assertEquals(exited(0), armed().code(0).ofAnotherBoot().judge());
    }

    @Test
    void exitInTheName_endedWhateverElseIsMissing() {
        assertEquals(
                exited(137),
                new Dir()
                        .mark(MarkKind.EXIT)
                        .code(137)
                        .withoutGo()
                        .withoutDroppedFile()
                        .withoutStartMark()
                        .judge());
        assertEquals(
                exited(0),
                new Dir()
                        .mark(MarkKind.EXIT)
                        .code(0)
                        .ofAnotherBoot()
                        .ofOtherLocks()
                        .judge());
    }

    @Test
    void tokenOrNoMarkAndNothingElse_claimWasLost() {
        assertEquals(new Verdict.LostClaim(), claimed().withoutDroppedFile().judge());
        assertEquals(
                new Verdict.LostClaim(),
                claimed().mark(MarkKind.NONE).withoutDroppedFile().judge());
        assertEquals(
                new Verdict.LostClaim(),
                claimed().withoutDroppedFile().ofAnotherBoot().ofOtherLocks().judge());
    }

    @Test
    void tokenAndTheDroppedFile_notStarted() {
        assertEquals(new Verdict.NotStarted(), claimed().judge());
        assertEquals(
                new Verdict.NotStarted(),
                claimed().ofAnotherBoot().ofOtherLocks().judge());
    }

    private static Dir granted() {
        return claimed().foreground();
    }

    private static Dir takenOver() {
        return granted().mark(MarkKind.FOREGROUND);
    }

    @Test
    void tokenForAProcessThatLives_grantedAgain() {
        assertEquals(new Verdict.NotStarted(), granted().alive().judge());
    }

    @Test
    void tokenForAProcessThatIsGone_cancelled() {
        assertEquals(ended(new Ending.Cancelled()), granted().judge());
        assertEquals(
                ended(new Ending.Cancelled()), granted().alive().ofAnotherBoot().judge());
        assertEquals(ended(new Ending.TimedOut()), granted().decided(TIMED_OUT).judge());
        assertEquals(
                ended(new Ending.Cancelled()),
                granted().alive().decided(CANCELLED).judge());
    }

    @Test
    void tokenForAProcessWithoutTheDroppedFile_claimWasLost() {
        assertEquals(
                new Verdict.LostClaim(), granted().alive().withoutDroppedFile().judge());
    }

    @Test
    void takenOverAndItsProcessLives_stillRunning() {
        assertEquals(new Verdict.StillRunning(), takenOver().alive().judge());
        assertEquals(
                new Verdict.StillRunning(),
                takenOver().alive().decided(CANCELLED).judge());
    }

    @Test
    void takenOverAndItsProcessIsGone_released() {
        assertEquals(ended(new Ending.Released()), takenOver().judge());
        assertEquals(
                ended(new Ending.Released()), takenOver().withoutDroppedFile().judge());
        assertEquals(
                ended(new Ending.Cancelled()), takenOver().decided(CANCELLED).judge());
    }

    @Test
    void takenOverInAnotherBoot_interrupted() {
        assertEquals(
                ended(new Ending.Interrupted()), takenOver().ofAnotherBoot().judge());
        assertEquals(
                ended(new Ending.Interrupted()),
                takenOver().alive().ofAnotherBoot().judge());
    }

    @Test
    void armedWithoutStartMark_startsAgain() {
        assertEquals(
                new Verdict.StartAgain(false),
                armed().withoutGo().withoutStartMark().judge());
    }

    @Test
    void armedWithStartMarkButWithoutGo_startsAgainPuttingItAside() {
        assertEquals(new Verdict.StartAgain(true), armed().withoutGo().judge());
    }

    @Test
    void goAndAProcessOfIt_stillRunning() {
        assertEquals(new Verdict.StillRunning(), armed().alive().judge());
        assertEquals(
                new Verdict.StillRunning(), armed().alive().decided(TIMED_OUT).judge());
    }

    @Test
    void goAndNothingAlive_unknown() {
        assertEquals(ended(new Ending.Unknown()), armed().judge());
        assertEquals(ended(new Ending.Unknown()), armed().withoutStartMark().judge());
    }

    @Test
    void armedInAnotherBoot_interrupted() {
        assertEquals(ended(new Ending.Interrupted()), armed().ofAnotherBoot().judge());
        assertEquals(
                ended(new Ending.Interrupted()),
                armed().withoutGo()
                        .withoutStartMark()
                        .ofAnotherBoot()
                        .ofOtherLocks()
                        .judge());
    }

    @Test
    void decidedBefore_standsInEveryRowThatFiles() {
        assertEquals(ended(new Ending.Cancelled()), armed().decided(CANCELLED).judge());
        assertEquals(
                ended(new Ending.TimedOut()),
                armed().decided(TIMED_OUT).ofAnotherBoot().judge());
        assertEquals(ended(new Ending.Cancelled()), claimed().decided(CANCELLED).judge());
        assertEquals(
                ended(new Ending.Cancelled()),
                armed().withoutGo().decided(CANCELLED).judge());
        assertEquals(
                new Verdict.Ended(new Ending.TimedOut(), OptionalInt.of(143), false, true),
                armed().code(143).decided(TIMED_OUT).judge());
    }

    @Test
    void lockedElsewhereInThisBoot_handsOff() {
        String what = "it was locked in another lock directory in this same boot, so whether it lives "
                + "cannot be told from here";
        assertHandsOff(what, armed().ofOtherLocks().judge());
        assertHandsOff(what, armed().code(0).ofOtherLocks().judge());
        assertHandsOff(what, claimed().withoutDroppedFile().ofOtherLocks().judge());
    }

    @Test
    void severalMarks_handsOff() {
        assertHandsOff(
                "more than one mark (token, started, foreground, group, exit.N)",
                new Dir().mark(MarkKind.SEVERAL).judge());
    }

    @Test
    void aFileButNoMark_handsOff() {
        assertHandsOff(
                "no mark (token, started, foreground, group, exit.N)",
                claimed().mark(MarkKind.NONE).judge());
    }

    private static void assertInterrupted(Verdict verdict) {
        assertEquals(new Verdict.Ended(new Ending.Interrupted(), NO_CODE, false, false), verdict);
    }

    /** Section 3.1: whatever it seems to say, it may have run. */
    @Test
    void claimedWithoutFsyncsInAnotherBoot_isInterrupted() {
        assertInterrupted(claimed().ofAnotherBoot().unsynced().judge());
        assertInterrupted(armed().withoutGo().ofAnotherBoot().unsynced().judge());
        Dir nothing = claimed().mark(MarkKind.NONE).ofAnotherBoot().unsynced();
        assertInterrupted(nothing.judge());
        Dir lateName = claimed().ofAnotherBoot().unsynced();
        lateName.begun = true;
        lateName.startMark = true;
        assertInterrupted(lateName.judge());
        assertInterrupted(lateName.withoutDroppedFile().judge());
        assertEquals(
                new Verdict.Ended(new Ending.Exited(3), OptionalInt.of(3), false, false),
                armed().code(3).ofAnotherBoot().unsynced().judge());
        assertEquals(
                new Verdict.Ended(new Ending.Cancelled(), NO_CODE, false, false),
                claimed().decided(CANCELLED).ofAnotherBoot().unsynced().judge());
    }

    @Test
    void claimedWithoutFsyncsInAnotherBoot_withNothingInIt_isALostClaim() {
        assertInstanceOf(
                Verdict.LostClaim.class,
                claimed().withoutDroppedFile().ofAnotherBoot().unsynced().judge());
    }

    /** On one boot nothing changes. */
    @Test
    void claimedWithoutFsyncsInThisBoot_isJudgedAsEver() {
        assertInstanceOf(Verdict.NotStarted.class, claimed().unsynced().judge());
        assertInstanceOf(Verdict.StillRunning.class, armed().alive().unsynced().judge());
    }

    private static final Verdict AGAIN = new Verdict.Ended(new Ending.Interrupted(), NO_CODE, true, false);

    @Test
    void wantedOrMade_isQueuedAgainWhateverBecameOfTheJob() {
        for (Again open : List.of(Again.WANTED, Again.MADE)) {
            assertEquals(AGAIN, armed().again(open).judge());
            assertEquals(AGAIN, armed().ofAnotherBoot().again(open).judge());
            assertEquals(AGAIN, armed().withoutGo().again(open).judge());
            assertEquals(AGAIN, claimed().again(open).judge());
            assertEquals(AGAIN, claimed().withoutDroppedFile().again(open).judge());
            assertEquals(
                    new Verdict.Ended(new Ending.Interrupted(), OptionalInt.of(143), true, false),
                    armed().code(143).again(open).judge());
            assertInstanceOf(
                    Verdict.StillRunning.class, armed().alive().again(open).judge());
        }
    }

    /** A retry: its ending stood in its status before it was asked for. */
    @Test
    void exitedAndWanted_keepsItsCode() {
        for (Again open : List.of(Again.WANTED, Again.MADE)) {
            assertEquals(
                    new Verdict.Ended(new Ending.Exited(3), OptionalInt.of(3), true, false),
                    armed().code(3).exited().again(open).judge());
            assertEquals(AGAIN, armed().exited().again(open).judge(), "its mark was lost: it is never started");
        }
        assertEquals(exited(3), armed().code(3).exited().judge(), "written when it was about to be filed");
    }

    @Test
    void handedOrWithdrawn_isFiledOnly() {
        assertInterrupted(armed().again(Again.HANDED).judge());
        assertInterrupted(armed().ofAnotherBoot().again(Again.WITHDRAWN).judge());
    }

    /** Whether the copy was handed over cannot be told: better not again than twice. */
    @Test
    void wantedOrMadeWithoutFsyncsInAnotherBoot_isFiledOnly() {
        for (Again open : List.of(Again.WANTED, Again.MADE)) {
            assertInterrupted(armed().ofAnotherBoot().unsynced().again(open).judge());
            assertEquals(AGAIN, armed().unsynced().again(open).judge());
        }
    }

    @Test
    void anotherWordForAgain_handsOff() {
        assertHandsOff(
                "again in its status says something else than wanted, made, handed or withdrawn",
                armed().code(0).again(Again.UNCLEAR).judge());
    }

    @Test
    void tokenBesideAStart_handsOff() {
        String what = "a token beside the output of a start";
        Dir output = claimed();
        output.startMark = true;
        assertHandsOff(what, output.judge());
        assertHandsOff(what, output.withoutDroppedFile().judge());
    }

    @Test
    void tokenThatSaysGo_handsOff() {
        Dir dir = claimed();
        dir.begun = true;
        assertHandsOff("a token in which a supervisor wrote go", dir.judge());
        assertHandsOff(
                "a token in which a supervisor wrote go",
                dir.withoutDroppedFile().judge());
    }

    @Test
    void armedWithoutTheJobFile_handsOff() {
        assertHandsOff(
                "armed, but the job file is gone",
                armed().withoutGo().withoutDroppedFile().judge());
    }

    @Test
    void everyCombination_keepsThePromises() {
        int seen = 0;
        for (Found found : everything()) {
            seen++;
            Verdict verdict = Recovery.judge(found);
            boolean starts = verdict instanceof Verdict.NotStarted || verdict instanceof Verdict.StartAgain;
            boolean over =
                    found.exitCode().isPresent() || found.decided().isPresent() || found.again() != Again.NOT_ASKED;
            if (found.begun() || over || !found.dropped()) {
                assertTrue(!starts, () -> "would start: " + found);
            }
            if (!found.sameBoot() && (found.mark() == MarkKind.STARTED || found.foreground())) {
                assertTrue(!starts, () -> "may have run before the reboot: " + found);
            }
            if (found.unsynced() && !found.sameBoot()) {
                assertTrue(!starts, () -> "may have run, and its traces be lost: " + found);
            }
            if (found.sameBoot() && !found.sameLocks() || found.mark() == MarkKind.SEVERAL) {
                assertInstanceOf(Verdict.HandsOff.class, verdict, found::toString);
            }
            if (verdict instanceof Verdict.LostClaim) {
                assertEquals(Again.NOT_ASKED, found.again(), found::toString);
                assertTrue(!found.dropped() && !found.startMark() && !found.begun(), found::toString);
            }
            if (found.mark() == MarkKind.STARTED && found.alive() && found.begun()) {
                boolean files = verdict instanceof Verdict.Ended;
                assertTrue(!files || found.exitCode().isPresent() || !found.sameBoot(), () -> "it lives: " + found);
            }
            if (found.mark() == MarkKind.FOREGROUND && found.sameBoot() && found.alive()) {
                assertTrue(!(verdict instanceof Verdict.Ended) || over, () -> "its process lives: " + found);
            }
            if (found.foreground() && !found.alive()) {
                assertTrue(
                        !starts || found.mark() == MarkKind.STARTED,
                        () -> "nobody is there to be granted it: " + found);
            }
            if (verdict instanceof Verdict.StartAgain again) {
                assertEquals(found.startMark(), again.aside(), found::toString);
            }
            if (verdict instanceof Verdict.Ended ended) {
                assertEquals(found.exitCode(), ended.code(), found::toString);
                found.decided().ifPresent(word -> assertEquals(word, ended.ending(), found::toString));
                boolean certain = found.sameBoot() || !found.unsynced();
                assertEquals(found.again().isOpen() && certain, ended.again(), found::toString);
                assertEquals(found.again() == Again.NOT_ASKED && certain, ended.undecided(), found::toString);
                boolean exited = ended.ending() instanceof Ending.Exited;
                assertTrue(!exited || found.exitCode().isPresent(), () -> "a code out of nowhere: " + found);
            }
        }
        assertEquals((2 + 1 + 1 + 2 + 2 + 2 + 2) * 512 * 3 * 6, seen, "combinations");
    }

    private static List<Found> everything() {
        List<Found> all = new ArrayList<>();
        for (MarkKind mark : MarkKind.values()) {
            List<OptionalInt> codes = switch (mark) {
                // The name alone carries a code; without one it is no mark at all.
                case EXIT -> List.of(OptionalInt.of(0), OptionalInt.of(7));
                // Without a mark, or with several, nothing is read out of one.
                case NONE, SEVERAL -> List.of(NO_CODE);
                default -> List.of(NO_CODE, OptionalInt.of(7));
            };
            for (OptionalInt code : codes) {
                for (int bits = 0; bits < 512; bits++) {
                    for (Optional<Ending> decided : List.of(Optional.<Ending>empty(), CANCELLED, TIMED_OUT)) {
                        for (Again again : Again.values()) {
                            all.add(new Found(
                                    mark,
                                    code,
                                    (bits & 1) != 0,
                                    (bits & 2) != 0,
                                    (bits & 4) != 0,
                                    (bits & 8) != 0,
                                    (bits & 16) != 0,
                                    (bits & 32) != 0,
                                    (bits & 64) != 0,
                                    decided,
                                    (bits & 128) != 0,
                                    again,
                                    (bits & 256) != 0));
                        }
                    }
                }
            }
        }
        return all;
    }
}
