package gpuspool.job;

/** Makes text that somebody wrote safe for a terminal, a log and a one-line message. */
public final class Printable {

    private static final int QUOTED_CHARACTERS = 60;

    private Printable() {}

    /**
     * Control characters, line separators and invisible formatting (which can reverse the text around it) as escapes.
     * Backslashes stay as they are, so that escaping twice changes nothing.
     */
    public static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> appendEscaped(safe, c));
        return safe.toString();
    }

    /** The text in double quotes, escaped and cut to a length that fits a message. */
    public static String quote(String text) {
        return '"' + cut(escape(text), QUOTED_CHARACTERS) + '"';
    }

    /** At most {@code limit} characters; a text that was longer ends in {@code …}. */
    public static String cut(String text, int limit) {
        if (text.codePointCount(0, text.length()) <= limit) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, limit - 1)) + "…";
    }

    private static void appendEscaped(StringBuilder safe, int c) {
        switch (Character.getType(c)) {
            case Character.CONTROL -> safe.append(controlEscape(c));
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                safe.append(String.format("\\u%04x", c));
            default -> safe.appendCodePoint(c);
        }
    }

    private static String controlEscape(int c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> String.format("\\x%02x", c);
        };
    }
}
