package gpuspool.job;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;

/** Before when a job does not start. */
public sealed interface Begin {
    /**
     * The moment.
     *
     * @param queued when the job came into the queue
     * @param here the zone of a time that names none
     */
    Instant from(Instant queued, ZoneId here);

    /** A moment of its own. */
    record At(Instant moment) implements Begin {
        @Override
        public Instant from(Instant queued, ZoneId here) {
            return moment;
        }
    }

    /** A time by the calendar of the host. */
    record Local(LocalDateTime time) implements Begin {
        @Override
        public Instant from(Instant queued, ZoneId here) {
            return time.atZone(here).toInstant();
        }
    }

    /** The next time that the host's clock shows that. */
    record Daily(LocalTime time) implements Begin {
        @Override
        public Instant from(Instant queued, ZoneId here) {
            ZonedDateTime asked = queued.atZone(here);
            ZonedDateTime today = asked.with(time);
            return (today.isBefore(asked) ? today.plusDays(1) : today).toInstant();
        }
    }

    /** So long after it was queued. */
    record After(Duration delay) implements Begin {
        @Override
        public Instant from(Instant queued, ZoneId here) {
            return queued.plus(delay);
        }
    }

    /**
     * Reads what a job file says.
     *
     * @throws BadValueException if it is none of the forms
     */
    static Begin parse(String text) {
        String word = text.strip();
        return moment(word)
                .or(() -> local(word))
                .or(() -> daily(word))
                .or(() -> delay(word))
                .orElseThrow(() -> new BadValueException(
                        JobKey.BEGIN.key() + " is " + Printable.quote(text), Values.write(JobKey.BEGIN)));
    }

    private static Optional<Begin> moment(String word) {
        try {
            return Optional.of(
                    new At(OffsetDateTime.parse(word.replace(' ', 'T')).toInstant()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Begin> local(String word) {
        try {
            return Optional.of(new Local(
                    word.length() == "2026-11-21".length()
                            ? LocalDate.parse(word).atStartOfDay()
                            : LocalDateTime.parse(word.replace(' ', 'T'))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Begin> daily(String word) {
        try {
            return Optional.of(new Daily(LocalTime.parse(word)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Begin> delay(String word) {
        try {
            return Optional.of(new After(Durations.parse(word.startsWith("+") ? word.substring(1) : word)));
        } catch (BadValueException e) {
            return Optional.empty();
        }
    }
}
