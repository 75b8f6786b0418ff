package gpuspool.bench;

import java.util.List;
import java.util.Locale;

/** One line of the result. */
record Row(String name, String ours, String reference, String ratio, String target, String verdict, String noise) {
    private static final String NONE = "-";

    /** Ours may take at most {@code most} times as long as the reference, the smaller of both by their medians. */
    static Row atMostTimes(String name, Series ours, Series reference, String unit, double most) {
        double ratio = ours.median() / reference.median();
        return new Row(
                name,
                number(ours.median()) + " " + unit,
                number(reference.median()) + " " + unit,
                number(ratio),
                "<= " + number(most),
                verdict(ratio, most),
                "ours " + ours.spread() + ", reference " + reference.spread() + "; ratio of p5 "
                        + number(ours.low() / reference.low()));
    }

    /** Ours must be at least {@code least} times as many as the reference. */
    static Row atLeastTimes(String name, Series ours, Series reference, String unit, double least) {
        double ratio = ours.median() / reference.median();
        return new Row(
                name,
                number(ours.median()) + " " + unit,
                number(reference.median()) + " " + unit,
                number(ratio),
                ">= " + number(least),
                verdict(least, ratio),
                "ours " + ours.spread() + ", reference " + reference.spread());
    }

    /** Ours must not be above a fixed limit. */
    static Row atMost(String name, double ours, double limit, String unit, String noise) {
        return new Row(
                name,
                number(ours) + " " + unit,
                NONE,
                NONE,
                "<= " + number(limit) + " " + unit,
                verdict(ours, limit),
                noise);
    }

    /** The same for a median, beside a reference that says how quick this machine is. */
    static Row atMostWith(String name, Series ours, Series reference, double limit, String unit) {
        return new Row(
                name,
                number(ours.median()) + " " + unit,
                number(reference.median()) + " " + unit,
                number(ours.median() / reference.median()),
                "<= " + number(limit) + " " + unit,
                verdict(ours.median(), limit),
                "ours " + ours.spread() + ", reference " + reference.spread());
    }

    /** A finding that has no target. */
    static Row note(String name, String finding) {
        return new Row(name, finding, NONE, NONE, NONE, NONE, "");
    }

    static Row skipped(String name, String why) {
        return new Row(name, NONE, NONE, NONE, NONE, "skipped: " + why, "");
    }

    private static String verdict(double is, double most) {
        return is <= most ? "met" : "missed by " + number(is / most) + "x";
    }

    static String number(double value) {
        String pattern = Math.abs(value) >= 100 ? "%.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, pattern, value);
    }

    static Row titles() {
        return new Row("measure", "ours", "reference", "ratio", "target", "verdict", "noise: p5 / median / p95 (n)");
    }

    String line() {
        List<String> cells = List.of(name, ours, reference, ratio, target, verdict);
        int[] widths = {46, 14, 14, 7, 12, 18};
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            text.append(String.format(Locale.ROOT, "%-" + widths[i] + "s ", cells.get(i)));
        }
        return text.append(noise).toString().stripTrailing();
    }
}
