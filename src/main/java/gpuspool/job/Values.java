package gpuspool.job;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * From values as written to values that can be used. Each method throws {@link BadValueException} for what cannot, or
 * the same as one of {@link Problems} where parts of a value have places of their own.
 */
final class Values {

    private Values() {}

    static int gpus(Value value) {
        if (!(value instanceof Value.Whole whole)) {
            throw wrongKind(JobKey.GPUS, value);
        }
        BigInteger number = whole.number();
        if (number.signum() < 0 || number.compareTo(BigInteger.valueOf(JobSpec.MOST_GPUS)) > 0) {
            throw new BadValueException("gpus is " + Printable.cut(number.toString(), 20), write(JobKey.GPUS));
        }
        return number.intValue();
    }

    static String cwd(Value value) {
        String path = text(JobKey.CWD, value);
        if (path.startsWith("~") || path.startsWith("$")) {
            throw new BadValueException(
                    "cwd " + Printable.quote(path) + ": " + path.charAt(0) + " is not expanded here",
                    write(JobKey.CWD));
        }
        if (!path.startsWith("/")) {
            throw new BadValueException("cwd " + Printable.quote(path) + " is relative", write(JobKey.CWD));
        }
        return path;
    }

    static Output output(Value value) {
        String word = text(JobKey.OUTPUT, value);
        return Stream.of(Output.values())
                .filter(output -> output.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new BadValueException("output is " + Printable.quote(word), write(JobKey.OUTPUT)));
    }

    static Duration time(Value value) {
        Duration time = duration(JobKey.TIME, value);
        if (time.isZero()) {
            throw new BadValueException("time is zero", write(JobKey.TIME));
        }
        return time;
    }

    static Duration grace(Value value) {
        return duration(JobKey.GRACE, value);
    }

    private static Duration duration(JobKey key, Value value) {
        if (value instanceof Value.Whole whole) {
            String number = Printable.cut(whole.number().toString(), 20);
            throw new BadValueException(
                    number + " has no unit",
                    "write \"%ss\", \"%sm\" or \"%sh\", with the quotes".formatted(number, number, number));
        }
        return Durations.parse(text(key, value));
    }

    static String text(JobKey key, Value value) {
        if (!(value instanceof Value.Text text)) {
            throw wrongKind(key, value);
        }
        return withoutNul(key.key(), text.text());
    }

    /** The strings of an array; empty after an element that is none was noted as a problem at its own place. */
    static Optional<List<String>> words(JobKey key, Value.Array array, Problems problems) {
        List<String> words = new ArrayList<>();
        int number = 0;
        for (Value element : array.elements()) {
            number++;
            string("element " + number + " of " + key.key(), element, problems).ifPresent(words::add);
        }
        return words.size() == number ? Optional.of(words) : Optional.empty();
    }

    /** The string that a part of a value must be; empty after a problem was noted. */
    static Optional<String> string(String name, Value value, Problems problems) {
        if (!(value instanceof Value.Text text)) {
            problems.add(value.at(), name + " is " + value.kind(), "write it in quotes");
            return Optional.empty();
        }
        try {
            return Optional.of(withoutNul(name, text.text()));
        } catch (BadValueException bad) {
            problems.add(value.at(), bad);
            return Optional.empty();
        }
    }

    private static String withoutNul(String name, String text) {
        // The kernel ends arguments, paths and variables at the first NUL: what follows would vanish silently.
        if (text.indexOf('\0') >= 0) {
            throw new BadValueException(name + " has a NUL character", "remove it");
        }
        return text;
    }

    static BadValueException wrongKind(JobKey key, Value value) {
        return new BadValueException(key.key() + " is " + value.kind(), write(key));
    }

    static String write(JobKey key) {
        return "write " + key.allowed();
    }
}
