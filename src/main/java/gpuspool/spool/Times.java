package gpuspool.spool;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;

/** Times as they stand in the tree: UTC, ISO 8601, milliseconds. */
public final class Times {
    private static final int LENGTH = "2026-01-02T03:04:05.678Z".length();
    private static final long MILLIS_PER_DAY = 86_400_000;

    private Times() {}

    /** Apart, so that readers of times do not pay for it. */
    private static final class Format {
        static final DateTimeFormatter UTC =
                DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    }

    public static String format(Instant time) {
        return Format.UTC.format(time);
    }

    /** Milliseconds since 1970 of a time that {@link #format} wrote; empty for any other text. */
    public static OptionalLong parse(String text) {
        if (text.length() != LENGTH) {
            return OptionalLong.empty();
        }
        try {
            long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                    .toEpochDay();
            long seconds = number(text, 11, 13) * 3600L + number(text, 14, 16) * 60L + number(text, 17, 19);
            return OptionalLong.of(day * MILLIS_PER_DAY + seconds * 1000 + number(text, 20, 23));
        } catch (NumberFormatException | java.time.DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }
}
