package gpuspool.job;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** From tables as written to sweeps and their members. */
final class SweepWords {
    private SweepWords() {}

    /** Empty after a parameter was noted as a problem. */
    static Optional<Sweep> sweep(Key key, Value value, Problems problems) {
        problems.add(value.at(), '"' + key.key() + "\" is not available in this version", "remove it");
        return Optional.empty();
    }

    /** What our own program wrote. */
    static Member member(Key key, Value value) {
        if (!(value instanceof Value.Table table)) {
            throw Values.wrongKind(key, value);
        }
        Map<String, String> values = new LinkedHashMap<>();
        String group = "";
        int number = 0;
        for (Value.Entry entry : table.entries()) {
            if (entry.name().equals("group") && entry.value() instanceof Value.Text text) {
                group = text.text();
            } else if (entry.name().equals("number") && entry.value() instanceof Value.Whole whole) {
                number = whole.number().intValue();
            } else if (entry.name().equals("values") && entry.value() instanceof Value.Table given) {
                given.entries().forEach(each -> values.put(each.name(), ((Value.Text) each.value()).text()));
            }
        }
        return new Member(group, number, values);
    }
}
