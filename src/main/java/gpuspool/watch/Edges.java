package gpuspool.watch;

import gpuspool.posix.Locks;
import gpuspool.posix.Processes;
import gpuspool.spool.Fs;
import gpuspool.supervise.Launcher;
import java.io.IOException;
import java.util.concurrent.Executor;

/**
 * Everything by which a watcher touches the world. What it decides depends on nothing else, so a test can stop it, lie to it and
 * replay it by standing in for one of these.
 *
 * @param exits asked to tell the engine when a process ends
 * @param bootId the kernel's id of this boot
 * @param filer runs the slow fsyncs of filing and writes the record, one after the other, so that they never delay the next start
 */
public record Edges(
        Fs fs,
        Locks locks,
        Launcher launcher,
        Processes processes,
        Exits exits,
        Clocks clocks,
        String bootId,
        Executor filer) {

    /** Notices the end of processes. */
    public interface Exits {
        /** From now on the engine is told of this process's end; at once, where it is gone already. */
        void watch(int pid) throws IOException;
    }
}
