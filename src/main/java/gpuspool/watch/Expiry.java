package gpuspool.watch;

import gpuspool.job.Durations;
import gpuspool.spool.Cleaning;
import gpuspool.spool.Filed;
import gpuspool.spool.Fs;
import gpuspool.spool.Where;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The setting {@code keep}: records older than that are removed at the start and then every hour, on a thread of its own. Where it is
 * not set nothing is ever due.
 */
final class Expiry {
    private static final String TOPIC = "keep";
    private static final long HOUR = Duration.ofHours(1).toNanos();
    /** Looks and removals between two rests. */
    private static final int STRETCH = 100;

    private static final long LONGEST_REST = Duration.ofSeconds(1).toNanos();

    private final Setup setup;
    private final Fs fs;
    private final Clocks clocks;
    private final Executor cleaner;
    private final Inbox inbox;
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile boolean leaving;
    private Optional<Duration> known = Optional.empty();
    private long next;

    Expiry(Setup setup, Fs fs, Clocks clocks, Executor cleaner, Inbox inbox) {
        this.setup = setup;
        this.fs = fs;
        this.clocks = clocks;
        this.cleaner = cleaner;
        this.inbox = inbox;
    }

    /**
     * Sets the cleaner to work where it is time.
     *
     * @return when it will be time again; {@link Engine#NEVER} where nothing is to be removed
     */
    long update() {
        Optional<Duration> keep = setup.settings().keep();
        long now = clocks.nanos();
        if (!keep.equals(known)) {
            known = keep;
            setup.attention().clear(TOPIC);
            next = now;
        }
        if (keep.isEmpty()) {
            return Engine.NEVER;
        }
        if (now - next >= 0) {
            next = now + HOUR;
            if (busy.compareAndSet(false, true)) {
                cleaner.execute(() -> remove(keep.get()));
            }
        }
        return next;
    }

    /** Whether records are being removed; an event comes when that is over. */
    boolean isBusy() {
        return busy.get();
    }

    /** Called from another thread: stop before the next record. */
    void leave() {
        leaving = true;
    }

    private void remove(Duration keep) {
        Report report = new Report();
        try {
            Cleaning cleaning = new Cleaning(setup.spool().places(), fs, report, false);
            cleaning.removeOld(
                    List.of(Where.DONE, Where.FAILED),
                    keep,
                    0,
                    clocks.calendar().millis());
        } catch (IOException e) {
            report.failed(setup.spool().root().toString(), e);
        } finally {
            report.say(Durations.format(keep));
            busy.set(false);
            inbox.put(new Inbox.Wake());
        }
    }

    /** On the cleaner's thread. */
    private final class Report implements Cleaning.Listener {
        private long removed;
        private String firstFailure = "";
        private int stretch;
        private long since = System.nanoTime();

        @Override
        public void looked() {
            rest();
        }

        @Override
        public void deleted(long bytes) {
            rest();
        }

        @Override
        public void removed(Filed record, OptionalLong ended) {
            removed++;
        }

        @Override
        public void failed(String what, IOException why) {
            firstFailure = firstFailure.isEmpty() ? what + ": " + why.getMessage() : firstFailure;
        }

        @Override
        public boolean goOn() {
            return !leaving;
        }

        /** Rests as long as it has worked: jobs come first. */
        private void rest() {
            if (++stretch < STRETCH || leaving) {
                return;
            }
            try {
                TimeUnit.NANOSECONDS.sleep(Math.min(LONGEST_REST, System.nanoTime() - since));
            } catch (InterruptedException e) {
                leaving = true;
                Thread.currentThread().interrupt();
            }
            stretch = 0;
            since = System.nanoTime();
        }

        void say(String age) {
            if (removed > 0) {
                setup.say("removed " + removed + (removed == 1 ? " record" : " records") + " of jobs that ended " + age
                        + " ago or earlier (keep)");
            }
            if (!firstFailure.isEmpty()) {
                setup.attention()
                        .set(
                                TOPIC,
                                "old records cannot be removed: " + firstFailure
                                        + ". Next try in an hour (setting keep)");
            } else if (!leaving) {
                setup.attention().clear(TOPIC);
            }
        }
    }
}
