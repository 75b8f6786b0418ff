package gpuspool.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** From values as written to which cards a job would have; whether there are such cards is not known here. */
final class CardWords {
    private static final Pattern CARD = Pattern.compile("[0-9]{1,4}|(?:GPU|MIG)-[0-9a-zA-Z/-]{1,80}");
    private static final int LONGEST_TYPE = 64;

    private CardWords() {}

    /** The indices and UUIDs of an array, or those between commas; empty after an element was noted as a problem. */
    static Optional<List<String>> devices(Key key, Value value, Problems problems) {
        Optional<List<String>> given = value instanceof Value.Array array
                ? Values.words(key, array, problems)
                : Optional.of(Values.listed(key, value));
        if (given.isEmpty()) {
            return Optional.empty();
        }
        List<String> cards = new ArrayList<>();
        for (String word : given.get()) {
            String card = word.strip();
            if (!CARD.matcher(card).matches()) {
                throw new BadValueException(
                        key.key() + " has " + Printable.quote(card) + ", which names no GPU", Values.write(key));
            }
            if (cards.contains(card)) {
                throw new BadValueException(key.key() + " has " + Printable.quote(card) + " twice", "name each once");
            }
            cards.add(card);
        }
        if (cards.isEmpty()) {
            throw new BadValueException(key.key() + " is empty", Values.write(key));
        }
        return Optional.of(cards);
    }

    /** Bytes on each card; above zero. */
    static long memory(Key key, Value value) {
        long bytes = Values.size(key, value);
        if (bytes == 0) {
            throw new BadValueException(key.key() + " is zero", "remove it to have whole GPUs, or gpus = 0 for none");
        }
        return bytes;
    }

    static String type(Key key, Value value) {
        String type = Values.text(key, value).strip();
        if (type.isEmpty() || type.length() > LONGEST_TYPE) {
            throw new BadValueException(key.key() + (type.isEmpty() ? " is empty" : " is too long"), Values.write(key));
        }
        return type;
    }
}
