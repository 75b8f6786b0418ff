package gpuspool.top;

import gpuspool.view.Words;
import org.jline.utils.WCWidth;

/**
 * Texts as columns of a screen: escaped, on one line, and as wide as is said here on every terminal. What terminals do not agree on
 * (emoji joined to one, flags made of two letters) is taken apart.
 */
final class Glyphs {
    private static final int FIRST_FLAG_LETTER = 0x1f1e6;
    private static final int LAST_FLAG_LETTER = 0x1f1ff;

    private final boolean utf8;

    /** @param utf8 whether the terminal shows more than ASCII */
    Glyphs(boolean utf8) {
        this.utf8 = utf8;
    }

    /** What cuts a text short. */
    String more() {
        return utf8 ? "…" : "~";
    }

    /** The text, safe for one line of any terminal. */
    String line(String text) {
        String safe = Words.line(text);
        if (isPlain(safe)) {
            return safe;
        }
        StringBuilder line = new StringBuilder(safe.length());
        safe.codePoints().forEach(point -> append(point, line));
        return line.toString();
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x7f) {
                return false;
            }
        }
        return true;
    }

    private void append(int point, StringBuilder line) {
        int width = WCWidth.wcwidth(point);
        if (point >= FIRST_FLAG_LETTER && point <= LAST_FLAG_LETTER) {
            line.append((char) ('A' + point - FIRST_FLAG_LETTER));
        } else if (isJoiner(point)) {
            return;
        } else if (!utf8 && point >= 0x7f) {
            line.append("?".repeat(Math.max(0, width)));
        } else if (width < 0 || Character.isSurrogate((char) point) && point < 0x10000) {
            line.append("\\u{").append(Integer.toHexString(point)).append('}');
        } else {
            line.appendCodePoint(point);
        }
    }

    /** Zero-width joiners and spaces, variation selectors, skin tones, tags. */
    private static boolean isJoiner(int point) {
        return point >= 0x200b && point <= 0x200f
                || point >= 0xfe00 && point <= 0xfe0f
                || point >= 0x1f3fb && point <= 0x1f3ff
                || point == 0x2060
                || point == 0xfeff
                || point >= 0xe0000 && point <= 0xe01ef;
    }

    /** Columns that a text of {@link #line} takes. */
    static int width(String line) {
        int width = 0;
        for (int i = 0; i < line.length(); ) {
            int point = line.codePointAt(i);
            width += point < 0x7f ? 1 : Math.max(0, WCWidth.wcwidth(point));
            i += Character.charCount(point);
        }
        return width;
    }

    /** The text in exactly so many columns, cut or filled up with blanks. */
    String fit(String text, int columns) {
        String line = line(text);
        int width = width(line);
        if (width > columns) {
            line = columns < 1 ? "" : line.substring(0, end(line, 0, columns - 1)) + more();
            width = width(line);
        }
        return line + " ".repeat(Math.max(0, columns - width));
    }

    /** The same with the blanks before it. */
    String fitRight(String text, int columns) {
        String line = fit(text, columns).stripTrailing();
        return " ".repeat(Math.max(0, columns - width(line))) + line;
    }

    /** Where a part of a line ends that begins at {@code from} and takes at most so many columns. */
    static int end(String line, int from, int columns) {
        int at = from;
        int width = 0;
        while (at < line.length()) {
            int point = line.codePointAt(at);
            width += point < 0x7f ? 1 : Math.max(0, WCWidth.wcwidth(point));
            if (width > columns) {
                break;
            }
            at += Character.charCount(point);
        }
        return at;
    }

    /** A share of something, drawn. */
    String bar(double share, int columns) {
        int full = (int) Math.round(Math.max(0, Math.min(1, share)) * columns);
        return (utf8 ? "█" : "#").repeat(full) + (utf8 ? "·" : ".").repeat(columns - full);
    }
}
