package gpuspool.job;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** From a table {@code sweep} as written to a sweep. */
final class SweepWords {
    static final String SAMPLE = "sample";
    static final String SAMPLE_SEED = "sample_seed";
    static final String MAX_PARALLEL = "max_parallel";

    /** Keys of the table that are no parameters. */
    static final List<String> RESERVED = List.of(SAMPLE, SAMPLE_SEED, MAX_PARALLEL);

    private static final String ALLOWED = "write a list, such as [0.1, 0.01], or a range, such as \"1..5\"";
    private static final int MOST_PARALLEL = 1_000_000;
    private static final int LONGEST_NAME = 64;
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final Problems problems;
    private final List<Sweep.Axis> axes = new ArrayList<>();
    /** Names as their variables have them, and as they are written. */
    private final Map<String, String> variables = new HashMap<>();

    private OptionalInt sample = OptionalInt.empty();
    private long seed;
    private OptionalInt maxParallel = OptionalInt.empty();
    private boolean sound = true;

    private SweepWords(Problems problems) {
        this.problems = problems;
    }

    /**
     * The sweep.
     *
     * @param most jobs that it may be
     * @return empty after something was noted as a problem
     */
    static Optional<Sweep> sweep(Key key, Value value, int most, Problems problems) {
        if (!(value instanceof Value.Table table)) {
            throw Values.wrongKind(key, value);
        }
        SweepWords words = new SweepWords(problems);
        for (Value.Entry entry : table.entries()) {
            try {
                words.take(entry);
            } catch (BadValueException bad) {
                words.sound = false;
                problems.add(entry.value().at(), bad);
            }
        }
        if (!words.sound) {
            return Optional.empty();
        }
        if (words.axes.isEmpty()) {
            throw new BadValueException("sweep has no parameter", Values.write(key));
        }
        Sweep sweep = new Sweep(words.axes, words.sample, words.seed, words.maxParallel);
        checkSize(sweep, most);
        return Optional.of(sweep);
    }

    private static void checkSize(Sweep sweep, int most) {
        Optional<Long> members = sweep.members();
        if (members.isEmpty() || members.get() > most) {
            String many = members.map(String::valueOf).orElse("more than " + Long.MAX_VALUE);
            throw new BadValueException(
                    "sweep is " + many + " jobs; at most " + most + " are allowed (max_sweep)",
                    members.isEmpty() || sweep.sample().isPresent()
                            ? "ask for fewer"
                            : "shorten a list, or write sample = " + Math.min(100, most) + " for so many at random");
        }
    }

    private void take(Value.Entry entry) {
        switch (entry.name()) {
            case SAMPLE -> sample = OptionalInt.of((int) whole(entry, 1, Integer.MAX_VALUE));
            case SAMPLE_SEED -> seed = whole(entry, Long.MIN_VALUE, Long.MAX_VALUE);
            case MAX_PARALLEL -> maxParallel = OptionalInt.of((int) whole(entry, 1, MOST_PARALLEL));
            default -> {
                checkName(entry.name());
                values(entry).ifPresent(values -> axes.add(new Sweep.Axis(entry.name(), values)));
            }
        }
    }

    private static long whole(Value.Entry entry, long least, long most) {
        BigInteger number = entry.value() instanceof Value.Whole whole ? whole.number() : null;
        boolean fits = number != null
                && number.compareTo(BigInteger.valueOf(least)) >= 0
                && number.compareTo(BigInteger.valueOf(most)) <= 0;
        if (!fits) {
            String is = number == null ? entry.value().kind() : Printable.cut(number.toString(), 20);
            String range = least == Long.MIN_VALUE ? "an integer" : "an integer, " + least + " to " + most;
            throw new BadValueException(entry.name() + " is " + is, "write " + range);
        }
        return number.longValue();
    }

    private void checkName(String name) {
        if (!NAME.matcher(name).matches() || name.length() > LONGEST_NAME) {
            throw new BadValueException(
                    Printable.quote(name) + " is no name for a parameter",
                    "use at most " + LONGEST_NAME + " letters, digits and _, a digit not first");
        }
        String variable = variable(name);
        if (variable.equals(Member.NUMBER)) {
            throw new BadValueException(
                    "a parameter called " + name + " would hide " + Member.NUMBER + ", the member's number",
                    "call it something else");
        }
        String other = variables.putIfAbsent(variable, name);
        if (other != null) {
            throw new BadValueException(
                    "the parameters " + other + " and " + name + " would both be " + variable,
                    "call one of them something else");
        }
    }

    /** The variable that tells a member this parameter's value. */
    static String variable(String name) {
        return Member.PREFIX + name.toUpperCase(Locale.ROOT);
    }

    private Optional<List<String>> values(Value.Entry entry) {
        String name = entry.name();
        if (entry.value() instanceof Value.Text text) {
            return Optional.of(NumberRange.parse(name, text.text()));
        }
        if (!(entry.value() instanceof Value.Array array)) {
            throw new BadValueException(name + " is " + entry.value().kind(), ALLOWED);
        }
        if (array.elements().isEmpty()) {
            throw new BadValueException(name + " is an empty list: that makes no job at all", ALLOWED);
        }
        List<String> values = new ArrayList<>();
        for (Value element : array.elements()) {
            try {
                values.add(written(name, values.size() + 1, element));
            } catch (BadValueException bad) {
                problems.add(element.at(), bad);
                sound = false;
                return Optional.empty();
            }
        }
        return Optional.of(values);
    }

    private static String written(String name, int number, Value element) {
        String what = "element " + number + " of " + name;
        if (element instanceof Value.Whole whole) {
            return whole.written();
        } else if (element instanceof Value.Other other) {
            return other.written();
        } else if (element instanceof Value.Text text) {
            return Values.withoutNul(what, text.text());
        }
        throw new BadValueException(what + " is " + element.kind(), "write a number, a string or a boolean");
    }
}
