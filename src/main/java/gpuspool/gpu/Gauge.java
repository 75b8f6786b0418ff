package gpuspool.gpu;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Asks a driver from a thread of its own, so that one that hangs holds up nobody. Every method returns at once; what comes of
 * asking is told to a listener, from that thread. It asks only when it is told to.
 */
public final class Gauge implements AutoCloseable {
    /** Waits for faults end so often, so that the driver can be let go of. */
    private static final Duration WAIT = Duration.ofSeconds(1);

    /** What the listener hears. */
    public sealed interface News {
        /** A look is through. {@code at}: monotonic time of its end; {@code took}: nanoseconds. */
        record Looked(Survey survey, long at, long took) implements News {}

        record Faulted(Backend.Fault fault) implements News {}
    }

    private final Supplier<Backend> finder;
    private volatile Consumer<News> listener;
    private final Object monitor = new Object();

    private Optional<Backend> backend = Optional.empty();
    private boolean asked;
    private boolean heeding;
    private boolean open = true;
    private boolean closed;
    private OptionalLong since = OptionalLong.empty();

    /**
     * @param finder finds the way to ask, again after each look that came to nothing; called from the thread
     * @param listener must return at once
     */
    public Gauge(Supplier<Backend> finder, Consumer<News> listener) {
        this.finder = finder;
        this.listener = listener;
    }

    /** From now on it is this one that is told. */
    public void tell(Consumer<News> other) {
        listener = other;
    }

    /** Starts the threads. */
    public Gauge start() {
        thread(this::look, "driver").start();
        thread(this::heed, "driver-faults").start();
        return this;
    }

    /** Asks for one look; none more while one is under way that nobody has waited for yet. */
    public void ask() {
        synchronized (monitor) {
            asked = open;
            monitor.notifyAll();
        }
    }

    /** Monotonic time at which the look began that is under way; empty when none is. */
    public OptionalLong askedSince() {
        synchronized (monitor) {
            return since;
        }
    }

    /** Whether faults are listened for; costs one wakeup a second while it is so. */
    public void heedFaults(boolean on) {
        synchronized (monitor) {
            heeding = on;
            monitor.notifyAll();
        }
    }

    /** Lets go of the driver, and asks nothing before {@link #takeUp}. A look under way is waited for by the thread alone. */
    public void letGo() {
        synchronized (monitor) {
            open = false;
            asked = false;
            monitor.notifyAll();
        }
    }

    public void takeUp() {
        synchronized (monitor) {
            open = true;
            monitor.notifyAll();
        }
    }

    @Override
    public void close() {
        synchronized (monitor) {
            closed = true;
            open = false;
            monitor.notifyAll();
        }
    }

    private void look() {
        try {
            while (awaitWork()) {
                lookOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        drop();
    }

    /** Whether there is something to look at; false when it is over. The driver is let go of on the way. */
    private boolean awaitWork() throws InterruptedException {
        while (true) {
            boolean toDrop;
            synchronized (monitor) {
                if (closed) {
                    return false;
                }
                if (asked) {
                    asked = false;
                    since = OptionalLong.of(System.nanoTime());
                    return true;
                }
                toDrop = !open && backend.isPresent();
                if (!toDrop) {
                    monitor.wait();
                }
            }
            if (toDrop) {
                drop();
            }
        }
    }

    private void lookOnce() {
        long began = System.nanoTime();
        Survey survey;
        try {
            survey = way().survey();
        } catch (RuntimeException | LinkageError e) {
            // Nobody would ever be told anything again if this thread ended.
            survey = new Survey.Silence("asking the driver went wrong: " + e);
        }
        if (survey instanceof Survey.Silence) {
            // A driver that was replaced or reloaded is found again only by a new beginning.
            drop();
        }
        long now = System.nanoTime();
        synchronized (monitor) {
            since = OptionalLong.empty();
        }
        listener.accept(new News.Looked(survey, now, now - began));
    }

    private Backend way() {
        synchronized (monitor) {
            if (backend.isPresent()) {
                return backend.get();
            }
        }
        Backend found = finder.get();
        synchronized (monitor) {
            backend = Optional.of(found);
            monitor.notifyAll();
        }
        return found;
    }

    private void drop() {
        Optional<Backend> old;
        synchronized (monitor) {
            old = backend;
            backend = Optional.empty();
        }
        old.ifPresent(Backend::close);
    }

    private void heed() {
        try {
            while (true) {
                Backend way;
                synchronized (monitor) {
                    while (!closed
                            && !(heeding
                                    && backend.filter(Backend::reportsFaults).isPresent())) {
                        monitor.wait();
                    }
                    if (closed) {
                        return;
                    }
                    way = backend.orElseThrow();
                }
                heedOnce(way);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void heedOnce(Backend way) throws InterruptedException {
        try {
            way.awaitFaults(WAIT).forEach(fault -> listener.accept(new News.Faulted(fault)));
        } catch (RuntimeException | LinkageError e) {
            // The next look meets the same trouble and tells of it; until then there is nothing to hear.
            Thread.sleep(WAIT.toMillis());
        }
    }

    private static Thread thread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
