package gpuspool.gpu.nvml;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Keeps the library from being shut down, and unloaded, under a thread that is in it. */
final class Gate {
    private int inside;
    private boolean closed;

    /** Whether one may go in; if so, {@link #leave} has to follow. */
    synchronized boolean enter() {
        if (!closed) {
            inside++;
        }
        return !closed;
    }

    synchronized void leave() {
        inside--;
        notifyAll();
    }

    /** Sleeps, though not on once it is closed. */
    synchronized void rest(Duration most) throws InterruptedException {
        long until = System.nanoTime() + most.toNanos();
        for (long left = most.toNanos(); left > 0 && !closed; left = until - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Lets nobody in any more, and waits for those that are; false if it was closed before. */
    synchronized boolean close() {
        boolean first = !closed;
        closed = true;
        notifyAll();
        boolean interrupted = false;
        while (first && inside > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                // Going on now would pull the library from under a thread.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return first;
    }
}
