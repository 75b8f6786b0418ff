package gpuspool.top;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What is shown of one job's output, or of a file that waits.
 *
 * @param key of the row that it belongs to
 * @param title one line
 * @param lines from the last ones of the output; may hold anything but what rules a terminal
 */
public record LogView(String key, String title, List<String> lines) {
    /** As far as one can scroll back. */
    static final int MOST_LINES = 5000;

    static final LogView NOTHING = new LogView("", "", List.of());

    /**
     * The part that is on the screen, long lines folded.
     *
     * @param up how many lines it is scrolled back from the end
     * @param rows at most so many lines come back
     */
    List<String> part(int columns, int rows, int up, Glyphs glyphs) {
        List<String> folded = new ArrayList<>();
        // From the end, and no further than is shown: folding everything at each look would cost too much.
        for (int i = lines.size() - 1; i >= 0 && folded.size() < rows + up; i--) {
            List<String> parts = fold(glyphs.line(lines.get(i)), Math.max(1, columns));
            for (int part = parts.size() - 1; part >= 0; part--) {
                folded.add(parts.get(part));
            }
        }
        int from = Math.max(0, Math.min(up, folded.size() - rows));
        List<String> part = new ArrayList<>(folded.subList(from, Math.min(folded.size(), from + rows)));
        Collections.reverse(part);
        return part;
    }

    private static List<String> fold(String line, int columns) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        do {
            int end = Math.max(Glyphs.end(line, at, columns), Math.min(line.length(), at + 1));
            parts.add(line.substring(at, end));
            at = end;
        } while (at < line.length());
        return parts;
    }
}
