package gpuspool.foreground;

import gpuspool.posix.Lock;
import gpuspool.spool.Grant;
import gpuspool.spool.JobDir;
import java.util.List;

/**
 * Cards that this process has, by their locks: until it ends and all that inherited them, or until it closes them.
 *
 * @param grant what a program is to be told of them
 * @param locks with the job's own
 */
public record Taken(JobDir dir, Grant grant, List<Lock> locks) implements AutoCloseable {
    public Taken {
        locks = List.copyOf(locks);
    }

    @Override
    public void close() {
        locks.forEach(Lock::close);
    }
}
