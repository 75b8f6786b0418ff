package gpuspool.watch;

import gpuspool.gpu.Inventory;
import gpuspool.posix.ExitWatch;
import gpuspool.posix.LinuxProcesses;
import gpuspool.posix.LockDirectory;
import gpuspool.spool.DiskFs;
import gpuspool.spool.Fs;
import gpuspool.spool.HostFiles;
import gpuspool.spool.Layout;
import gpuspool.spool.SpoolMaker;
import gpuspool.supervise.PosixLauncher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A watcher at one spool, from its first look until it leaves or the spool is no longer the one it came to. */
final class Stay {
    private static final long LAST_FILINGS_SECONDS = 5;

    private final Path named;
    private final Setup setup;
    private final LockDirectory locks;
    private final String bootId;
    private final Inbox inbox;
    private final BooleanSupplier leaving;
    private boolean begun;

    /**
     * @param named the root by the name the user gave
     * @param leaving asked before every turn
     */
    Stay(Path named, Setup setup, LockDirectory locks, String bootId, Inbox inbox, BooleanSupplier leaving) {
        this.named = named;
        this.setup = setup;
        this.locks = locks;
        this.bootId = bootId;
        this.inbox = inbox;
        this.leaving = leaving;
    }

    /**
     * Watches.
     *
     * @param self what to tell in {@code hosts/<host>/watcher}
     * @param once leave as soon as nothing is left to do
     * @return what of the spool is no longer as it was; empty when it was time to leave
     */
    Optional<String> watch(Introduction self, boolean once)
            throws IOException, AlreadyWatchedException, InterruptedException {
        Layout places = setup.spool().places();
        Clocks clocks = Clocks.system();
        LockGuard guard = new LockGuard(setup, locks, clocks.nanos());
        ExecutorService filer = Executors.newSingleThreadExecutor(work -> thread(work, "filer"));
        ExecutorService cleaner = Executors.newSingleThreadExecutor(work -> thread(work, "cleaner"));
        Expiry expiry = new Expiry(setup, new DiskFs(), clocks, cleaner, inbox);
        // Their threads are made now: later there may be no room for one more.
        filer.execute(() -> {});
        cleaner.execute(() -> {});
        Optional<Engine> engine = Optional.empty();
        try (ExitWatch exits = new ExitWatch(pid -> inbox.put(new Inbox.ProcessEnded(pid)));
                Footing footing = stand(places, clocks);
                Hints hints = hints(places, footing)) {
            // Registered before the first scan: a file that comes in between raises an event, or is there to be seen.
            hints.start();
            Edges edges = new Edges(
                    new DiskFs(),
                    locks,
                    new PosixLauncher(),
                    new LinuxProcesses(locks.path()),
                    exits::add,
                    clocks,
                    bootId,
                    filer);
            setup.cards().gauge().ifPresent(gauge -> gauge.tell(news -> inbox.put(new Inbox.OfCards(news))));
            engine = Optional.of(new Engine(setup, edges, inbox));
            try {
                OtherNames names = new OtherNames(setup, bootId, self.machine());
                names.look(clocks.nanos());
                self.write(setup, setup.cards().inventory(), locks);
                return loop(engine.get(), self, footing, guard, expiry, names, once);
            } finally {
                takeNameOff(footing.root(), edges.fs());
            }
        } finally {
            expiry.leave();
            cleaner.shutdown();
            filer.shutdown();
            boolean filed = filer.awaitTermination(LAST_FILINGS_SECONDS, TimeUnit.SECONDS) && cleaner.isTerminated();
            while (!filed && !leaving.getAsBoolean()) {
                // They go on with what lies there: nobody else may judge it before.
                filed = filer.awaitTermination(LAST_FILINGS_SECONDS, TimeUnit.SECONDS)
                        && cleaner.awaitTermination(LAST_FILINGS_SECONDS, TimeUnit.SECONDS);
            }
            if (filed) {
                engine.ifPresent(Engine::release);
            }
            guard.close();
        }
    }

    /** By the way that goes on leading there: it may have been renamed, and its readers should not think it watched. */
    private void takeNameOff(Path root, Fs fs) {
        try {
            HostFiles.removeWatcher(root, setup.host(), ProcessHandle.current().pid(), fs);
        } catch (IOException e) {
            setup.say("attention: cannot remove hosts/" + setup.host() + "/watcher: " + e.getMessage()
                    + ". Until it can be, this watcher is still shown there");
        }
    }

    private Hints hints(Layout places, Footing footing) throws IOException {
        Runnable suspicion = () -> {
            footing.suspect();
            inbox.put(new Inbox.Wake());
        };
        return new Hints(places.incoming(), places.control(), places.settings(), suspicion, inbox);
    }

    private Footing stand(Layout places, Clocks clocks) throws IOException {
        for (Path made : SpoolMaker.mend(places, new DiskFs())) {
            setup.say("made " + made + " again: it was missing");
        }
        return Footing.on(named, places, clocks.nanos());
    }

    private Optional<String> loop(
            Engine engine,
            Introduction self,
            Footing footing,
            LockGuard guard,
            Expiry expiry,
            OtherNames names,
            boolean once)
            throws IOException, AlreadyWatchedException, InterruptedException {
        Clocks clocks = Clocks.system();
        HostFiles files = new HostFiles(setup.spool().places(), setup.host(), new DiskFs());
        WaitingReport report = new WaitingReport(engine, files, clocks);
        CardReport cardReport = new CardReport(engine, files, clocks);
        setup.say("watching " + setup.spool().root() + " with " + engine.cards());
        begun = true;
        Inventory told = engine.inventory();
        engine.recover();
        if (!once) {
            boolean driven = setup.cards().gauge().isPresent();
            thread(() -> Preload.run(driven), "preload").start();
        }
        while (!leaving.getAsBoolean()) {
            Optional<String> lost = footing.lost(clocks.nanos());
            if (lost.isPresent()) {
                return lost;
            }
            guard.look(engine, clocks.nanos());
            long due = engine.turn();
            if (!engine.inventory().equals(told)) {
                told = engine.inventory();
                self.write(setup, told, locks);
            }
            due = Math.min(due, report.update());
            due = Math.min(due, cardReport.update());
            due = Math.min(due, setup.attention().update(files, clocks.nanos()));
            due = Math.min(due, expiry.update());
            names.look(clocks.nanos());
            boolean allDone = once && engine.isDrained() && !expiry.isBusy();
            if (allDone || engine.isStopped() || engine.mayLeave()) {
                break;
            }
            inbox.await(Math.max(0, due - clocks.nanos()));
        }
        engine.leave();
        sayGoodbye(engine);
        return Optional.empty();
    }

    private void sayGoodbye(Engine engine) {
        int running = engine.jobs().running();
        if (engine.mayLeave()) {
            setup.say("leaving: control/drain lies there and no job of this host runs. To go on: gpuspool resume (or"
                    + " remove control/drain), then gpuspool watch");
        } else if (running > 0) {
            setup.say("leaving; " + running + (running == 1 ? " job runs" : " jobs run")
                    + " on and will be looked after by the next gpuspool watch");
        } else if (leaving.getAsBoolean() || engine.isStopped()) {
            setup.say("leaving; no job was running");
        }
    }

    /** Whether it came as far as to watch. */
    boolean hasBegun() {
        return begun;
    }

    private static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
