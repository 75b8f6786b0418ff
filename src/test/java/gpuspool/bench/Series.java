package gpuspool.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Values of one kind, in the order they came. */
final class Series {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    void addAll(Series other) {
        values.addAll(other.values);
    }

    int size() {
        return values.size();
    }

    double min() {
        return at(0);
    }

    /** Nearly the least: of many values, the very least may be a slip of the stamps. */
    double low() {
        return at(0.05);
    }

    double median() {
        return at(0.5);
    }

    private double at(double share) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get((int) Math.round(share * (sorted.size() - 1)));
    }

    /** How noisy it was. */
    String spread() {
        return Row.number(low()) + " / " + Row.number(median()) + " / " + Row.number(at(0.95)) + " (" + values.size()
                + ")";
    }
}
