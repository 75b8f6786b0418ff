package gpuspool.parallel;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When to stop before all is run, as GNU parallel's {@code --halt} says it: {@code never}, or {@code soon} or {@code now}, a comma, and so
 * many, or so many per cent of all, that failed, succeeded or are done.
 *
 * @param count how many; 0: never
 * @param percent whether {@code count} is a part of all, in per cent
 */
public record Halt(boolean now, What what, int count, boolean percent) {
    public static final Halt NEVER = new Halt(false, What.FAIL, 0, false);

    private static final Pattern FORM = Pattern.compile("(now|soon),(fail|success|done)=([1-9][0-9]{0,8})(%)?");
    private static final Pattern OLD_PERCENT = Pattern.compile("([1-9][0-9]?)%");
    private static final int HUNDRED = 100;
    private static final int MOST = 101;

    /** What is counted. */
    public enum What {
        FAIL,
        SUCCESS,
        DONE
    }

    /** What to do by now. */
    enum Advice {
        GO_ON,
        START_NOTHING,
        STOP_ALL
    }

    /** Empty for what is none of its forms. */
    public static Optional<Halt> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            int count = Integer.parseInt(form.group(3));
            boolean percent = form.group(4) != null;
            return percent && count > HUNDRED
                    ? Optional.empty()
                    : Optional.of(new Halt(
                            form.group(1).equals("now"),
                            What.valueOf(form.group(2).toUpperCase(Locale.ROOT)),
                            count,
                            percent));
        }
        Matcher old = OLD_PERCENT.matcher(text);
        return old.matches()
                ? Optional.of(new Halt(false, What.FAIL, Integer.parseInt(old.group(1)), true))
                : switch (text) {
                    case "never", "0" -> Optional.of(NEVER);
                    case "1" -> Optional.of(new Halt(false, What.FAIL, 1, false));
                    case "2" -> Optional.of(new Halt(true, What.FAIL, 1, false));
                    case "-1" -> Optional.of(new Halt(false, What.SUCCESS, 1, false));
                    case "-2" -> Optional.of(new Halt(true, What.SUCCESS, 1, false));
                    default -> Optional.empty();
                };
    }

    boolean isNever() {
        return count == 0;
    }

    /** Whether so much has happened by now; a part of all is not known before all of the input is read. */
    Advice advice(Tally tally) {
        if (isNever() || !isReached(tally)) {
            return Advice.GO_ON;
        }
        return now ? Advice.STOP_ALL : Advice.START_NOTHING;
    }

    private boolean isReached(Tally tally) {
        long counted = counted(tally);
        if (!percent) {
            return counted >= count;
        }
        return tally.total().isPresent()
                && counted > 0
                && counted * HUNDRED >= (long) count * tally.total().getAsLong();
    }

    private long counted(Tally tally) {
        return switch (what) {
            case FAIL -> tally.failed();
            case SUCCESS -> tally.succeeded();
            case DONE -> tally.failed() + tally.succeeded();
        };
    }

    /** The exit status of the whole: the number that failed, unless the condition says otherwise. */
    int status(Tally tally) {
        boolean reached = count > 0 && isReached(tally);
        if (reached && what == What.SUCCESS) {
            return 0;
        }
        if (reached && what == What.FAIL && count == 1 && !percent) {
            return tally.firstFailure();
        }
        if (percent && what != What.DONE && tally.failed() > 0 && tally.total().isPresent()) {
            return (int) Math.max(
                    1, tally.failed() * HUNDRED / Math.max(1, tally.total().getAsLong()));
        }
        return (int) Math.min(MOST, tally.failed());
    }
}
