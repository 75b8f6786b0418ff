package gpuspool.cli;

import gpuspool.view.Words;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The log of a watcher in the foreground. Lines are printed by a thread of their own: a terminal stopped by Ctrl-S, or a pipe that nobody
 * reads, must not keep jobs from starting. A reader that went away is no trouble either: a line that nobody reads is lost.
 */
final class ScreenLog implements EventLines {
    /** Lines kept for a reader that is slow; those beyond are counted. */
    static final int MOST_LINES = 10_000;

    private static final long LAST_WORDS_SECONDS = 1;

    private final PrintStream out;
    private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>(MOST_LINES);
    private final AtomicLong lost = new AtomicLong();

    ScreenLog(PrintStream out) {
        this.out = out;
        Thread printer = new Thread(this::print, "log");
        printer.setDaemon(true);
        printer.start();
    }

    @Override
    public void accept(String event) {
        if (!waiting.offer(() -> out.println(Words.line(event)))) {
            lost.incrementAndGet();
        }
    }

    private void print() {
        try {
            while (true) {
                waiting.take().run();
                long missing = waiting.isEmpty() ? lost.getAndSet(0) : 0;
                if (missing > 0) {
                    out.println("attention: " + Words.count(missing, "line") + " lost here: nobody read them in time");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until all is printed, for as long as a reader that is there may take. */
    void awaitPrinted() throws InterruptedException {
        CountDownLatch printed = new CountDownLatch(1);
        if (waiting.offer(printed::countDown)) {
            boolean unused = printed.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
        }
    }
}
