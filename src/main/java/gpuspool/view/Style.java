package gpuspool.view;

import java.util.Locale;
import java.util.Map;

/**
 * How a page is shown to whoever looks at it.
 *
 * @param columns how many characters a line may have before it is cut; {@link #WHOLE} where nothing is cut
 * @param colour whether states have colours
 */
public record Style(int columns, boolean colour) {
    public static final int WHOLE = Integer.MAX_VALUE;
    /** For a file or a pipe. */
    public static final Style PLAIN = new Style(WHOLE, false);

    private static final String ESCAPE = "\u001b[";
    private static final String END = ESCAPE + "0m";

    /** When pages are in colour; the words of {@code --color}. */
    public enum When {
        AUTO,
        ALWAYS,
        NEVER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Whether a page has colours: as somebody says, else as {@code NO_COLOR} and {@code CLICOLOR_FORCE} say, else on a terminal
     * that knows them.
     */
    public static boolean isColoured(When when, boolean terminal, Map<String, String> environment) {
        return when == When.AUTO ? isColoured(terminal, environment) : when == When.ALWAYS;
    }

    /** The same where nobody says anything. */
    public static boolean isColoured(boolean terminal, Map<String, String> environment) {
        if (!of(environment, "NO_COLOR").isEmpty()) {
            return false;
        }
        String force = of(environment, "CLICOLOR_FORCE");
        if (!force.isEmpty() && !force.equals("0")) {
            return true;
        }
        return terminal
                && !of(environment, "TERM").equals("dumb")
                && !of(environment, "CLICOLOR").equals("0");
    }

    private static String of(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value == null ? "" : value;
    }

    /** The text in a colour, where pages have any. */
    public String paint(Ink ink, String text) {
        return !colour || ink == Ink.PLAIN || text.isEmpty() ? text : ESCAPE + ink.code() + "m" + text + END;
    }
}
