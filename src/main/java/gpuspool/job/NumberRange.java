package gpuspool.job;

import java.util.AbstractList;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The numbers from one to another, both included, as a range is written: {@code 1..5}, {@code 1..9..2}. Takes no room however many. */
final class NumberRange extends AbstractList<String> implements RandomAccess {
    /** Far more than any sweep can be; a list can tell how many these are. */
    static final int MOST = 1_000_000_000;

    private static final Pattern LOOKS_LIKE_ONE = Pattern.compile("[\\w+-]*\\.\\.[\\w+-]*(\\.\\.[\\w+-]*)?");
    private static final String NUMBER = "(-?(?:0|[1-9][0-9]{0,14}))";
    private static final Pattern RANGE = Pattern.compile(NUMBER + "\\.\\." + NUMBER + "(?:\\.\\." + NUMBER + ")?");

    private final long first;
    private final long step;
    private final int size;

    private NumberRange(long first, long step, int size) {
        this.first = first;
        this.step = step;
        this.size = size;
    }

    /** Whether a text was meant to be a range, right or wrong. */
    static boolean isMeant(String text) {
        return LOOKS_LIKE_ONE.matcher(text).matches();
    }

    /**
     * The range that a text says.
     *
     * @param name whose values these are, for the message
     * @throws BadValueException if it is none, has no number in it, or too many
     */
    static List<String> parse(String name, String text) {
        Matcher range = RANGE.matcher(text);
        if (!range.matches()) {
            throw new BadValueException(
                    name + " is " + Printable.quote(text) + ", which is no range of whole numbers",
                    "write for example \"1..5\", or \"1..9..2\" for each second one");
        }
        long first = Long.parseLong(range.group(1));
        long last = Long.parseLong(range.group(2));
        long step = range.group(3) == null ? 1 : Long.parseLong(range.group(3));
        if (step == 0) {
            throw new BadValueException(
                    "the range " + Printable.quote(text) + " never comes to its end", "write a step that is not 0");
        }
        if (step > 0 ? last < first : last > first) {
            throw new BadValueException(
                    "the range " + Printable.quote(text) + " has no number in it",
                    "write \"" + last + ".." + first + "\", or a step that leads there, such as \"" + first + ".."
                            + last + (step > 0 ? "..-1" : "..1") + "\"");
        }
        long size = (last - first) / step + 1;
        if (size > MOST) {
            throw new BadValueException(
                    "the range " + Printable.quote(text) + " has " + size + " numbers", "write one of at most " + MOST);
        }
        return new NumberRange(first, step, (int) size);
    }

    @Override
    public String get(int index) {
        return Long.toString(first + step * Objects.checkIndex(index, size));
    }

    @Override
    public int size() {
        return size;
    }
}
