package gpuspool.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** From values as written to when a job's turn comes; whether there are such jobs and hosts is not known here. */
final class TurnWords {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9-]{1,63}");

    private TurnWords() {}

    /** Names of jobs: a stem, or a stem and a run's number. */
    static Optional<List<String>> jobs(Key key, Value value, Problems problems) {
        return list(key, value, problems, Stem::isValid, "names no job");
    }

    /** Names of hosts as they stand in ids. */
    static Optional<List<String>> hosts(Key key, Value value, Problems problems) {
        return list(key, value, problems, word -> HOST.matcher(word).matches(), "names no host");
    }

    private static Optional<List<String>> list(
            Key key, Value value, Problems problems, Predicate<String> fits, String fault) {
        Optional<List<String>> given = value instanceof Value.Array array
                ? Values.words(key, array, problems)
                : Optional.of(List.of(Values.text(key, value).split(",", -1)));
        if (given.isEmpty()) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>();
        for (String each : given.get()) {
            String word = each.strip();
            if (!fits.test(word)) {
                throw new BadValueException(
                        key.key() + " has " + Printable.quote(word) + ", which " + fault, Values.write(key));
            }
            if (!words.contains(word)) {
                words.add(word);
            }
        }
        if (words.isEmpty()) {
            throw new BadValueException(key.key() + " is empty", Values.write(key));
        }
        return Optional.of(words);
    }
}
