package gpuspool.plan;

import java.util.Map;

/**
 * Whose turn it is among owners: that of whoever has had least, by what each is to have.
 *
 * @param seconds GPU-seconds that each has had, by uid; who is not in it has had none
 * @param weights what each is to have, by uid, above 0; who is not in it has 1
 */
public record FairShare(Map<Integer, Double> seconds, Map<Integer, Double> weights) {
    /**
     * Seconds that a job counts for on each of its GPUs from the moment it is chosen: of starts that come together each owner gets
     * some, though none of them has used anything yet.
     */
    public static final int AT_ONCE = 60;

    public FairShare {
        seconds = Map.copyOf(seconds);
        weights = Map.copyOf(weights);
    }

    /**
     * What an owner has had, by what is theirs to have; the lower goes first.
     *
     * @param chosen GPUs of jobs of theirs that were chosen since, a job without GPU counting as one
     */
    public double of(int owner, int chosen) {
        double used = seconds.getOrDefault(owner, 0.0) + (double) chosen * AT_ONCE;
        return used / weights.getOrDefault(owner, 1.0);
    }
}
