package gpuspool.plan;

/**
 * Jobs in the order in which they are to start, read once and no further than needed.
 *
 * @param <R> a job
 */
public interface Line<R> {
    /** Whether there is another. */
    boolean hasNext();

    /** The next one. */
    R next();

    /** Leaves out all that this owner still has in the line: nothing of theirs may start now. */
    void leaveOut(int owner);
}
