package gpuspool.job;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One job for each combination of values.
 *
 * @param axes the parameters in the order of the file; at least one, and none without a value
 * @param sample so many combinations, drawn at random; empty: all of them
 * @param seed what that is drawn by
 * @param maxParallel how many of its members may be out of the group at once; empty: as many as there are cards
 */
public record Sweep(List<Axis> axes, OptionalInt sample, long seed, OptionalInt maxParallel) {
    public Sweep {
        axes = List.copyOf(axes);
    }

    /** A parameter and its values. */
    public record Axis(String name, List<String> values) {
        public Axis {
            values = List.copyOf(values);
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
}
