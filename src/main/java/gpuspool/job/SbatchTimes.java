package gpuspool.job;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as sbatch reads them, in the words of our own keys. */
final class SbatchTimes {
    private static final String LIMITS = "write for example 90 (minutes), 1:30:00, 2-12 (days-hours) or 2-12:30:00";
    private static final String BEGINS = "write for example 22:30, now+2hours or 2026-11-21T08:00";

    /** Days and hours, or minutes alone, or what stands between colons. */
    private static final Pattern DAYS = Pattern.compile("(\\d{1,9})-(\\d{1,9})(?::(\\d{1,9}))?(?::(\\d{1,9}))?");

    private static final Pattern CLOCK = Pattern.compile("(\\d{1,9})(?::(\\d{1,9}))?(?::(\\d{1,9}))?");
    private static final List<String> ENDLESS = List.of("unlimited", "infinite", "-1");

    private static final Map<String, String> HOURS =
            Map.of("midnight", "00:00", "noon", "12:00", "fika", "15:00", "teatime", "16:00");
    private static final Pattern LATER = Pattern.compile("now(?:\\+(\\d{1,9})(second|minute|hour|day|week)?s?)?");
    private static final Pattern TIME_OF_DAY = Pattern.compile("(\\d{1,2}):(\\d{2})(:\\d{2})? ?(am|pm)?");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}(?:t\\d{1,2}:\\d{2}(?::\\d{2})?)?");
    private static final Pattern AMERICAN =
            Pattern.compile("(\\d{2})[/.]?(\\d{2})[/.]?(\\d{2})(?:-(\\d{1,2}:\\d{2}(?::\\d{2})?))?");

    private SbatchTimes() {}

    /** The limit; empty: there is none. Seconds count as written, though Slurm would round them up to a minute. */
    static Optional<Duration> limit(SbatchArguments.Given given) {
        String text = given.text().strip();
        Matcher days = DAYS.matcher(text);
        Matcher clock = CLOCK.matcher(text);
        Duration limit;
        if (ENDLESS.contains(text.toLowerCase(Locale.ROOT))) {
            limit = Duration.ZERO;
        } else if (days.matches()) {
            limit = Duration.ofDays(number(days, 1))
                    .plusHours(number(days, 2))
                    .plusMinutes(number(days, 3))
                    .plusSeconds(number(days, 4));
        } else if (!clock.matches()) {
            throw given.bad(LIMITS);
        } else if (clock.group(3) != null) {
            limit = Duration.ofHours(number(clock, 1))
                    .plusMinutes(number(clock, 2))
                    .plusSeconds(number(clock, 3));
        } else {
            limit = Duration.ofMinutes(number(clock, 1)).plusSeconds(number(clock, 2));
        }
        return limit.isZero() ? Optional.empty() : Optional.of(limit);
    }

    private static long number(Matcher matcher, int group) {
        return matcher.group(group) == null ? 0 : Long.parseLong(matcher.group(group));
    }

    /** What {@code begin} would say; empty: at once. What depends on today's date is refused: a job file has none. */
    static Optional<String> begin(SbatchArguments.Given given) {
        String text = given.text().strip().toLowerCase(Locale.ROOT);
        Matcher later = LATER.matcher(text);
        Matcher time = TIME_OF_DAY.matcher(text);
        Matcher american = AMERICAN.matcher(text);
        if (HOURS.containsKey(text)) {
            return Optional.of(HOURS.get(text));
        }
        if (later.matches()) {
            return later(later).map(Durations::write);
        }
        if (time.matches()) {
            return Optional.of(timeOfDay(time, given));
        }
        if (DATE.matcher(text).matches()) {
            return Optional.of(padded(text.replace('t', 'T')));
        }
        if (american.matches()) {
            String date = "20" + american.group(3) + "-" + american.group(1) + "-" + american.group(2);
            return Optional.of(american.group(4) == null ? date : padded(date + "T" + american.group(4)));
        }
        throw given.bad(BEGINS);
    }

    private static Optional<Duration> later(Matcher later) {
        long number = number(later, 1);
        String unit = Optional.ofNullable(later.group(2)).orElse("second");
        Duration delay = switch (unit) {
            case "minute" -> Duration.ofMinutes(number);
            case "hour" -> Duration.ofHours(number);
            case "day" -> Duration.ofDays(number);
            case "week" -> Duration.ofDays(7 * number);
            default -> Duration.ofSeconds(number);
        };
        return delay.isZero() ? Optional.empty() : Optional.of(delay);
    }

    private static String timeOfDay(Matcher time, SbatchArguments.Given given) {
        long hour = number(time, 1);
        String half = time.group(4);
        if (half != null && (hour < 1 || hour > 12)) {
            throw given.bad(BEGINS);
        }
        if (half != null) {
            hour = hour % 12 + (half.equals("pm") ? 12 : 0);
        }
        String seconds = Optional.ofNullable(time.group(3)).orElse("");
        return "%02d:%s%s".formatted(hour, time.group(2), seconds);
    }

    /** An hour has two digits in ISO 8601. */
    private static String padded(String date) {
        return date.replaceFirst("T(\\d):", "T0$1:");
    }
}
