package gpuspool.plan;

import gpuspool.job.Ending;

/** What is to be done next with an open group; {@code spool-layout.md}, section 12. Pure: the same things found give the same step. */
public final class Release {
    private Release() {}

    /**
     * What was found.
     *
     * @param lowest number of the first member file that lies prepared in its directory; 0 where none does: all were released
     * @param highest of the last one, which may be the same
     * @param total members that it has
     * @param outside members that were released and have not ended: queued, held or in a job directory in running/
     * @param failed members that have ended and not succeeded
     * @param most members that may be outside
     * @param cancelled whether somebody asked for its end
     * @param halted whether nothing is to be started now
     */
    public record Found(
            int lowest, int highest, int total, int outside, int failed, int most, boolean cancelled, boolean halted) {}

    public sealed interface Step {}

    /** The next member's file is written, so that the one before it may go. */
    public record Prepare(int number) implements Step {}

    /** This member's file goes into the queue. */
    public record LetGo(int number) implements Step {}

    /** Those that are outside are asked to end. */
    public record CancelMembers() implements Step {}

    /** There is nothing to do before a member has ended. */
    public record Wait() implements Step {}

    /** It has ended. */
    public record File(Ending ending) implements Step {}

    public static Step next(Found found) {
        if (found.cancelled()) {
            return found.outside() > 0 ? new CancelMembers() : new File(new Ending.Cancelled());
        }
        if (found.lowest() == 0 && found.outside() == 0) {
            return new File(found.failed() == 0 ? new Ending.AllDone() : new Ending.SomeFailed());
        }
        if (found.lowest() == 0 || found.outside() >= found.most() || found.halted()) {
            return new Wait();
        }
        boolean isOnly = found.lowest() == found.highest();
        return isOnly && found.highest() < found.total() ? new Prepare(found.highest() + 1) : new LetGo(found.lowest());
    }
}
