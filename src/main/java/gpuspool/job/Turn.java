package gpuspool.job;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When a job's turn comes.
 *
 * @param priority higher goes first, -1000 to 1000
 * @param begin not before then; empty: at once
 * @param after jobs that must have succeeded before
 * @param afterAny jobs that must have ended before, however they ended
 * @param hosts names of hosts of which one is to run it; empty: any
 */
public record Turn(
        int priority, Optional<Begin> begin, List<Mention> after, List<Mention> afterAny, List<String> hosts) {
    /** Whoever asks for nothing. */
    public static final Turn COMMON = new Turn(0, Optional.empty(), List.of(), List.of(), List.of());

    /** The highest priority, and less its sign the lowest. */
    public static final int HIGHEST_PRIORITY = 1000;

    public Turn {
        after = List.copyOf(after);
        afterAny = List.copyOf(afterAny);
        hosts = List.copyOf(hosts);
    }

    /** Whether it waits for other jobs. */
    public boolean isAfterOthers() {
        return !after.isEmpty() || !afterAny.isEmpty();
    }

    /** All jobs that it waits for. */
    public List<Mention> mentions() {
        return Stream.concat(after.stream(), afterAny.stream()).toList();
    }
}
