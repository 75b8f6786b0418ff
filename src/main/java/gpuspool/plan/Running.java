package gpuspool.plan;

import gpuspool.gpu.GpuId;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A job that runs.
 *
 * @param name how people call it
 * @param owner uid of the owner of its file
 * @param cards those it has; none for a job without GPU
 * @param end monotonic time, nanoseconds, at which it has ended at the latest; empty: nobody knows
 * @param since when it was started, for people; empty where that is not known
 */
public record Running(String name, int owner, Set<GpuId> cards, OptionalLong end, Optional<Instant> since) {
    public Running {
        cards = Set.copyOf(cards);
    }
}
