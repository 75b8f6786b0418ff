package gpuspool.plan;

import java.util.Iterator;

/**
 * Jobs in the order in which they are to start, read once and no further than needed.
 *
 * @param <R> a job
 */
public interface Line<R> extends Iterator<R> {
    /** Leaves out all that this owner still has in the line: nothing of theirs may start now. */
    void leaveOut(int owner);
}
