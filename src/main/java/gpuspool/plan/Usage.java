package gpuspool.plan;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How much GPU time each owner has had, in GPU-seconds of which older ones count less: each second counts half as much a day later, and
 * half of that after another day. Kept as one number for each owner, for all of them age alike.
 */
public final class Usage {
    /** After that long a second counts half. */
    public static final Duration HALF_LIFE = Duration.ofDays(1);

    private static final double MILLIS = 1000;
    /** Less than that is as good as none: whoever used nothing for some weeks is forgotten. */
    private static final double LEAST = 0.001;

    private final Map<Integer, Double> seconds = new HashMap<>();
    private long asOf = Long.MIN_VALUE;

    /**
     * What is left of it now.
     *
     * @param now milliseconds since 1970; what lies later is taken as of now
     * @return GPU-seconds, each weighed by its age
     */
    public static double of(Spent spent, long now) {
        long to = Math.min(spent.to(), now);
        long length = Math.max(0, spent.to() - spent.from());
        double end = left(now - to);
        // The integral of the decay over its time: a long job's first hours have faded more than its last.
        double ofOneCard = HALF_LIFE.toMillis() / MILLIS / Math.log(2) * end * (1 - left(length));
        return spent.gpus() * ofOneCard;
    }

    private static double left(long millis) {
        return Math.pow(2, -(double) millis / HALF_LIFE.toMillis());
    }

    /** Counts what was spent, once. */
    public void add(Spent spent, long now) {
        age(now);
        if (spent.gpus() > 0) {
            seconds.merge(spent.owner(), of(spent, Math.max(now, asOf)), Double::sum);
        }
    }

    /** What each owner has had until now, by uid; whoever is not in it has had nothing. */
    public Map<Integer, Double> at(long now) {
        age(now);
        return new HashMap<>(seconds);
    }

    /** A calendar that was set back lets nothing grow: it stays as it was until that time comes again. */
    private void age(long now) {
        if (now > asOf) {
            double left = left(asOf == Long.MIN_VALUE ? 0 : now - asOf);
            seconds.replaceAll((owner, used) -> used * left);
            seconds.values().removeIf(used -> used < LEAST);
            asOf = now;
        }
    }
}
