package gpuspool.job;

import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Of which sweep a job is a part. Written by the watcher that made the job's file, never by people.
 *
 * @param group id of the sweep's directory
 * @param number of the member, from 1
 * @param values of the parameters, in the order of the sweep
 */
public record Member(String group, int number, Map<String, String> values) {
    /** How the variables begin that tell a member its values. */
    static final String PREFIX = "GPUSPOOL_SWEEP_";

    static final String NUMBER = PREFIX + "NUMBER";
    private static final String GROUP = "GPUSPOOL_GROUP";

    /** A parameter of this name is told as such, too, as in the arrays of another program. */
    public static final String TASK = "SLURM_ARRAY_TASK_ID";

    private static final String ARRAY = "SLURM_ARRAY_JOB_ID";

    public Member {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** What its job finds in its environment. */
    public Map<String, String> environment() {
        Map<String, String> variables = new TreeMap<>();
        values.forEach((name, value) -> variables.put(SweepWords.variable(name), value));
        variables.put(NUMBER, Integer.toString(number));
        variables.put(GROUP, group);
        if (values.containsKey(TASK)) {
            variables.put(TASK, values.get(TASK));
            variables.put(ARRAY, group);
        }
        return variables;
    }

    /** What tells it from the others: its number; of an array the task's own. */
    String task() {
        return values.getOrDefault(TASK, Integer.toString(number));
    }

    /** What our own program wrote. */
    static Member read(Key key, Value value) {
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
                boolean fits = whole.number().compareTo(BigInteger.valueOf(Integer.MAX_VALUE)) <= 0;
                number = fits ? whole.number().intValue() : 0;
            } else if (entry.name().equals("values") && entry.value() instanceof Value.Table given) {
                given.entries().forEach(each -> values.put(each.name(), text(each)));
            } else {
                throw bad(entry.name());
            }
        }
        if (JobId.parse(group).isEmpty() || number < 1) {
            throw bad("group or number");
        }
        return new Member(group, number, values);
    }

    private static String text(Value.Entry entry) {
        if (!(entry.value() instanceof Value.Text text) || text.text().indexOf('\0') >= 0) {
            throw bad(entry.name());
        }
        return text.text();
    }

    private static BadValueException bad(String name) {
        return new BadValueException(
                "member is not as gpuspool writes it (" + Printable.quote(name) + ")",
                "remove it: a sweep makes its members by itself");
    }
}
