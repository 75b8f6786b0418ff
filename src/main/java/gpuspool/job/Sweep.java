package gpuspool.job;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One job for each combination of values: its members, numbered from 1.
 *
 * @param axes the parameters in the order of the file; at least one, and none without a value
 * @param sample so many combinations, drawn at random, each at most once; empty: all of them, the last parameter fastest
 * @param seed what that is drawn by: the same one draws the same
 * @param maxParallel how many of its members may wait or run at once; empty: enough for all cards
 */
public record Sweep(List<Axis> axes, OptionalInt sample, long seed, OptionalInt maxParallel) {
    public Sweep {
        axes = List.copyOf(axes);
    }

    /** A parameter and its values. */
    public record Axis(String name, List<String> values) {
        public Axis {
            // A range is immutable as well, and takes no room.
            values = values instanceof NumberRange ? values : List.copyOf(values);
        }
    }

    /** How many combinations there are; empty: more than a {@code long} counts. */
    public Optional<Long> combinations() {
        try {
            return Optional.of(
                    axes.stream().mapToLong(axis -> axis.values().size()).reduce(1, Math::multiplyExact));
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** How many jobs it is; empty: more than a {@code long} counts. */
    public Optional<Long> members() {
        return combinations().map(all -> sample.isPresent() ? Math.min(all, sample.getAsInt()) : all);
    }
}
