package gpuspool.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The values of each member of a sweep, found by its number alone: no list of them is ever made. */
final class Combinations {
    private final Sweep sweep;
    private final long all;
    private final boolean drawn;

    /** @throws IllegalArgumentException if there are more than can be counted */
    Combinations(Sweep sweep) {
        this.sweep = sweep;
        all = sweep.combinations().orElseThrow(() -> new IllegalArgumentException("too many combinations"));
        drawn = sweep.sample().isPresent() && sweep.sample().getAsInt() < all;
    }

    /**
     * The values of one member, in the order of the parameters.
     *
     * @param number from 1
     */
    Map<String, String> of(long number) {
        long rest = drawn ? new Permutation(all, sweep.seed()).at(number - 1) : number - 1;
        // As digits of a number whose every place has its own base; the last is the lowest.
        int[] digits = new int[sweep.axes().size()];
        for (int i = digits.length - 1; i >= 0; i--) {
            int base = sweep.axes().get(i).values().size();
            digits[i] = (int) (rest % base);
            rest /= base;
        }
        if (rest != 0 || number < 1) {
            throw new IllegalArgumentException("no combination " + number + " of " + all);
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < digits.length; i++) {
            Sweep.Axis axis = sweep.axes().get(i);
            values.put(axis.name(), axis.values().get(digits[i]));
        }
        return Collections.unmodifiableMap(values);
    }
}
