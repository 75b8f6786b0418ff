package gpuspool.plan;

import gpuspool.job.Again;
import gpuspool.job.Ending;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What was found in one job directory of the own host, by a look made with its job lock held. Values only.
 *
 * @param mark which mark there is
 * @param exitCode from the mark's name or from a whole {@code exit=N end} in it
 * @param begun whether the supervisor wrote {@code go}
 * @param dropped whether the user's file is there
 * @param startMark whether the kernel set up a child
 * @param sameBoot whether it was claimed since this machine last booted
 * @param unsynced whether it may have been claimed without fsyncs, so that after another boot traces of its start may be missing
 * @param sameLocks whether it was locked in the lock directory that this watcher uses
 * @param alive whether a process with its cookie lives, or that which a job in the foreground is for; only asked for where it matters
 * @param decided an ending that was decided before: {@code cancelled}, {@code timed out}, or one that was about to be filed
 * @param exited whether its status says that it ended by itself: then its code is its ending, also where it is queued again
 * @param again whether the job is to be queued again, and how far that has come
 * @param foreground whether its cards are for a process that is there already
 */
public record Found(
        MarkKind mark,
        OptionalInt exitCode,
        boolean begun,
        boolean dropped,
        boolean startMark,
        boolean sameBoot,
        boolean unsynced,
        boolean sameLocks,
        boolean alive,
        Optional<Ending> decided,
        boolean exited,
        Again again,
        boolean foreground) {

    /** The marks as {@code spool-layout.md}, section 1.3, names them; {@code SEVERAL} is none of ours. */
    public enum MarkKind {
        NONE,
        TOKEN,
        STARTED,
        FOREGROUND,
        GROUP,
        EXIT,
        SEVERAL
    }
}
