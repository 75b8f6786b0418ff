package gpuspool.watch;

import gpuspool.gpu.GpuId;
import gpuspool.posix.ExitWatch;
import gpuspool.posix.LinuxProcesses;
import gpuspool.posix.Lock;
import gpuspool.posix.LockDirectory;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.DiskFs;
import gpuspool.spool.HostFiles;
import gpuspool.spool.Layout;
import gpuspool.spool.StatusFile;
import gpuspool.spool.Times;
import gpuspool.supervise.PosixLauncher;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The service: an {@link Engine} with real edges, the loop that runs it, and manners on leaving. */
public final class Watcher {
    private static final long LAST_FILINGS_SECONDS = 5;

    private final Setup setup;
    private final LockDirectory locks;
    private final String bootId;
    private final String version;
    private final Inbox inbox = new Inbox();
    private final CountDownLatch left = new CountDownLatch(1);
    private volatile boolean leaving;
    private volatile boolean stopping;

    public Watcher(Setup setup, LockDirectory locks, String bootId, String version) {
        this.setup = setup;
        this.locks = locks;
        this.bootId = bootId;
        this.version = version;
    }

    /**
     * Watches until it is told to leave; jobs that run then run on.
     *
     * @param once leave as soon as nothing is left to do
     */
    public void run(boolean once) throws IOException, AlreadyWatchedException, InterruptedException {
        try {
            watch(once);
        } finally {
            // Also when it never came in: whoever waits for us to leave must not wait for that.
            left.countDown();
        }
    }

    private void watch(boolean once) throws IOException, AlreadyWatchedException, InterruptedException {
        Lock door = WatcherDoor.enter(setup.spool(), locks);
        ExecutorService filer = Executors.newSingleThreadExecutor(work -> thread(work, "filer"));
        ExecutorService cleaner = Executors.newSingleThreadExecutor(work -> thread(work, "cleaner"));
        Expiry expiry = new Expiry(setup, new DiskFs(), Clocks.system(), cleaner, inbox);
        Layout places = setup.spool().places();
        try (ExitWatch exits = new ExitWatch(pid -> inbox.put(new Inbox.ProcessEnded(pid)));
                Hints hints = new Hints(places.incoming(), places.control(), places.settings(), inbox)) {
            // Registered before the first scan: a file that comes in between raises an event, or is there to be seen.
            hints.start();
            Edges edges = new Edges(
                    new DiskFs(),
                    locks,
                    new PosixLauncher(),
                    new LinuxProcesses(locks.path()),
                    exits::add,
                    Clocks.system(),
                    bootId,
                    filer);
            loop(new Engine(setup, edges, inbox), new HostFiles(places, setup.host(), new DiskFs()), expiry, once);
        } finally {
            expiry.leave();
            cleaner.shutdown();
            filer.shutdown();
            filer.awaitTermination(LAST_FILINGS_SECONDS, TimeUnit.SECONDS);
            door.close();
        }
    }

    private void loop(Engine engine, HostFiles files, Expiry expiry, boolean once)
            throws IOException, InterruptedException {
        Clocks clocks = Clocks.system();
        WaitingReport report = new WaitingReport(engine, files, clocks);
        introduce(files);
        setup.say("watching " + setup.spool().root() + " with "
                + (setup.cards().isEmpty() ? "no GPUs" : "GPU " + GpuId.labels(setup.cards())));
        engine.recover();
        while (!leaving) {
            long due = engine.turn();
            due = Math.min(due, report.update());
            due = Math.min(due, setup.attention().update(files, clocks.nanos()));
            due = Math.min(due, expiry.update());
            boolean allDone = once && engine.isDrained() && !expiry.isBusy();
            if (allDone || engine.isStopped() || engine.mayLeave()) {
                break;
            }
            inbox.await(Math.max(0, due - clocks.nanos()));
        }
        files.removeWatcher();
        if (engine.mayLeave()) {
            setup.say("leaving: control/drain lies there and no job of this host runs. To go on: gpuspool resume (or"
                    + " remove control/drain), then gpuspool watch");
        } else if (engine.jobs().running() > 0) {
            setup.say("leaving; " + engine.jobs().running() + (engine.jobs().running() == 1 ? " job runs" : " jobs run")
                    + " on and will be looked after by the next gpuspool watch");
        } else if (leaving || stopping) {
            setup.say("leaving; no job was running");
        }
    }

    private void introduce(HostFiles files) throws IOException {
        long pid = ProcessHandle.current().pid();
        StatusFile.Lines facts = new StatusFile.Lines().add("pid", pid);
        ProcFiles.startTicks(pid).ifPresent(ticks -> facts.add("pid_start", ticks));
        files.writeWatcher(facts.add("boot", ProcFiles.bootId())
                .add("since", Times.format(Instant.now()))
                .add("version", version)
                .add("lockdir", locks.path().toString())
                .add(
                        "devices",
                        String.join(" ", setup.cards().stream().map(GpuId::word).toList())));
    }

    /** Called from another thread: start nothing more and leave; what is half done is finished by the next watcher. */
    public void leave() {
        leaving = true;
        inbox.put(new Inbox.Wake());
    }

    /** Called from another thread: start nothing more, stop all running jobs, file them, and then leave. */
    public void stopJobs() {
        stopping = true;
        inbox.put(new Inbox.StopJobs());
    }

    /** Whether {@link #run} is through. */
    public boolean hasLeft() {
        return left.getCount() == 0;
    }

    /** Waits until {@link #run} is through; false when the time is over first. */
    public boolean awaitLeft(Duration most) throws InterruptedException {
        return left.await(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
