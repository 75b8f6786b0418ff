package gpuspool.report;

import gpuspool.view.Words;
import java.util.Locale;

/** HTML and SVG as text, built piece by piece. What is not said to be markup is escaped, whoever wrote it. */
final class Html {
    private final StringBuilder text = new StringBuilder(1 << 16);

    /** Markup of our own. */
    Html raw(String markup) {
        text.append(markup);
        return this;
    }

    /** Any text. */
    Html text(String any) {
        text.append(escape(any));
        return this;
    }

    /** An element with nothing in it but a text; {@code tag} may have attributes. */
    Html element(String tag, String any) {
        int blank = tag.indexOf(' ');
        String name = blank < 0 ? tag : tag.substring(0, blank);
        text.append('<').append(tag).append('>');
        return text(any).raw("</" + name + ">");
    }

    /** Begins a section; {@code attributes} are markup, or empty text. */
    Html section(String attributes, String title, String note) {
        return raw("<section" + attributes + ">").element("h2", title).element("p class=\"note\"", note);
    }

    /** The first row of a table; a {@code #} before a word says that the column has numbers. */
    Html headings(String... words) {
        raw("<tr>");
        for (String word : words) {
            boolean number = word.startsWith("#");
            element("th" + (number ? " class=\"n\"" : ""), number ? word.substring(1) : word);
        }
        return raw("</tr>");
    }

    /** Also without what turns the direction of writing or cannot stand in a document at all. */
    static String escape(String any) {
        String line = Words.line(any);
        StringBuilder safe = new StringBuilder(line.length() + 16);
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.append(Character.isSurrogate(c) && !isPaired(line, i) ? '\ufffd' : c);
            }
        }
        return safe.toString();
    }

    private static boolean isPaired(String line, int i) {
        return Character.isHighSurrogate(line.charAt(i))
                ? i + 1 < line.length() && Character.isLowSurrogate(line.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(line.charAt(i - 1));
    }

    /** A rectangle: {@code x} and {@code width} in percent of the picture, the rest in its units. */
    Html bar(double x, double width, double y, double height, String kind, String title) {
        text.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.3f%%\" width=\"%.3f%%\" y=\"%.1f\" height=\"%.1f\" class=\"%s\">",
                x,
                width,
                y,
                height,
                kind));
        if (!title.isEmpty()) {
            text.append("<title>").append(escapeLines(title)).append("</title>");
        }
        text.append("</rect>");
        return this;
    }

    /** Line feeds of our own between texts of others, which have none by then. */
    private static String escapeLines(String title) {
        StringBuilder safe = new StringBuilder();
        for (String line : title.split("\n", -1)) {
            safe.append(safe.isEmpty() ? "" : "\n").append(escape(line));
        }
        return safe.toString();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
