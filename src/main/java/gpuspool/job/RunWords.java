package gpuspool.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** From values as written to what becomes of a job that fails or ends. */
final class RunWords {
    private static final Set<String> UNCAUGHT = Set.of("SIGKILL", "SIGSTOP");

    private RunWords() {}

    /** {@code USR1@5m}. */
    static EarlySignal signal(Key key, Value value) {
        String text = Values.text(key, value);
        int at = text.indexOf('@');
        OptionalInt number = at < 0 ? OptionalInt.empty() : Signals.number(text.substring(0, at));
        if (number.isEmpty()) {
            throw new BadValueException(key.key() + " is " + Printable.quote(text), Values.write(key));
        }
        if (UNCAUGHT.contains(Signals.name(number.getAsInt()).orElse(""))) {
            throw new BadValueException(
                    key.key() + " is " + Printable.quote(text) + ", which no program can catch", Values.write(key));
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
            for (String word : value instanceof Value.Whole whole
                    ? List.of(whole.number().toString())
                    : Values.listed(key, value)) {
                endings.add(ending(key, word.strip()));
            }
            return Optional.of(endings);
        }
        int number = 0;
        for (Value element : array.elements()) {
            number++;
            try {
                if (element instanceof Value.Whole whole) {
                    endings.add(ending(key, whole.number().toString()));
                } else {
                    Values.string("element " + number + " of " + key.key(), element, problems)
                            .ifPresent(word -> endings.add(ending(key, word)));
                }
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
