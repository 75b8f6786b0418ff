package gpuspool.spool;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One run of a job as the record tells of it once it has ended; of one that still runs, what is known so far. All texts are escaped.
 *
 * @param host the last part of the id
 * @param queued milliseconds since 1970, like all times here
 * @param started when it was started; empty: it never ran, or nobody knows
 * @param ended empty while it runs
 * @param elapsed milliseconds from its start to its end
 * @param gpus the words of its cards
 * @param command cut where it is very long
 * @param ending the word of its ending; empty while it runs
 * @param memory bytes of each of its cards that it was promised, to share it; empty: whole cards
 * @param utilisation percent, the mean over its time and its cards
 * @param peak the most bytes that it had of one card
 * @param total how many that card has
 */
public record RecordedRun(
        String id,
        String job,
        String host,
        OptionalInt owner,
        OptionalLong queued,
        OptionalLong started,
        OptionalLong ended,
        OptionalLong elapsed,
        List<String> gpus,
        String command,
        String ending,
        OptionalInt exit,
        boolean done,
        String reason,
        String waitedFor,
        OptionalLong memory,
        OptionalInt utilisation,
        OptionalLong peak,
        OptionalLong total) {

    /** When it began to run, as far as its length tells, which no change of the calendar touches; empty: it never ran. */
    public OptionalLong begin() {
        return ended.isPresent() && elapsed.isPresent()
                ? OptionalLong.of(ended.getAsLong() - elapsed.getAsLong())
                : started;
    }

    /** Milliseconds for which it waited in the queue; never negative; empty where it never started. */
    public OptionalLong waited() {
        return queued.isPresent() && started.isPresent()
                ? OptionalLong.of(Math.max(0, started.getAsLong() - queued.getAsLong()))
                : OptionalLong.empty();
    }
}
