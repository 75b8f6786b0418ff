package gpuspool.watch;

import gpuspool.posix.LockDirectory;
import gpuspool.posix.MachineId;
import gpuspool.spool.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The service: one {@link Stay} at a spool after the other, as often as what lies at its place changes, and manners on leaving. */
public final class Watcher {
    /** A stay that was shorter came to nothing; the next try is put off. */
    private static final Duration SHORT = Duration.ofSeconds(10);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** What to work with at a spool that was just opened. */
    public interface Setups {
        Setup at(Spool spool) throws IOException;
    }

    private final Path named;
    private final Setup first;
    private final LockDirectory locks;
    private final String bootId;
    private final Introduction self;
    private final Search search;
    private final Inbox inbox = new Inbox();
    private final CountDownLatch left = new CountDownLatch(1);
    private volatile boolean leaving;
    private volatile boolean stopping;
    private boolean begun;

    /**
     * @param named the spool's root by the name the user gave, absolute: looked up again when what it leads to has changed
     * @param setups asked now, and whenever another spool is found there
     */
    public Watcher(Path named, Spool spool, Setups setups, LockDirectory locks, String bootId, String version)
            throws IOException {
        this.named = named;
        this.first = setups.at(spool);
        this.locks = locks;
        this.bootId = bootId;
        this.self = new Introduction(version, Instant.now(), MachineId.current());
        this.search = new Search(named, setups, first::say, inbox, () -> leaving || stopping);
    }

    /**
     * Watches until it is told to leave; jobs that run then run on.
     *
     * @param once leave as soon as nothing is left to do
     * @throws ReplacedException when a part of the program is not there any more
     */
    public void run(boolean once) throws IOException, AlreadyWatchedException, ReplacedException, InterruptedException {
        try {
            Optional<Setup> setup = Optional.of(first);
            Duration pause = Duration.ZERO;
            while (setup.isPresent()) {
                long began = System.nanoTime();
                Optional<String> lost = stay(setup.get(), once);
                if (lost.isEmpty()) {
                    return;
                }
                if (once) {
                    throw new IOException(lost.get() + "; what ran there runs on");
                }
                pause = System.nanoTime() - began < SHORT.toNanos() ? longer(pause) : Duration.ZERO;
                setup = search.spool(lost.get(), pause);
            }
            first.say("leaving; what ran in the spool that was here runs on");
        } catch (UnsatisfiedLinkError e) {
            // A function that the C library of this machine lacks, not a file that went.
            throw e;
        } catch (LinkageError e) {
            throw new ReplacedException(e);
        } finally {
            // Also when it never came in: whoever waits for us to leave must not wait for that.
            left.countDown();
        }
    }

    private static Duration longer(Duration pause) {
        Duration next = pause.isZero() ? Search.LOOK_AGAIN : pause.multipliedBy(2);
        return next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
    }

    /** What went wrong; empty when it was time to leave. */
    private Optional<String> stay(Setup setup, boolean once)
            throws IOException, AlreadyWatchedException, InterruptedException {
        var unused = inbox.drain();
        if (stopping) {
            inbox.put(new Inbox.StopJobs());
        }
        Stay stay = new Stay(named, setup, locks, bootId, inbox, () -> leaving);
        try {
            return stay.watch(self, once);
        } catch (IOException e) {
            // At its start a watcher says what is wrong and ends; later it stays, for the jobs that run.
            if (!begun && !stay.hasBegun()) {
                throw e;
            }
            return Optional.of(e.getMessage());
        } finally {
            begun |= stay.hasBegun();
        }
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
}
