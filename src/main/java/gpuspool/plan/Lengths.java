package gpuspool.plan;

import java.util.OptionalLong;

/** How long jobs have cards. */
final class Lengths {
    private Lengths() {}

    /** From its start, in nanoseconds, at most; empty: nobody knows. */
    static OptionalLong of(Placement.Request job) {
        return job.time().isPresent()
                ? OptionalLong.of(job.time().get().plus(job.grace()).toNanos())
                : OptionalLong.empty();
    }
}
