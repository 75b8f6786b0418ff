package gpuspool.posix;

/**
 * One living process of a job.
 *
 * @param startTicks start time in clock ticks since boot: tells it from a later process with the same id
 * @param session id of its session
 * @param state one letter as in proc(5): {@code D} waits in the kernel and cannot be killed now
 * @param name the program's name, at most 15 bytes
 */
public record JobProcess(int pid, long startTicks, int session, char state, String name) {}
