package gpuspool.top;

import gpuspool.view.TerminalText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A job's output as lines of plain text: what a terminal would show in the end, without colours. */
final class LogLines {
    private static final Pattern COLOUR = Pattern.compile("\\x1b\\[[0-9;:]{0,48}m");
    private static final int TAB = 8;

    private LogLines() {}

    /** @param whole whether the bytes begin where a line begins; else the first line, of which a part is missing, is left out */
    static List<String> of(byte[] bytes, boolean whole) throws IOException {
        String text = COLOUR.matcher(new String(TerminalText.of(bytes), StandardCharsets.UTF_8))
                .replaceAll("");
        List<String> lines = new ArrayList<>();
        int at = whole ? 0 : text.indexOf('\n') + 1;
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end;
            lines.add(untabbed(settled(text.substring(at, end))));
            at = end + 1;
        }
        return lines.subList(Math.max(0, lines.size() - LogView.MOST_LINES), lines.size());
    }

    /** A progress bar returns to the beginning of its line again and again; the last is what stands there. */
    private static String settled(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\r') {
            end--;
        }
        return line.substring(line.lastIndexOf('\r', end - 1) + 1, end);
    }

    private static String untabbed(String line) {
        if (line.indexOf('\t') < 0) {
            return line;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            text.append(c == '\t' ? " ".repeat(TAB - text.length() % TAB) : String.valueOf(c));
        }
        return text.toString();
    }
}
