package gpuspool.job;

/**
 * Walks through a TOML text and keeps count of line and column. It steps over what it is told to; each {@code skip}
 * and {@link #keyPart} moves on or stands at the end, whatever the text, so that no caller can loop.
 */
final class TomlCursor {

    private static final char END = '\0';

    private final String text;
    private int offset = 0;
    private int line = 1;
    private int column = 1;

    TomlCursor(String text) {
        this.text = text;
    }

    boolean atEnd() {
        return offset >= text.length();
    }

    /** The character here; NUL at the end, which no TOML text contains. */
    char peek() {
        return atEnd() ? END : text.charAt(offset);
    }

    /** How far it has come, for {@link #since}. */
    int offset() {
        return offset;
    }

    /** What was stepped over since. */
    String since(int from) {
        return text.substring(from, offset);
    }

    Place place() {
        return new Place(line, column);
    }

    void next() {
        if (atEnd()) {
            return;
        }
        char passed = text.charAt(offset++);
        if (passed == '\n') {
            line++;
            column = 1;
        } else if (!Character.isLowSurrogate(passed)) {
            column++;
        }
    }

    /** Steps over one such character if it is here. */
    boolean skip(char expected) {
        boolean here = !atEnd() && peek() == expected;
        if (here) {
            next();
        }
        return here;
    }

    /** Steps over blanks within the line. */
    void skipBlanks() {
        while (!atEnd() && isOneOf(" \t\r")) {
            next();
        }
    }

    /** Steps over what may stand between elements: blanks, line ends, commas and comments. */
    void skipToElement() {
        while (!atEnd() && isOneOf(" \t\r\n,#")) {
            if (peek() == '#') {
                skipLine();
            } else {
                next();
            }
        }
    }

    /** Steps to the end of the line. */
    void skipLine() {
        while (!atEnd() && peek() != '\n') {
            next();
        }
    }

    /** Reads one part of a dotted key, quoted or bare. */
    String keyPart() {
        int start = offset;
        if (isOneOf("\"'")) {
            skipString();
            return text.substring(start + 1, Math.max(start + 1, offset - 1));
        }
        do {
            next();
        } while (!atEnd() && !isOneOf(" \t\r\n.=]},#"));
        return text.substring(start, offset);
    }

    /** Steps over a string of any of the four kinds. */
    void skipString() {
        char quote = peek();
        String three = String.valueOf(quote).repeat(3);
        String closing = text.startsWith(three, offset) ? three : three.substring(2);
        skip(closing.length());
        while (!atEnd() && !text.startsWith(closing, offset)) {
            skip(quote == '"' && peek() == '\\' ? 2 : 1);
        }
        skip(closing.length());
        // Up to two quotes may stand before the closing three: """He said "no"""""
        while (closing.length() == 3 && skip(quote)) {}
    }

    /** Steps over a number, a boolean or a date, which may have a blank in it. */
    void skipBareValue() {
        do {
            next();
        } while (!atEnd() && !isOneOf(",]}#\n"));
    }

    /** Steps over an array or inline table with all that is in it; counts brackets, so depth costs nothing. */
    void skipNested() {
        int depth = 0;
        do {
            if (isOneOf("\"'")) {
                skipString();
            } else if (peek() == '#') {
                skipLine();
            } else {
                depth += isOneOf("[{") ? 1 : isOneOf("]}") ? -1 : 0;
                next();
            }
        } while (!atEnd() && depth > 0);
    }

    private void skip(int characters) {
        for (int i = 0; i < characters; i++) {
            next();
        }
    }

    private boolean isOneOf(String characters) {
        return characters.indexOf(peek()) >= 0;
    }
}
