package gpuspool.supervise;

import gpuspool.posix.JobProcess;
import gpuspool.posix.Processes;
import java.io.IOException;
import java.util.List;

/**
 * How the living processes of one job are found: by its session, by the cookie in their environment, and, where neither shows
 * anything although the job lock is still taken, by who has that lock's file open.
 *
 * @param session the job's own session, 0 where it is not known
 * @param lockName of the job lock
 */
public record JobProcesses(String cookie, int session, String lockName, Processes table) {
    /** What stands for a cookie that was never written or got lost: no process has it. */
    public static final String NO_COOKIE = "";

    /** All of them, the supervisor included. */
    public List<JobProcess> living() throws IOException {
        return table.ofJob(cookie, session);
    }

    /** Those that cleared their environment and left the session, but still hold the inherited lock. */
    public List<JobProcess> lockHolders() throws IOException {
        return table.holding(lockName);
    }

    void signal(JobProcess process, int signal) throws IOException {
        table.signal(process, signal);
    }
}
