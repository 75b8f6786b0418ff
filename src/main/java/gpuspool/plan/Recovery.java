package gpuspool.plan;

import gpuspool.job.Again;
import gpuspool.job.Ending;
import gpuspool.plan.Found.MarkKind;
import java.util.Optional;
import java.util.OptionalInt;

/** The table of {@code spool-layout.md}, section 4, row by row: the first that fits. */
public final class Recovery {
    private Recovery() {}

    public static Verdict judge(Found found) {
        if (found.mark() == MarkKind.SEVERAL) {
            return new Verdict.HandsOff("more than one mark (token, started, foreground, group, exit.N)");
        }
        if (found.sameBoot() && !found.sameLocks()) {
            return new Verdict.HandsOff(
                    "it was locked in another lock directory in this same boot, so whether it lives "
                            + "cannot be told from here");
        }
        if (found.again() == Again.UNCLEAR) {
            return new Verdict.HandsOff(
                    "again in its status says something else than wanted, made, handed or withdrawn");
        }
        if (found.exitCode().isPresent()) {
            Ending own = new Ending.Exited(found.exitCode().getAsInt());
            return ended(found, (found.exited() ? found.decided() : decided(found)).orElse(own), found.exitCode());
        }
        if (found.unsynced() && !found.sameBoot()) {
            return lossy(found);
        }
        return switch (found.mark()) {
            case TOKEN, NONE -> unarmed(found);
            case STARTED -> armed(found);
            case FOREGROUND -> takenOver(found);
            case GROUP -> new Verdict.OpenGroup();
            case EXIT, SEVERAL -> throw new IllegalStateException("no code although the mark is " + found.mark());
        };
    }

    /** Whatever the tree seems to say: only that its dropped file is in it, before it starts, is certain. */
    private static Verdict lossy(Found found) {
        boolean empty = !found.dropped() && !found.startMark() && !found.begun() && found.again() == Again.NOT_ASKED;
        return empty && found.mark() != MarkKind.STARTED
                ? new Verdict.LostClaim()
                : withoutCode(found, ended(found, new Ending.Interrupted(), OptionalInt.empty()));
    }

    private static Verdict unarmed(Found found) {
        if (found.begun()) {
            return new Verdict.HandsOff("a token in which a supervisor wrote go");
        }
        if (!found.dropped() && !found.startMark() && found.again() == Again.NOT_ASKED) {
            return new Verdict.LostClaim();
        }
        boolean asked = found.again() != Again.NOT_ASKED;
        if (found.mark() == MarkKind.TOKEN && (found.dropped() || asked) && !found.startMark()) {
            return withoutCode(found, found.foreground() ? granted(found) : new Verdict.NotStarted());
        }
        return new Verdict.HandsOff(
                found.mark() == MarkKind.NONE
                        ? "no mark (token, started, foreground, group, exit.N)"
                        : "a token beside the output of a start");
    }

    /** Nobody has taken the cards: its process still may, or is gone. */
    private static Verdict granted(Found found) {
        return found.sameBoot() && found.alive()
                ? new Verdict.NotStarted()
                : ended(found, new Ending.Cancelled(), OptionalInt.empty());
    }

    /** The job lock is free. A program that closed what it inherited has its cards while it lives all the same. */
    private static Verdict takenOver(Found found) {
        if (found.sameBoot() && found.alive()) {
            return new Verdict.StillRunning();
        }
        Ending ending = found.sameBoot() ? new Ending.Released() : new Ending.Interrupted();
        return withoutCode(found, ended(found, ending, OptionalInt.empty()));
    }

    private static Verdict armed(Found found) {
        if (!found.sameBoot()) {
            return withoutCode(found, ended(found, new Ending.Interrupted(), OptionalInt.empty()));
        }
        if (!found.begun()) {
            return found.dropped()
                    ? withoutCode(found, new Verdict.StartAgain(found.startMark()))
                    : new Verdict.HandsOff("armed, but the job file is gone");
        }
        if (found.alive()) {
            return new Verdict.StillRunning();
        }
        return withoutCode(found, ended(found, new Ending.Unknown(), OptionalInt.empty()));
    }

    /** An ending that was decided earlier stands; nothing is started again after it. */
    private static Verdict withoutCode(Found found, Verdict otherwise) {
        return decided(found)
                .<Verdict>map(ending -> ended(found, ending, OptionalInt.empty()))
                .orElse(otherwise);
    }

    /** Both lines are written at once, but a kill may leave only the first of them. */
    private static Optional<Ending> decided(Found found) {
        boolean asked = found.again() != Again.NOT_ASKED;
        return found.decided().or(() -> asked ? Optional.of(new Ending.Interrupted()) : Optional.empty());
    }

    /** Where traces may be missing, whether the copy was handed over cannot be told: a job is never started again by that. */
    private static Verdict ended(Found found, Ending ending, OptionalInt code) {
        boolean certain = found.sameBoot() || !found.unsynced();
        return new Verdict.Ended(
                ending, code, found.again().isOpen() && certain, found.again() == Again.NOT_ASKED && certain);
    }
}
