package gpuspool.job;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Optional;

/** From a time as written to before when a job does not start: our forms, and TOML's own dates. */
final class BeginWords {
    private static final int FIRST_YEAR = 1970;
    private static final int LAST_YEAR = 9999;

    private BeginWords() {}

    /** A string, or a date or time as TOML has them. */
    static Begin read(Key key, Value value) {
        String text = value instanceof Value.Other other && other.kind().equals(TomlValues.DATE)
                ? other.written()
                : Values.text(key, value);
        String word = text.strip();
        if (word.matches("\\+?[0-9]{1,30}")) {
            String number = word.replace("+", "");
            throw new BadValueException(
                    key.key() + " is " + Printable.quote(text) + ", which has no unit",
                    "write for example %sm or %sh".formatted(number, number));
        }
        return moment(key, word)
                .or(() -> local(key, word))
                .or(() -> daily(word))
                .or(() -> delay(word))
                .orElseThrow(
                        () -> new BadValueException(key.key() + " is " + Printable.quote(text), Values.write(key)));
    }

    private static Optional<Begin> moment(Key key, String word) {
        try {
            OffsetDateTime moment = OffsetDateTime.parse(word.replace(' ', 'T'));
            checkYear(key, moment.getYear());
            return Optional.of(new Begin.At(moment.toInstant()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Begin> local(Key key, String word) {
        try {
            LocalDateTime time = word.length() == "2026-11-21".length()
                    ? LocalDate.parse(word).atStartOfDay()
                    : LocalDateTime.parse(word.replace(' ', 'T'));
            checkYear(key, time.getYear());
            return Optional.of(new Begin.Local(time));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static void checkYear(Key key, int year) {
        if (year < FIRST_YEAR || year > LAST_YEAR) {
            throw new BadValueException(key.key() + " is in the year " + year, Values.write(key));
        }
    }

    private static Optional<Begin> daily(String word) {
        try {
            return Optional.of(new Begin.Daily(LocalTime.parse(word.indexOf(':') == 1 ? "0" + word : word)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Begin> delay(String word) {
        try {
            return Optional.of(new Begin.After(Durations.parse(word.startsWith("+") ? word.substring(1) : word)));
        } catch (BadValueException e) {
            return Optional.empty();
        }
    }
}
