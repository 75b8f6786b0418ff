package gpuspool.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** From values as written to when a job's turn comes; whether there are such jobs and hosts is not known here. */
final class TurnWords {
    private TurnWords() {}

    /** Jobs by the names that people call them. */
    static Optional<List<Mention>> jobs(Key key, Value value, Problems problems) {
        return list(key, value, problems, Mention::isValid, "names no job")
                .map(words -> words.stream()
                        .map(word -> new Mention(word.text(), word.at()))
                        .toList());
    }

    /** Names of hosts as they stand in ids. */
    static Optional<List<String>> hosts(Key key, Value value, Problems problems) {
        return list(key, value, problems, JobId::isHost, "names no host")
                .map(words -> words.stream().map(Value.Text::text).toList());
    }

    private static Optional<List<Value.Text>> list(
            Key key, Value value, Problems problems, Predicate<String> fits, String fault) {
        Optional<List<Value.Text>> given = texts(key, value, problems);
        if (given.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Value.Text> words = new LinkedHashMap<>();
        for (Value.Text each : given.get()) {
            String word = each.text().strip();
            if (!fits.test(word)) {
                throw new BadValueException(
                        key.key() + " has " + Printable.quote(word) + ", which " + fault, Values.write(key));
            }
            words.putIfAbsent(word, new Value.Text(word, each.at()));
        }
        if (words.isEmpty()) {
            throw new BadValueException(key.key() + " is empty", Values.write(key));
        }
        return Optional.of(List.copyOf(words.values()));
    }

    /** Each with its place; empty after an element that is no text was noted. */
    private static Optional<List<Value.Text>> texts(Key key, Value value, Problems problems) {
        if (value instanceof Value.Array array) {
            List<Value.Text> texts = new ArrayList<>();
            Optional<List<String>> words = Values.words(key, array, problems);
            for (int i = 0; words.isPresent() && i < words.get().size(); i++) {
                texts.add(new Value.Text(
                        words.get().get(i), array.elements().get(i).at()));
            }
            return words.map(all -> texts);
        }
        return Optional.of(Stream.of(Values.text(key, value).split(",", -1))
                .map(word -> new Value.Text(word, value.at()))
                .toList());
    }
}
