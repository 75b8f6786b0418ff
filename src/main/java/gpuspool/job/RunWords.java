package gpuspool.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** From values as written to what becomes of a job that fails or ends. */
final class RunWords {
    private RunWords() {}

    /** {@code USR1@5m}. */
    static EarlySignal signal(Key key, Value value) {
        String text = Values.text(key, value);
        int at = text.indexOf('@');
        OptionalInt number = at < 0 ? OptionalInt.empty() : Signals.number(text.substring(0, at));
        if (number.isEmpty()) {
            throw new BadValueException(key.key() + " is " + Printable.quote(text), Values.write(key));
        }
        Duration before = Durations.parse(text.substring(at + 1));
        if (before.isZero()) {
            throw new BadValueException(key.key() + " is sent when time is over anyway", Values.write(key));
        }
        return new EarlySignal(number.getAsInt(), before);
    }

    /** Codes and words of an array, or those between commas; empty after an element was noted as a problem. */
    static Optional<List<RetryOn>> retryOn(Key key, Value value, Problems problems) {
        List<RetryOn> endings = new ArrayList<>();
        if (!(value instanceof Value.Array array)) {
            for (String word : Values.text(key, value).split(",", -1)) {
                endings.add(ending(key, word.strip()));
            }
            return Optional.of(endings);
        }
        for (Value element : array.elements()) {
            try {
                endings.add(
                        element instanceof Value.Whole whole
                                ? ending(key, whole.number().toString())
                                : ending(key, Values.text(key, element)));
            } catch (BadValueException bad) {
                problems.add(element.at(), bad);
            }
        }
        if (array.elements().isEmpty()) {
            throw new BadValueException(key.key() + " is empty", Values.write(key));
        }
        return endings.size() == array.elements().size() ? Optional.of(endings) : Optional.empty();
    }

    private static RetryOn ending(Key key, String word) {
        return RetryOn.parse(word)
                .orElseThrow(() -> new BadValueException(
                        key.key() + " has " + Printable.quote(word) + ", which is no ending", Values.write(key)));
    }
}
