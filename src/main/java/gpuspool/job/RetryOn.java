package gpuspool.job;

import java.util.Optional;
import java.util.OptionalInt;

/** An ending that calls for another run. */
public sealed interface RetryOn {
    /** The highest exit code. */
    int HIGHEST_CODE = 255;

    /** As job files and {@code status} have it. */
    String word();

    /** What {@link #word} gave, or a signal without its {@code SIG}; empty for what is no such ending. */
    static Optional<RetryOn> parse(String word) {
        if (word.equals("interrupted")) {
            return Optional.of(new Interrupted());
        }
        if (word.matches("[0-9]{1,3}")) {
            int code = Integer.parseInt(word);
            return code >= 1 && code <= HIGHEST_CODE ? Optional.of(new Code(code)) : Optional.empty();
        }
        OptionalInt signal = Signals.number(word);
        return signal.isPresent() ? Optional.of(new Signal(signal.getAsInt())) : Optional.empty();
    }

    /** An exit code, 1 to 255. */
    record Code(int code) implements RetryOn {
        @Override
        public String word() {
            return Integer.toString(code);
        }
    }

    /** The job's own process was ended by this signal, 1 to 31. */
    record Signal(int number) implements RetryOn {
        @Override
        public String word() {
            return Signals.name(number).orElse("SIG" + number);
        }
    }

    /** The machine went down while it ran. */
    record Interrupted() implements RetryOn {
        @Override
        public String word() {
            return "interrupted";
        }
    }
}
