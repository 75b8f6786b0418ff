package gpuspool.watch;

import gpuspool.posix.Lock;
import gpuspool.posix.LockDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Looks whether the lock directory is as it was. A cleaner may empty it; a lock whose file has lost its name goes on being held and
 * keeps nobody out.
 */
final class LockGuard implements AutoCloseable {
    private static final String EMPTIED = "locks emptied";
    private static final String UNKNOWN = "locks unknown";
    private static final String TAKEN = "locks taken";
    private static final long AGAIN = Duration.ofSeconds(50).toNanos();

    private final Setup setup;
    private final LockDirectory locks;
    private Lock door;
    private long next;

    /** Takes the watcher lock. */
    LockGuard(Setup setup, LockDirectory locks, long now) throws IOException, AlreadyWatchedException {
        this.setup = setup;
        this.locks = locks;
        door = WatcherDoor.enter(setup.spool(), locks);
        next = now + AGAIN;
    }

    /**
     * Looks at the watcher lock, whose loss tells of all others; at the rest about once a minute, when there is something to do anyway.
     *
     * @throws AlreadyWatchedException when another watcher has taken our place
     */
    void look(Engine engine, long now) throws AlreadyWatchedException {
        try {
            boolean doorLost = !door.isNamed();
            if (doorLost || now - next >= 0) {
                next = now + AGAIN;
                LockDirectory.Mended mended = locks.mend();
                // The cards first: until they are locked by their names again, anybody may put a second job on them.
                List<String> taken = engine.holdCards();
                if (doorLost) {
                    enterAgain();
                }
                tell(mended, doorLost, taken, engine.jobs().running());
            }
            setup.attention().clear(UNKNOWN);
        } catch (IOException e) {
            next = now + AGAIN;
            setup.attention()
                    .set(
                            UNKNOWN,
                            "cannot look whether locks still hold: " + e.getMessage()
                                    + "; running jobs are not touched");
        }
    }

    private void enterAgain() throws IOException, AlreadyWatchedException {
        Lock old = door;
        try {
            door = WatcherDoor.enter(setup.spool(), locks);
        } catch (AlreadyWatchedException e) {
            setup.say("attention: " + locks.path()
                    + " was emptied, and another watcher has taken this one's place: leaving;"
                    + " running jobs run on and are looked after by the other");
            throw e;
        }
        old.close();
    }

    private void tell(LockDirectory.Mended mended, boolean doorLost, List<String> taken, int running) {
        Attention attention = setup.attention();
        if (mended == LockDirectory.Mended.ANOTHER_ID) {
            attention.set(
                    EMPTIED,
                    locks.path() + " was emptied and has another id now: jobs that were claimed before will need"
                            + " attention if this watcher is started anew before they end. Keep cleaners away from it");
        } else if (doorLost || mended != LockDirectory.Mended.NOTHING) {
            attention.set(
                    EMPTIED,
                    locks.path() + " was emptied while locks in it were held; they were taken again. Keep cleaners away"
                            + " from it");
        } else if (running == 0) {
            attention.clear(EMPTIED);
        }
        if (taken.isEmpty()) {
            attention.clear(TAKEN);
        } else {
            attention.set(
                    TAKEN,
                    String.join(", ", taken) + " was locked by somebody else when " + locks.path()
                            + " was emptied: two jobs may use it until one of them ends");
        }
    }

    @Override
    public void close() {
        door.close();
    }
}
