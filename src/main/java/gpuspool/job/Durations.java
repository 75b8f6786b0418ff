package gpuspool.job;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write and read them. */
public final class Durations {

    /** The longest duration that can be written: 3650 days. */
    public static final Duration LONGEST = Duration.ofDays(3650);

    private static final int LONGEST_TEXT = 40;
    private static final List<String> UNITS = List.of("d", "h", "m", "s", "ms");
    private static final long[] MILLIS = {86_400_000, 3_600_000, 60_000, 1_000, 1};

    private Durations() {}

    /** Apart, so that who only formats durations does not pay for them. */
    private static final class Syntax {
        static final Pattern WHOLE = Pattern.compile("(?:\\d+(?:ms|[dhms]))+");
        static final Pattern PART = Pattern.compile("(\\d+)(ms|[dhms])");
        static final Pattern NUMBER = Pattern.compile("\\d+");
    }

    /**
     * Reads {@code 1h30m}, {@code 90m}, {@code 2d}, {@code 500ms}: whole numbers, each with a unit ({@code d h m s
     * ms}), larger units first, each unit once. A number without a unit is refused, since peers of ours read it as
     * seconds or as minutes. {@code 0s} is read; whether zero makes sense is the caller's question.
     *
     * @throws BadValueException if the text is anything else, or longer than {@link #LONGEST}
     */
    public static Duration parse(String text) {
        if (Syntax.NUMBER.matcher(text).matches()) {
            String number = Printable.cut(text, 20);
            throw new BadValueException(
                    number + " has no unit", "write %ss, %sm or %sh".formatted(number, number, number));
        }
        if (text.startsWith("-")) {
            throw new BadValueException(Printable.quote(text) + " is negative", "write for example 90s, 1h30m or 2d");
        }
        // The length is asked first: this pattern recurses once per part, and some text is a megabyte of parts.
        if (text.length() > LONGEST_TEXT || !Syntax.WHOLE.matcher(text).matches()) {
            throw notADuration(text);
        }
        return Duration.ofMillis(sumOfParts(text));
    }

    private static long sumOfParts(String text) {
        long sum = 0;
        int lastUnit = -1;
        Matcher part = Syntax.PART.matcher(text);
        while (part.find()) {
            int unit = UNITS.indexOf(part.group(2));
            if (unit <= lastUnit) {
                throw notADuration(text);
            }
            lastUnit = unit;
            sum += millis(part.group(1), MILLIS[unit], text);
        }
        if (sum > LONGEST.toMillis()) {
            throw tooLong(text);
        }
        return sum;
    }

    private static long millis(String digits, long unitMillis, String text) {
        // 12 digits hold the longest duration in the smallest unit, and always fit a long.
        String significant = digits.replaceFirst("^0+(?=\\d)", "");
        if (significant.length() > 12 || Long.parseLong(significant) > LONGEST.toMillis() / unitMillis) {
            throw tooLong(text);
        }
        return Long.parseLong(significant) * unitMillis;
    }

    private static BadValueException notADuration(String text) {
        return new BadValueException(
                Printable.quote(text) + " is not a duration", "write for example 90s, 1h30m or 2d");
    }

    private static BadValueException tooLong(String text) {
        return new BadValueException(Printable.quote(text) + " is too long", "write at most 3650d");
    }

    /** Exactly, as {@link #parse} reads it: {@code 1m}, {@code 1h30m}, {@code 100ms}. For durations that are not negative. */
    public static String write(Duration duration) {
        StringBuilder text = new StringBuilder();
        long rest = duration.toMillis();
        for (int i = 0; i < MILLIS.length; i++) {
            if (rest >= MILLIS[i]) {
                text.append(rest / MILLIS[i]).append(UNITS.get(i));
                rest %= MILLIS[i];
            }
        }
        return text.isEmpty() ? "0s" : text.toString();
    }

    /**
     * For logs and tables, two units at most, never rounded up: {@code 41ms} (below 1 s), {@code 4.1s} (below 10 s), {@code 42s}, {@code 3m12s},
     * {@code 1h02m}, {@code 2d03h}. The second unit has two digits, so columns of them line up. A negative duration
     * (a clock set back) keeps its sign.
     */
    public static String format(Duration duration) {
        if (duration.isNegative()) {
            return "-" + format(duration.negated());
        }
        if (duration.toDays() > 0) {
            return duration.toDays() + "d" + twoDigits(duration.toHoursPart()) + "h";
        }
        if (duration.toHours() > 0) {
            return duration.toHours() + "h" + twoDigits(duration.toMinutesPart()) + "m";
        }
        if (duration.toMinutes() > 0) {
            return duration.toMinutes() + "m" + twoDigits(duration.toSecondsPart()) + "s";
        }
        if (duration.toSeconds() >= 10) {
            return duration.toSeconds() + "s";
        }
        if (duration.toMillis() < 1000) {
            return duration.toMillis() + "ms";
        }
        return duration.toSeconds() + "." + duration.toMillisPart() / 100 + "s";
    }

    private static String twoDigits(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }
}
