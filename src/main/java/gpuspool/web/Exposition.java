package gpuspool.web;

import java.util.Map;

/** Prometheus' text format, version 0.0.4: each metric with its help and type, then its samples. */
final class Exposition {
    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder text = new StringBuilder();
    private String metric = "";

    /** The samples that follow are of this metric. */
    Exposition gauge(String name, String help) {
        return begin(name, "gauge", help);
    }

    /** The same of one that only ever grows; its name ends in {@code _total}. */
    Exposition counter(String name, String help) {
        return begin(name, "counter", help);
    }

    private Exposition begin(String name, String type, String help) {
        metric = name;
        text.append("# HELP ")
                .append(name)
                .append(' ')
                .append(help.replace("\\", "\\\\").replace("\n", "\\n"))
                .append("\n# TYPE ")
                .append(name)
                .append(' ')
                .append(type)
                .append('\n');
        return this;
    }

    Exposition sample(Map<String, String> labels, double value) {
        text.append(metric);
        String separator = "{";
        for (Map.Entry<String, String> label : labels.entrySet()) {
            text.append(separator).append(label.getKey()).append("=\"");
            text.append(
                    label.getValue().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
            text.append('"');
            separator = ",";
        }
        text.append(labels.isEmpty() ? " " : "} ").append(number(value)).append('\n');
        return this;
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
