package gpuspool.job;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A job file with a sweep, of which its members' files are written: the same keys with the values in their places. */
public final class SweepFile {
    /** In these a name in braces stands for its value. */
    private static final Set<JobKey> FILLED =
            Set.of(JobKey.COMMAND, JobKey.ENV, JobKey.CWD, JobKey.OUTPUT, JobKey.ERROR);

    /** What the sweep itself has waited for, its members need not wait for again. */
    private static final Set<JobKey> ITS_OWN = Set.of(JobKey.SWEEP, JobKey.BEGIN, JobKey.AFTER, JobKey.AFTER_ANY);

    private final Map<JobKey, Value> keys;
    private final JobSpec spec;
    private final Combinations combinations;
    private final int members;

    /**
     * Of a file that is in order.
     *
     * @param keys all that it says, {@code command} included; in a script that is its whole text
     * @param spec the same, understood
     */
    SweepFile(Map<JobKey, Value> keys, JobSpec spec) {
        this.keys = keys;
        this.spec = spec;
        Sweep sweep = spec.sweep().orElseThrow();
        combinations = new Combinations(sweep);
        members = Math.toIntExact(sweep.members().orElseThrow());
    }

    /** What it asks for; of the values that change from member to member it has the names. */
    public JobSpec spec() {
        return spec;
    }

    /** How many there are. */
    public int members() {
        return members;
    }

    /**
     * One member's file, in TOML.
     *
     * @param group id of the sweep's directory
     * @param number of the member, from 1
     */
    public byte[] member(String group, int number) {
        Map<String, String> values = combinations.of(number);
        TomlText text = new TomlText().comment("member " + number + " of the sweep " + group + ", made by gpuspool");
        List<JobKey> tables = new ArrayList<>();
        keys.forEach((key, value) -> {
            if (value instanceof Value.Table) {
                tables.add(key);
            } else if (!ITS_OWN.contains(key)) {
                text.line(key.key(), filled(key, value, values));
            }
        });
        for (JobKey key : tables) {
            if (!ITS_OWN.contains(key)) {
                text.table(key.key());
                ((Value.Table) keys.get(key))
                        .entries()
                        .forEach(entry -> text.line(entry.name(), filled(key, entry.value(), values)));
            }
        }
        text.table(JobKey.MEMBER.key()).line("group", group).line("number", number);
        text.table(JobKey.MEMBER.key(), "values");
        values.forEach(text::line);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Value filled(JobKey key, Value value, Map<String, String> values) {
        if (!FILLED.contains(key)) {
            return value;
        }
        if (value instanceof Value.Array array) {
            List<Value> elements = array.elements().stream()
                    .map(element -> filled(key, element, values))
                    .toList();
            return new Value.Array(elements, value.at());
        }
        return value instanceof Value.Text text
                ? new Value.Text(Placeholders.fill(text.text(), values), value.at())
                : value;
    }
}
