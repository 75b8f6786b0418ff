package gpuspool.web;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends what takes too long by an interrupt: it closes the connection that a thread is blocked on, and nothing else does. */
final class Deadlines implements AutoCloseable {
    private static final long IDLE_SECONDS = 10;

    private final ScheduledThreadPoolExecutor clock;

    Deadlines() {
        clock = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "web-deadlines");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        clock.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        clock.allowCoreThreadTimeOut(true);
    }

    /** For what this thread does until the deadline is closed. */
    Deadline start(Duration most) {
        return new Deadline(Thread.currentThread(), most);
    }

    /** Runs something once, later. */
    ScheduledFuture<?> later(Duration delay, Runnable task) {
        return clock.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    /** A limit that begins anew whenever there is progress. */
    final class Deadline implements AutoCloseable {
        private final Thread worker;
        private final long mostNanos;
        private long last = System.nanoTime();
        private boolean over;
        private ScheduledFuture<?> look;

        private Deadline(Thread worker, Duration most) {
            this.worker = worker;
            mostNanos = most.toNanos();
            schedule(mostNanos);
        }

        synchronized void renew() {
            last = System.nanoTime();
        }

        /** From now on it may take as long as it likes. */
        synchronized void lift() {
            over = true;
            look.cancel(false);
        }

        private synchronized void schedule(long nanos) {
            look = clock.schedule(this::look, nanos, TimeUnit.NANOSECONDS);
        }

        private synchronized void look() {
            long left = mostNanos - (System.nanoTime() - last);
            if (over) {
                return;
            }
            if (left > 0) {
                schedule(left);
            } else {
                over = true;
                worker.interrupt();
            }
        }

        /** The interrupt must not reach what the thread does next. */
        @Override
        public synchronized void close() {
            over = true;
            look.cancel(false);
            Thread.interrupted();
        }
    }
}
