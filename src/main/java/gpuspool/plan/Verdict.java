package gpuspool.plan;

import gpuspool.job.Ending;
import java.util.OptionalInt;

/** What is to be done with a job directory that was found in running/. */
public sealed interface Verdict {
    /**
     * It ended: sweep what it left behind, then file it.
     *
     * @param code what the process that waited for it said, if anything
     * @param again whether it is to be put back into the queue before it is filed, as far as that is not done yet
     * @param undecided whether nobody has decided yet if another run follows, which is certain
     */
    record Ended(Ending ending, OptionalInt code, boolean again, boolean undecided) implements Verdict {}

    /** No dropped file ever came: remove the directory. */
    record LostClaim() implements Verdict {}

    /** Claimed, not armed: lock cards, then snapshot, arm and spawn; of a job in the foreground: grant it its cards, again. */
    record NotStarted() implements Verdict {}

    /** Armed, but nothing of it ever ran. {@code aside}: a start mark is to be put aside first. */
    record StartAgain(boolean aside) implements Verdict {}

    /** Its processes live: adopt it. */
    record StillRunning() implements Verdict {}

    /** A sweep: its members are released, or cancelled with it, and it is filed when the last has ended. */
    record OpenGroup() implements Verdict {}

    /** Not ours to judge; {@code what} was found. */
    record HandsOff(String what) implements Verdict {}
}
