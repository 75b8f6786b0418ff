package gpuspool.report;

import gpuspool.job.BadValueException;
import gpuspool.job.Durations;
import gpuspool.job.Printable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;

/** Moments as people write them: {@code 7d} ago, a date, a date with a time, with or without a zone. */
public final class WindowWords {
    private static final String EXAMPLES = "write for example 7d, 12h, 2026-11-21, 2026-11-21T08:00 or all";
    private static final int DATE_LENGTH = "2026-11-21".length();

    private WindowWords() {}

    /**
     * The first moment of what is asked for.
     *
     * @throws BadValueException if the text is no moment
     */
    public static Instant since(String text, Instant now, ZoneId zone) {
        return moment(text, now, zone, 0);
    }

    /** The first moment after it: a date is meant with all of that day. */
    public static Instant until(String text, Instant now, ZoneId zone) {
        return moment(text, now, zone, 1);
    }

    private static Instant moment(String text, Instant now, ZoneId zone, int days) {
        String word = text.strip();
        try {
            if (word.length() == DATE_LENGTH && word.indexOf('-') == 4) {
                return LocalDate.parse(word).plusDays(days).atStartOfDay(zone).toInstant();
            }
            if (word.length() > DATE_LENGTH && word.indexOf('-') == 4) {
                return time(word.replace(' ', 'T'), zone);
            }
            return now.minus(Durations.parse(word));
        } catch (DateTimeException | BadValueException e) {
            throw new BadValueException(Printable.quote(text) + " is no length of time and no date", EXAMPLES);
        }
    }

    private static Instant time(String word, ZoneId zone) {
        try {
            return OffsetDateTime.parse(word).toInstant();
        } catch (DateTimeException e) {
            // Without a zone it is meant in the local one.
            return LocalDateTime.parse(word).atZone(zone).toInstant();
        }
    }
}
