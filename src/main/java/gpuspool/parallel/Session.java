package gpuspool.parallel;

import gpuspool.job.JobId;
import gpuspool.posix.LockDirectory;
import gpuspool.posix.SignalNews;
import gpuspool.spool.Fs;
import gpuspool.spool.ScratchSpool;
import gpuspool.spool.Spool;
import gpuspool.watch.AlreadyWatchedException;
import gpuspool.watch.JobNews;
import gpuspool.watch.ReplacedException;
import gpuspool.watch.Watcher;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** One call of {@code gpuspool parallel}: from the commands to the status it ends with. */
public final class Session {
    private static final Duration LAST_STEP = Duration.ofSeconds(5);

    private final Order order;
    private final Tasks tasks;
    private final Screen screen;
    private final Fs fs;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    /** Also asked by the threads of a watcher. */
    private volatile Optional<Printer> printer = Optional.empty();

    public Session(Order order, Tasks tasks, Screen screen, Fs fs) {
        this.order = order;
        this.tasks = tasks;
        this.screen = screen;
        this.fs = fs;
    }

    /** Makes a watcher that tells of jobs. */
    public interface WatcherMaker {
        Watcher make(JobNews news) throws IOException;
    }

    /** A job that starts or ends, told by a watcher in this process. */
    private record News(BlockingQueue<Event> events) implements JobNews {
        @Override
        public void started(JobId id, String cards, Instant at) {
            events.add(new Event.Started(id, cards, at));
        }

        @Override
        public void filed(Filed job) {
            events.add(new Event.Ended(job.id(), job.done(), new Result(job.ending(), job.code(), job.ran())));
        }
    }

    /** Prints the commands, one a line, and runs none. */
    public void print() throws IOException {
        for (Optional<Task> task = tasks.next(); task.isPresent(); task = tasks.next()) {
            screen.out().write(Raw.bytes(task.get().command() + "\n"));
        }
        screen.out().flush();
    }

    /** One line of what the watcher in this process has to say. */
    public void say(String line) {
        printer.ifPresentOrElse(there -> there.say(line), () -> screen.say(line));
    }

    /**
     * Runs them in a spool of our own, with a watcher of our own; when all have succeeded nothing is left of it.
     *
     * @param host this host's name in ids
     * @param atOnce how many may run at once
     * @param ahead how many more wait in the queue
     * @param locks where the watcher has its locks
     */
    public int run(ScratchSpool spool, String host, int atOnce, int ahead, LockDirectory locks, WatcherMaker maker)
            throws IOException, InterruptedException {
        Optional<Watcher> watcher = Optional.empty();
        Conductor.Outcome outcome;
        try {
            watcher = Optional.of(maker.make(new News(events)));
            start(watcher.get());
            Desk desk = new Desk(spool.spool().places(), host, fs, stem -> {}, stem -> {});
            outcome = conduct(desk, new OwnShelf(spool, order.results()), atOnce, ahead);
        } catch (IOException e) {
            // Such as a joblog that cannot be written: no command was queued yet, so nothing is lost with the spool.
            if (watcher.isEmpty() || left(watcher.get())) {
                remove(spool, locks);
            }
            throw e;
        }
        boolean left = left(watcher.get());
        if (outcome.clean() && left) {
            remove(spool, locks);
        } else {
            screen.say("what is left of it lies in " + spool.home() + " (its spool: "
                    + spool.home().resolve("spool")
                    + "); when you are done: rm -r " + spool.home() + " "
                    + spool.spool().root());
        }
        return outcome.status();
    }

    private void start(Watcher watcher) {
        Thread thread = new Thread(() -> watch(watcher), "watcher");
        thread.setDaemon(true);
        thread.start();
    }

    /** Has it leave; false where it takes too long. */
    private static boolean left(Watcher watcher) throws InterruptedException {
        watcher.leave();
        return watcher.awaitLeft(LAST_STEP);
    }

    private static void remove(ScratchSpool spool, LockDirectory locks) throws IOException {
        spool.remove();
        locks.forget(spool.spool().id());
    }

    /** Runs them in a spool that others use too, by whatever watchers it has. */
    public int run(Spool spool, String host, int atOnce, int ahead) throws IOException, InterruptedException {
        SpoolFollower follower = new SpoolFollower(spool.places(), fs, events::add, this::say);
        follower.start();
        Desk desk = new Desk(spool.places(), host, fs, follower::follow, follower::leave);
        return conduct(desk, new SpoolShelf(spool.places()), atOnce, ahead).status();
    }

    private void watch(Watcher watcher) {
        String why = "the watcher has ended unexpectedly";
        try {
            watcher.run(false);
            why = "the watcher has left";
        } catch (IOException | AlreadyWatchedException | ReplacedException e) {
            why = e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // Whatever it died of: nobody else would say so, and the end of its jobs would be waited for in vain.
            events.add(new Event.WatcherLeft(why));
        }
    }

    private Conductor.Outcome conduct(Desk desk, Shelf shelf, int atOnce, int ahead)
            throws IOException, InterruptedException {
        Optional<JobLog> log = order.log(fs);
        // A watcher starts what is queued before it is known here how the last one ended.
        int queued = order.halt().isNever() ? ahead : 0;
        Work work = new Work(atOnce, queued, order.tries(), order.halt(), order.skip(log), log, order.quiet());
        if (log.isPresent()) {
            log.get().begin(order.resume() || order.resumeFailed());
        }
        Printer shown = new Printer(screen, shelf, order.output(), order.keepOrder());
        printer = Optional.of(shown);
        listen();
        ReadAhead input = new ReadAhead(() -> events.add(new Event.Input()));
        input.start(tasks);
        Conductor conductor = new Conductor(
                work, desk, shelf, new JobText(order.keys(), order.cwd()), input, shown, screen.pace(), events);
        Conductor.Outcome outcome = conductor.run();
        shown.finish();
        printer = Optional.empty();
        return shown.hasLost() ? new Conductor.Outcome(outcome.status(), false) : outcome;
    }

    private void listen() throws IOException {
        SignalNews.listen("INT", () -> events.add(new Event.Interrupt("Ctrl-C", true)));
        SignalNews.listen("TERM", () -> events.add(new Event.Interrupt("SIGTERM", true)));
        // Its terminal is gone: nobody is there to say it twice.
        SignalNews.listen("HUP", () -> events.add(new Event.Interrupt("SIGHUP", false)));
    }
}
