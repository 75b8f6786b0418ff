package gpuspool.watch;

import gpuspool.posix.ExitWatch;
import gpuspool.posix.LinuxProcesses;
import gpuspool.posix.LockDirectory;
import gpuspool.posix.Locks;
import gpuspool.posix.ProcFiles;
import gpuspool.posix.Processes;
import gpuspool.posix.Spawn;
import gpuspool.supervise.Launcher;
import gpuspool.supervise.PosixLauncher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** This machine: real locks, real children. Only waiting is cut short. */
final class RealWorld implements World {
    private static final long MOMENT_NANOS = 2_000_000;
    /** pid → the engines that asked to be told of its end. One watch serves all, as it takes a thread. */
    private static final Map<Integer, List<Inbox>> WATCHERS = new ConcurrentHashMap<>();

    private static final ExitWatch EXITS = exitWatch();

    private final LockDirectory locks;
    private final JumpingClock clock = new JumpingClock();
    /** Every child, by pid → start time. */
    private final Map<Integer, Long> children = new HashMap<>();

    RealWorld(Path lockDirectory) throws IOException {
        locks = LockDirectory.open(lockDirectory);
    }

    private static ExitWatch exitWatch() {
        try {
            return new ExitWatch(RealWorld::ended);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void ended(int pid) {
        List<Inbox> inboxes = WATCHERS.remove(pid);
        if (inboxes != null) {
            inboxes.forEach(inbox -> inbox.put(new Inbox.ProcessEnded(pid)));
        }
    }

    @Override
    public Locks locks() {
        return locks;
    }

    @Override
    public Launcher launcher() {
        PosixLauncher launcher = new PosixLauncher();
        return launch -> {
            int pid = launcher.launch(launch);
            OptionalLong ticks = ProcFiles.startTicks(pid);
            children.put(pid, ticks.orElse(0));
            return pid;
        };
    }

    @Override
    public Processes processes() {
        return new LinuxProcesses(locks.path());
    }

    @Override
    public Edges.Exits exits(Inbox inbox) {
        return pid -> {
            // In one step: the end of the process may be told of at this very moment.
            WATCHERS.compute(pid, (p, told) -> {
                List<Inbox> inboxes = told == null ? new CopyOnWriteArrayList<>() : told;
                inboxes.add(inbox);
                return inboxes;
            });
            EXITS.add(pid);
        };
    }

    @Override
    public Clocks clocks() {
        return clock;
    }

    boolean anyLives() {
        return children.entrySet().stream().anyMatch(child -> ProcFiles.isAlive(child.getKey(), child.getValue()));
    }

    @Override
    public boolean live(Inbox inbox) {
        // An end that is on its way to the engine counts: a busy machine may take its time to deliver it.
        boolean untold = WATCHERS.values().stream().anyMatch(inboxes -> inboxes.contains(inbox));
        boolean lives = untold || anyLives();
        try {
            inbox.await(lives ? MOMENT_NANOS : 1);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return lives;
    }

    @Override
    public void advanceTo(long nanos) {
        clock.advanceTo(nanos);
    }

    @Override
    public void close() {
        children.keySet().forEach(Spawn::reap);
    }
}
