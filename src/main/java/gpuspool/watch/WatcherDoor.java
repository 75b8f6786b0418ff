package gpuspool.watch;

import gpuspool.posix.Lock;
import gpuspool.posix.LockDirectory;
import gpuspool.spool.LockNames;
import gpuspool.spool.Spool;
import java.io.IOException;
import java.util.Optional;

/** Lets one watcher in per spool and host: for quiet logs, not for safety. */
final class WatcherDoor {
    private WatcherDoor() {}

    /**
     * Takes the watcher lock and writes our process id into it.
     *
     * @throws AlreadyWatchedException naming the process that holds it
     */
    static Lock enter(Spool spool, LockDirectory locks) throws IOException, AlreadyWatchedException {
        String name = LockNames.watcher(spool.id());
        Optional<Lock> lock = locks.tryLock(name);
        if (lock.isEmpty()) {
            throw new AlreadyWatchedException(spool.root() + " is already watched on this host by process "
                    + locks.note(name) + ". One watcher serves all jobs of a spool; stop that one first (kill "
                    + locks.note(name) + ": running jobs run on), or use another spool");
        }
        locks.note(name, Long.toString(ProcessHandle.current().pid()));
        return lock.get();
    }
}
