package gpuspool.job;

import java.util.List;
import java.util.regex.Pattern;

/** Writes TOML that reads as the same values again. */
final class TomlText {
    private static final Pattern BARE_KEY = Pattern.compile("[A-Za-z0-9_-]+");

    private final StringBuilder text = new StringBuilder();

    /** A line for people. */
    TomlText comment(String line) {
        text.append("# ").append(Printable.escape(line)).append('\n');
        return this;
    }

    /** What follows belongs to this table. */
    TomlText table(String... path) {
        text.append("\n[");
        for (int i = 0; i < path.length; i++) {
            text.append(i == 0 ? "" : ".").append(key(path[i]));
        }
        text.append("]\n");
        return this;
    }

    /** A key and its value, which is no table. */
    TomlText line(String key, Value value) {
        text.append(key(key)).append(" = ").append(value(value)).append('\n');
        return this;
    }

    TomlText line(String key, String value) {
        text.append(key(key)).append(" = ").append(string(value)).append('\n');
        return this;
    }

    TomlText line(String key, long value) {
        text.append(key(key)).append(" = ").append(value).append('\n');
        return this;
    }

    private static String key(String key) {
        return BARE_KEY.matcher(key).matches() ? key : quoted(key);
    }

    private static String value(Value value) {
        if (value instanceof Value.Text word) {
            return string(word.text());
        } else if (value instanceof Value.Whole whole) {
            return whole.written();
        } else if (value instanceof Value.Other other) {
            return other.written();
        } else if (value instanceof Value.Array array) {
            List<String> elements =
                    array.elements().stream().map(TomlText::value).toList();
            return "[" + String.join(", ", elements) + "]";
        }
        throw new IllegalArgumentException("not a value of one line: " + value.kind());
    }

    private static String string(String value) {
        return value.indexOf('\n') < 0 ? quoted(value) : lines(value);
    }

    static String quoted(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            quoted.append(c == '"' ? "\\\"" : escaped(c));
        }
        return quoted.append('"').toString();
    }

    /** Line by line, so that a script stays readable; a line feed after the opening quotes is none of the text. */
    private static String lines(String value) {
        StringBuilder lines = new StringBuilder("\"\"\"\n");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean closes = c == '"' && (i + 1 == value.length() || value.startsWith("\"\"", i - 2));
            boolean plain = c == '\n' || c == '\t' || c == '"' && !closes;
            lines.append(plain ? String.valueOf(c) : closes ? "\\\"" : escaped(c));
        }
        return lines.append("\"\"\"").toString();
    }

    private static String escaped(char c) {
        return switch (c) {
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> c < ' ' || c == 0x7f ? String.format("\\u%04X", (int) c) : String.valueOf(c);
        };
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
