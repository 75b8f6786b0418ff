package gpuspool.watch;

import gpuspool.spool.DiskFs;
import gpuspool.spool.Spool;
import gpuspool.spool.SpoolMaker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Waits for a spool where one was and no longer is as it was. */
final class Search {
    static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private static final String PLACE = "place";

    private final Path named;
    private final Watcher.Setups setups;
    private final Consumer<String> log;
    private final Trouble trouble;
    private final Inbox inbox;
    private final BooleanSupplier leaving;

    Search(Path named, Watcher.Setups setups, Consumer<String> log, Inbox inbox, BooleanSupplier leaving) {
        this.named = named;
        this.setups = setups;
        this.log = log;
        this.trouble = new Trouble(log);
        this.inbox = inbox;
        this.leaving = leaving;
    }

    /**
     * Waits until there is a spool; empty when it is time to leave.
     *
     * @param lost what is no longer as it was
     * @param pause how long to wait before the first look
     */
    Optional<Setup> spool(String lost, Duration pause) throws InterruptedException {
        log.accept(
                "attention: " + lost + ". The spool is looked at anew; until then nothing is started, and running jobs"
                        + " are not touched");
        rest(pause);
        for (boolean atOnce = pause.isZero(); !leaving.getAsBoolean(); atOnce = false) {
            try {
                Spool spool = Spool.open(named);
                // Whoever is taking it away may be half through: what is missing is not made again at once.
                if (!atOnce || SpoolMaker.missing(spool.places(), new DiskFs()).isEmpty()) {
                    Setup setup = setups.at(spool);
                    trouble.isOver(PLACE, named + " is a spool again");
                    return Optional.of(setup);
                }
            } catch (IOException e) {
                trouble.is(
                        PLACE,
                        "attention: " + e.getMessage()
                                + ", or put back the one that was there: it is looked for every second");
            }
            rest(LOOK_AGAIN);
        }
        return Optional.empty();
    }

    private void rest(Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0 && !leaving.getAsBoolean(); left = until - System.nanoTime()) {
            // What is told now is about a spool that is no longer watched.
            var unused = inbox.drain();
            inbox.await(left);
        }
    }
}
