package gpuspool.job;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * From values as written to values that can be used. Each method throws {@link BadValueException} for what cannot, or
 * the same as one of {@link Problems} where parts of a value have places of their own.
 */
public final class Values {

    private Values() {}

    /** The whole number, least to most. */
    public static int whole(Key key, Value value, int least, int most) {
        if (!(value instanceof Value.Whole whole)) {
            throw wrongKind(key, value);
        }
        BigInteger number = whole.number();
        if (number.compareTo(BigInteger.valueOf(least)) < 0 || number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new BadValueException(key.key() + " is " + Printable.cut(number.toString(), 20), write(key));
        }
        return number.intValue();
    }

    /** The absolute path; nothing is expanded. */
    public static String path(Key key, Value value) {
        String path = text(key, value);
        if (path.startsWith("~") || path.startsWith("$")) {
            throw new BadValueException(
                    key.key() + " " + Printable.quote(path) + ": " + path.charAt(0) + " is not expanded here",
                    write(key));
        }
        if (!path.startsWith("/")) {
            throw new BadValueException(key.key() + " " + Printable.quote(path) + " is relative", write(key));
        }
        return path;
    }

    /** The one of these words, in small letters, that it is. */
    public static <E extends Enum<E>> E oneOf(Key key, Value value, Class<E> words) {
        String word = text(key, value);
        return Stream.of(words.getEnumConstants())
                .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(() -> new BadValueException(key.key() + " is " + Printable.quote(word), write(key)));
    }

    /** The duration, in quotes. */
    public static Duration duration(Key key, Value value) {
        if (value instanceof Value.Whole whole) {
            String number = Printable.cut(whole.number().toString(), 20);
            throw new BadValueException(
                    number + " has no unit",
                    "write \"%ss\", \"%sm\" or \"%sh\", with the quotes".formatted(number, number, number));
        }
        return Durations.parse(text(key, value));
    }

    /** The size in bytes, in quotes. */
    public static long size(Key key, Value value) {
        if (value instanceof Value.Whole whole) {
            String number = Printable.cut(whole.number().toString(), 20);
            throw new BadValueException(
                    number + " has no unit", "write \"%sMiB\" or \"%sGiB\", with the quotes".formatted(number, number));
        }
        return Sizes.parse(text(key, value));
    }

    /** The duration, which must be above zero. */
    public static Duration aboveZero(Key key, Value value) {
        Duration duration = duration(key, value);
        if (duration.isZero()) {
            throw new BadValueException(key.key() + " is zero", write(key));
        }
        return duration;
    }

    /** The string. */
    public static String text(Key key, Value value) {
        if (!(value instanceof Value.Text text)) {
            throw wrongKind(key, value);
        }
        return withoutNul(key.key(), text.text());
    }

    /** The strings of an array; empty after an element that is none was noted as a problem at its own place. */
    public static Optional<List<String>> words(Key key, Value.Array array, Problems problems) {
        List<String> words = new ArrayList<>();
        int number = 0;
        for (Value element : array.elements()) {
            number++;
            string("element " + number + " of " + key.key(), element, problems).ifPresent(words::add);
        }
        return words.size() == number ? Optional.of(words) : Optional.empty();
    }

    /** What stands between the commas of a string. */
    static List<String> listed(Key key, Value value) {
        String text = text(key, value);
        if (text.isBlank()) {
            throw new BadValueException(key.key() + " is empty", write(key));
        }
        return List.of(text.split(",", -1));
    }

    /** Program and arguments: a string is for the shell. Empty after an element of an array was noted as a problem. */
    public static Optional<List<String>> command(Key key, Value value, Problems problems) {
        if (!(value instanceof Value.Array array)) {
            String text = text(key, value);
            if (text.isBlank()) {
                throw new BadValueException(key.key() + " is empty", write(key));
            }
            return Optional.of(List.of("/bin/sh", "-c", text));
        }
        Optional<List<String>> words = words(key, array, problems);
        if (words.isPresent() && words.get().isEmpty()) {
            throw new BadValueException(key.key() + " is empty", write(key));
        }
        if (words.isPresent() && words.get().get(0).isBlank()) {
            throw new BadValueException(key.key() + " does not begin with a program", "write its name or path first");
        }
        return words;
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

    static String withoutNul(String name, String text) {
        // The kernel ends arguments, paths and variables at the first NUL: what follows would vanish silently.
        if (text.indexOf('\0') >= 0) {
            throw new BadValueException(name + " has a NUL character", "remove it");
        }
        return text;
    }

    /** What to throw for a value of another kind than the key takes. */
    public static BadValueException wrongKind(Key key, Value value) {
        return new BadValueException(key.key() + " is " + value.kind(), write(key));
    }

    /** The advice for any value that the key does not take. */
    public static String write(Key key) {
        return "write " + key.allowed();
    }
}
