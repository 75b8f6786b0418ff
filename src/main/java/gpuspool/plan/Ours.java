package gpuspool.plan;

import java.util.Map;
import java.util.Set;

/**
 * Which of the processes on a card are ours.
 *
 * @param holding ids of those that are there only to hold the card: they make no card busy
 * @param jobs of jobs, whichever cards these were given: id → the job's name
 */
public record Ours(Set<Integer> holding, Map<Integer, String> jobs) {
    public static final Ours NONE = new Ours(Set.of(), Map.of());
}
