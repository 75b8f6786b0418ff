package gpuspool.watch;

import gpuspool.posix.Locks;
import gpuspool.posix.Processes;
import gpuspool.supervise.Launcher;

/** What lies around a spool and outlives every watcher: locks, processes, the clock. */
interface World extends AutoCloseable {
    Locks locks();

    Launcher launcher();

    Processes processes();

    Edges.Exits exits(Inbox inbox);

    Clocks clocks();

    /** Lets jobs live on for a moment. False: none lives, so only the clock can bring anything new. */
    boolean live(Inbox inbox);

    /** Time passes without anything happening. */
    void advanceTo(long nanos);

    @Override
    void close();
}
