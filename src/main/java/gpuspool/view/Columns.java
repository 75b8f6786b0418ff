package gpuspool.view;

/** How many columns of a terminal a text takes: two for each wide character, none for an accent that joins the one before. */
public final class Columns {
    private static final char ESCAPE = 0x1b;
    /** Below this, every character takes one. */
    private static final int FIRST_ODD = 0x300;

    private Columns() {}

    /** Of a text without line feeds and colours. */
    public static int of(String text) {
        int columns = 0;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            columns += of(text.codePointAt(at));
        }
        return columns;
    }

    private static int of(int character) {
        if (character < FIRST_ODD) {
            return 1;
        }
        int type = Character.getType(character);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        return character >= WideCharacters.FIRST && WideCharacters.has(character) ? 2 : 1;
    }

    /** The text, or as much of its beginning as fits, with an … that says so. Colours take no room, and are ended. */
    public static String cut(String text, int most) {
        if (text.length() <= most / 2) {
            return text;
        }
        int columns = 0;
        // The last place where there is room for the … still.
        int last = 0;
        boolean coloured = false;
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) == ESCAPE) {
                int end = text.indexOf('m', at);
                at = end < 0 ? text.length() : end + 1;
                coloured = true;
                continue;
            }
            int character = text.codePointAt(at);
            columns += of(character);
            if (columns > most) {
                return text.substring(0, last) + (most > 0 ? "…" : "") + (coloured ? "\u001b[0m" : "");
            }
            at += Character.charCount(character);
            if (columns < most) {
                last = at;
            }
        }
        return text;
    }
}
