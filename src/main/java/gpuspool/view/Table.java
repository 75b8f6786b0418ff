package gpuspool.view;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns, as wide as they have to be; nothing in a cell rules a terminal. */
public final class Table {
    /** A longer cell pushes the rest of its own line aside, but not the column. */
    private static final int WIDEST = 44;

    private static final int GAP = 2;
    /** A column that gives way to others keeps as much. */
    private static final int LEAST = 12;

    private static final int NONE = -1;

    private final List<String[]> rows = new ArrayList<>();
    private final List<Ink> inks = new ArrayList<>();
    private int inkColumn = NONE;
    private int giving = NONE;

    public Table row(String... cells) {
        return row(Ink.PLAIN, cells);
    }

    /** A row with one cell in colour: that of {@link #inked}. */
    public Table row(Ink ink, String... cells) {
        String[] safe = new String[cells.length];
        for (int i = 0; i < cells.length; i++) {
            safe[i] = Words.safe(cells[i]);
        }
        rows.add(safe);
        inks.add(ink);
        return this;
    }

    /** In which column the colours of rows are. */
    public Table inked(int column) {
        inkColumn = column;
        return this;
    }

    /** Which column is cut, besides the last one, where not all of a line fits; where none is named, nothing is cut. */
    public Table cutting(int column) {
        giving = column;
        return this;
    }

    public int size() {
        return rows.size();
    }

    @Override
    public String toString() {
        return text(Style.PLAIN);
    }

    public String text(Style style) {
        StringBuilder text = new StringBuilder();
        int[] widths = widths();
        int room = giving == NONE ? Style.WHOLE : style.columns();
        int given = room == Style.WHOLE ? Style.WHOLE : roomOfGiving(widths, room);
        for (int row = 0; row < rows.size(); row++) {
            String line = line(row, widths, Style.WHOLE, style);
            if (room != Style.WHOLE && (isWider(row, widths, room) || widths[giving] > given)) {
                int[] narrow = widths.clone();
                narrow[giving] = Math.min(widths[giving], given);
                line = Columns.cut(line(row, narrow, given, style), room);
            }
            text.append(line).append('\n');
        }
        return text.toString();
    }

    private String line(int row, int[] widths, int given, Style style) {
        String[] cells = rows.get(row);
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            String cell = i == giving && given != Style.WHOLE ? Columns.cut(cells[i], given) : cells[i];
            boolean last = i == cells.length - 1;
            line.append(i == inkColumn ? style.paint(inks.get(row), cell) : cell);
            line.append(last ? "" : " ".repeat(Math.max(0, widths[i] - Columns.of(cell)) + GAP));
        }
        return stripped(line);
    }

    private static String stripped(StringBuilder line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == ' ') {
            end--;
        }
        return line.substring(0, end);
    }

    private boolean isWider(int row, int[] widths, int room) {
        String[] cells = rows.get(row);
        int columns = 0;
        for (int i = 0; i < cells.length; i++) {
            int own = Columns.of(cells[i]);
            columns += i == cells.length - 1 ? own : Math.max(widths[i], own) + GAP;
        }
        return columns > room;
    }

    /** How wide the column that gives way may be, so that the last one has a third of what the two have. */
    private int roomOfGiving(int[] widths, int room) {
        int last = widths.length - 1;
        int left = room;
        for (int i = 0; i < last; i++) {
            left -= GAP + (i == giving ? 0 : widths[i]);
        }
        int ends = Math.min(widest(last), Math.max(left / 3, left - widest(giving)));
        return Math.max(LEAST, left - ends);
    }

    private int widest(int column) {
        int widest = 0;
        for (int i = 0; i < rows.size(); i++) {
            widest = Math.max(widest, Columns.of(rows.get(i)[column]));
        }
        return widest;
    }

    private int[] widths() {
        int[] widths = new int[rows.isEmpty() ? 0 : rows.get(0).length];
        for (int row = 0; row < rows.size(); row++) {
            String[] cells = rows.get(row);
            for (int i = 0; i < cells.length; i++) {
                int length = Columns.of(cells[i]);
                widths[i] = length > widths[i] && length <= WIDEST ? length : widths[i];
            }
        }
        return widths;
    }
}
