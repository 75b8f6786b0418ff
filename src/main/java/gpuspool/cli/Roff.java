package gpuspool.cli;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/** A manual page in the language of man(7). */
final class Roff {
    private static final int LONGEST_LINE = 78;

    private final StringBuilder page = new StringBuilder();
    private boolean afterHeading;

    /**
     * Begins a page.
     *
     * @param section 1 for commands, 5 for files
     */
    Roff(String name, int section, String version, String summary) {
        page.append(".\\\" Made by gpuspool man --all\n.TH ")
                .append(quoted(name.toUpperCase(Locale.ROOT)))
                .append(' ')
                .append(section)
                .append(' ')
                .append(LocalDate.now(ZoneOffset.UTC))
                .append(' ')
                .append(quoted("gpuspool " + version))
                .append(section == 1 ? " \"User Commands\"\n" : " \"File Formats\"\n")
                .append(".nh\n");
        section("NAME");
        // One line: apropos(1) reads it.
        line(escaped(name) + " \\- " + escaped(summary.replaceFirst("\\.$", "")));
    }

    Roff section(String title) {
        page.append(".SH ").append(quoted(title)).append('\n');
        afterHeading = true;
        return this;
    }

    /** A paragraph. */
    Roff text(String text) {
        // Behind a heading one begins by itself.
        page.append(afterHeading ? "" : ".PP\n");
        filled(text);
        return this;
    }

    /** Something in bold, and below it, further in, what it is. */
    Roff item(String name, String text) {
        page.append(".TP\n.B ").append(quoted(name)).append('\n');
        filled(text);
        return this;
    }

    /** One more paragraph of an item. */
    Roff more(String text) {
        page.append(".IP\n");
        filled(text);
        return this;
    }

    /** Text as it is to be typed, line by line. */
    Roff code(String text) {
        page.append(afterHeading ? "" : ".PP\n").append(".RS 4\n.nf\n");
        text.lines().forEach(line -> line(escaped(line)));
        page.append(".fi\n.RE\n");
        return this;
    }

    /** Text that is filled anyway, in lines of a usual length. */
    private void filled(String text) {
        StringBuilder line = new StringBuilder();
        for (String word : escaped(text).split(" ", -1)) {
            if (!line.isEmpty() && line.length() + word.length() >= LONGEST_LINE) {
                line(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        line(line.toString());
    }

    private void line(String escaped) {
        afterHeading = false;
        // At the beginning of a line these two would command.
        page.append(escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" : "")
                .append(escaped)
                .append('\n');
    }

    private static String quoted(String text) {
        return "\"" + escaped(text).replace("\"", "\\(dq") + "\"";
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.replace('\n', ' ').codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> escaped.append("\\e");
                case '-' -> escaped.append("\\-");
                case '\'' -> escaped.append("\\(aq");
                case '`' -> escaped.append("\\(ga");
                case '^' -> escaped.append("\\(ha");
                case '~' -> escaped.append("\\(ti");
                default -> {
                    if (c < 0x80) {
                        escaped.appendCodePoint(c);
                    } else {
                        escaped.append("\\[u").append(String.format("%04X", c)).append(']');
                    }
                }
            }
        });
        return escaped.toString();
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
