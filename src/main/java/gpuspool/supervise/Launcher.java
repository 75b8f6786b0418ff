package gpuspool.supervise;

import gpuspool.posix.Lock;
import gpuspool.spool.JobDir;
import java.io.IOException;
import java.util.List;

/** Starts the supervisor of one armed job. */
public interface Launcher {
    /**
     * What to start.
     *
     * @param split whether stdout and stderr go to different files
     * @param command the job's program and its arguments
     * @param environment {@code NAME=value}, all of it
     * @param locks to be inherited: the job lock and the card locks
     */
    record Launch(
            JobDir dir, boolean split, String cwd, List<String> command, List<String> environment, List<Lock> locks) {}

    /**
     * Starts it.
     *
     * @return the supervisor's process id
     * @throws IOException when no child came to be; a start mark may exist all the same
     */
    int launch(Launch launch) throws IOException;
}
