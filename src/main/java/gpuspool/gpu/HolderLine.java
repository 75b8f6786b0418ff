package gpuspool.gpu;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a process that holds a card says to the watcher that started it, a line each; and what it is told. */
public sealed interface HolderLine {
    /** The verb under which the program holds a card. */
    String VERB = "hold-card";

    /** Tells it to take so many percent of the card's free memory; 1 to 95. */
    String PERCENT = "--percent";

    /** Tells it to give the memory back. */
    String FREE = "free";

    /** It is on the card. {@code bytes}: memory that it has besides; {@code wanted}: that it was to take. */
    record Holding(long bytes, long wanted) implements HolderLine {
        private static final Pattern FORM = Pattern.compile("holding ([0-9]{1,18}) of ([0-9]{1,18})");

        @Override
        public String text() {
            return "holding " + bytes + " of " + wanted;
        }
    }

    /** The memory is given back; it stays on the card. */
    record Freed() implements HolderLine {
        @Override
        public String text() {
            return "freed";
        }
    }

    /** It ends. {@code code}: the driver's, or {@code -}; {@code words}: what could not be done and why. */
    record Cannot(String code, String words) implements HolderLine {
        private static final Pattern FORM = Pattern.compile("cannot ([0-9]{1,9}|-) (.+)");

        @Override
        public String text() {
            return "cannot " + code + " " + words;
        }
    }

    /** Not from the program itself: from what starts it, or from a library. */
    record Other(String text) implements HolderLine {}

    String text();

    static HolderLine parse(String line) {
        Matcher holding = Holding.FORM.matcher(line);
        if (holding.matches()) {
            return new Holding(Long.parseLong(holding.group(1)), Long.parseLong(holding.group(2)));
        }
        Matcher cannot = Cannot.FORM.matcher(line);
        if (cannot.matches()) {
            return new Cannot(cannot.group(1), cannot.group(2));
        }
        return line.equals(new Freed().text()) ? new Freed() : new Other(line);
    }
}
