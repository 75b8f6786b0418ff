package gpuspool.posix;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The processes of jobs on this host: finding them by what they inherited, and signalling them. */
public interface Processes {
    /**
     * All living processes of a job: in its session (0 = not known), or with its cookie in their environment (one that is not 32
     * hex digits is nobody's). Processes of other users that may not be read are not ours and do not appear.
     */
    List<JobProcess> ofJob(String cookie, int session) throws IOException;

    /**
     * By what a living process can be told to be a job's.
     *
     * @param cookie in its environment; empty text where it has none, or may not be read
     */
    record Belonging(String cookie, int session) {}

    /** Of one process; empty when there is none, or it belongs to no session of its own making. */
    Optional<Belonging> belonging(int pid);

    /**
     * The process of this id that started then, while it lives; a zombie does not.
     *
     * @param startTicks in clock ticks since boot
     * @throws IOException where that cannot be told
     */
    Optional<JobProcess> process(int pid, long startTicks) throws IOException;

    /** All living processes that have this file open: those that still hold an inherited lock. */
    List<JobProcess> holding(String lockName) throws IOException;

    /** Sends a signal to exactly this process; it having ended meanwhile is no error. */
    void signal(JobProcess process, int signal) throws IOException;
}
