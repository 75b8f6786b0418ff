package gpuspool.top;

import gpuspool.spool.JobRow;
import gpuspool.view.Words;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;

/** The lines of the jobs, section by section, in columns that all of them share. */
final class JobTable {
    private static final int WIDE = 100;
    private static final int MIDDLE = 60;
    private static final int NARROW = 50;
    private static final int TITLE = 12;
    private static final int TIME = 8;
    private static final int USER = 8;

    private final int columns;
    private final Glyphs glyphs;
    private final Paint paint;
    private final int job;

    JobTable(List<Row> rows, int columns, Glyphs glyphs, Paint paint) {
        this.columns = columns;
        this.glyphs = glyphs;
        this.paint = paint;
        int widest = TITLE;
        for (Row row : rows) {
            if (row instanceof Row.OfJob of) {
                widest = Math.max(widest, Glyphs.width(glyphs.line(name(of))));
            }
        }
        job = Math.min(widest, columns >= WIDE ? 32 : columns >= MIDDLE ? 20 : TITLE);
    }

    private static String name(Row.OfJob row) {
        return row.section().isQueue() ? row.job().command() : row.job().job();
    }

    AttributedString title(Section section, int count) {
        String what = switch (section) {
            case RUNNING -> "WHERE AND WHAT";
            case QUEUED -> "WAITS FOR";
            case HELD -> "";
            default -> "ENDING";
        };
        AttributedStyle style = paint.title();
        Cells cells = new Cells(glyphs, columns).gap(1);
        cells.add(section + " " + Words.number(count), job, style).gap(1);
        if (columns >= NARROW) {
            cells.add("USER", USER, style).gap(1);
        }
        return cells.right("TIME", TIME, style).gap(1).rest(what, style);
    }

    AttributedString line(Row.OfJob row, boolean selected) {
        Cells cells = new Cells(glyphs, columns).add(selected ? ">" : " ", 1, paint.plain());
        cells.add(name(row), job, paint.job(row)).gap(1);
        if (columns >= NARROW) {
            cells.add(row.user(), USER, paint.plain()).gap(1);
        }
        cells.right(Words.time(row.job().millis()), TIME, paint.plain()).gap(1);
        return cells.rest(rest(row), paint.plain());
    }

    private static String rest(Row.OfJob row) {
        JobRow job = row.job();
        List<String> parts = new ArrayList<>();
        switch (row.section()) {
            case RUNNING -> {
                if (!job.devices().isEmpty()) {
                    parts.add("GPU " + Words.cards(job.devices(), job.indices()));
                }
                if (!job.state().equals("running")) {
                    parts.add(job.state());
                }
                if (!job.reason().isEmpty()) {
                    parts.add("(" + job.reason() + ")");
                }
                parts.add(job.command());
            }
            case ENDED -> {
                parts.add(job.state());
                if (job.state().equals("refused") && !job.reason().isEmpty()) {
                    parts.add("(" + job.reason() + ")");
                }
                parts.add(job.command());
            }
            default -> parts.add(job.reason());
        }
        return String.join("  ", parts);
    }
}
