package gpuspool.foreground;

import gpuspool.posix.Become;
import java.io.IOException;

/** What is done when this process is asked to end while it waits: its place in the queue is given back, and then it ends as asked. */
final class GiveUp extends Thread {
    private static final String HANDLER = " handler";

    private final Request request;
    private final Teller teller;
    private boolean begun;
    private boolean over;

    GiveUp(Request request, Teller teller) {
        super("give-up");
        this.request = request;
        this.teller = teller;
    }

    /** From now on until {@link #isTooLate}. */
    void arm() {
        Runtime.getRuntime().addShutdownHook(this);
    }

    /** It waits no more; whether it had been asked to end before that. */
    synchronized boolean isTooLate() {
        over = true;
        return begun;
    }

    @Override
    public void run() {
        synchronized (this) {
            if (over) {
                return;
            }
            begun = true;
        }
        teller.done();
        try {
            if (!request.withdraw()) {
                request.stop();
            }
            teller.note(request.name() + " is given up");
            int signal = signal();
            if (signal > 0) {
                // Its shell is to see what ended it: a script that Ctrl-C is meant for then ends as well.
                Become.endBy(signal);
            }
        } catch (IOException e) {
            teller.note(request.name() + " could not be taken out of the queue: " + e.getMessage()
                    + "; its watcher does that, since its process is gone");
        }
    }

    /** Which signal this end is the answer to: Java names the thread after it. */
    private static int signal() {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            switch (thread.getName()) {
                case "SIGHUP" + HANDLER -> {
                    return 1;
                }
                case "SIGINT" + HANDLER -> {
                    return 2;
                }
                case "SIGTERM" + HANDLER -> {
                    return 15;
                }
                default -> {
                    // Another thread.
                }
            }
        }
        return 0;
    }
}
