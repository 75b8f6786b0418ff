package gpuspool.top;

import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** One line of the screen as it is put together, cell by cell; never wider than it may be. */
final class Cells {
    private final AttributedStringBuilder line = new AttributedStringBuilder();
    private final Glyphs glyphs;
    private final int columns;
    private int used;

    Cells(Glyphs glyphs, int columns) {
        this.glyphs = glyphs;
        this.columns = columns;
    }

    /** A cell of so many columns. */
    Cells add(String text, int width, AttributedStyle style) {
        int room = Math.max(0, Math.min(width, columns - used));
        line.append(glyphs.fit(text, room), style);
        used += room;
        return this;
    }

    /** The same, its text to the right. */
    Cells right(String text, int width, AttributedStyle style) {
        int room = Math.max(0, Math.min(width, columns - used));
        line.append(glyphs.fitRight(text, room), style);
        used += room;
        return this;
    }

    Cells gap(int width) {
        return add("", width, AttributedStyle.DEFAULT);
    }

    /** What is left of the line. */
    AttributedString rest(String text, AttributedStyle style) {
        add(text, columns - used, style);
        return line.toAttributedString();
    }

    /** Columns that are left. */
    int left() {
        return columns - used;
    }
}
