package gpuspool.view;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns, as wide as they have to be. */
public final class Table {
    /** A longer cell pushes the rest of its own line aside, but not the column. */
    private static final int WIDEST = 44;

    private final List<String[]> rows = new ArrayList<>();

    public Table row(String... cells) {
        rows.add(cells);
        return this;
    }

    public int size() {
        return rows.size();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        int[] widths = widths();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                int used = i < row.length - 1 ? length(row[i]) : widths[i];
                line.append(row[i]).append(" ".repeat(Math.max(0, widths[i] - used)));
                line.append(i < row.length - 1 ? "  " : "");
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private int[] widths() {
        int[] widths = new int[rows.isEmpty() ? 0 : rows.get(0).length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                int length = length(row[i]);
                widths[i] = length > widths[i] && length <= WIDEST ? length : widths[i];
            }
        }
        return widths;
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
