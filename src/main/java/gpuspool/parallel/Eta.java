package gpuspool.parallel;

import gpuspool.job.Durations;
import java.time.Duration;
import java.util.Optional;

/** How far it has come and how long it may take, in a few words. */
final class Eta {
    private Eta() {}

    /**
     * How long what is left may take, at the pace so far; empty while that cannot be known.
     *
     * @param spent since the first start
     */
    static Optional<Duration> left(Tally tally, Duration spent) {
        if (tally.total().isEmpty() || tally.ended() == 0) {
            return Optional.empty();
        }
        long left = tally.total().getAsLong() - tally.skipped() - tally.ended();
        return Optional.of(Duration.ofMillis(Math.round((double) spent.toMillis() * left / tally.ended())));
    }

    static String words(Tally tally, Duration spent) {
        StringBuilder words = new StringBuilder();
        words.append(tally.ended());
        tally.total().ifPresent(total -> words.append(" of ").append(total - tally.skipped()));
        words.append(" done");
        if (tally.failed() > 0) {
            words.append(", ").append(tally.failed()).append(" failed");
        }
        words.append(", ").append(tally.running()).append(tally.running() == 1 ? " runs" : " run");
        left(tally, spent).ifPresent(left -> words.append(", ETA ").append(Durations.format(left)));
        return words.toString();
    }
}
