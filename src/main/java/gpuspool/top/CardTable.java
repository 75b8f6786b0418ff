package gpuspool.top;

import gpuspool.gpu.Reading;
import gpuspool.view.CardPage;
import gpuspool.view.CardView;
import gpuspool.view.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;

/** The lines of the cards, in columns as wide as the screen lets them be. */
final class CardTable {
    private static final double GIB = 1L << 30;
    private static final int PERCENT = 100;
    private static final int MILLI = 1000;
    private static final int WIDE = 100;
    private static final int MIDDLE = 70;
    private static final int NARROW = 50;

    private final List<Row.OfCard> cards;
    private final int columns;
    private final Glyphs glyphs;
    private final Paint paint;
    private final boolean hosts;
    private final boolean figures;

    CardTable(List<Row.OfCard> cards, int columns, Glyphs glyphs, Paint paint) {
        this.cards = cards;
        this.columns = columns;
        this.glyphs = glyphs;
        this.paint = paint;
        hosts = cards.stream().map(row -> row.host().host()).distinct().count() > 1;
        figures = cards.stream()
                .anyMatch(row -> row.card().memory().isPresent()
                        || row.card().figures().utilisation().isPresent());
    }

    private int bar() {
        return columns >= WIDE ? 10 : columns >= MIDDLE ? 6 : columns >= NARROW ? 4 : 0;
    }

    private int state() {
        return columns >= NARROW ? 10 : 8;
    }

    /** @param old how old what is said is; empty text where it is new */
    AttributedString title(String old) {
        long free =
                cards.stream().filter(row -> row.card().state().equals("free")).count();
        String title = cards.isEmpty() ? "GPUS" : "GPUS  " + free + " of " + cards.size() + " free";
        AttributedStyle style = paint.title();
        Cells cells = new Cells(glyphs, columns);
        if (!figures || columns < MIDDLE || hosts) {
            return cells.rest(title + (old.isEmpty() ? "" : "  " + old), style);
        }
        cells.add(free + "/" + cards.size() + " free", 10, style).add("MEMORY", bar() + 8, style);
        cells.add("UTIL", bar() + 6, style).add("TEMP", 5, style);
        return cells.add(columns >= WIDE ? "POWER" : "", columns >= WIDE ? 10 : 0, style)
                .add("STATE", state() + 1, style)
                .rest("WHO" + (old.isEmpty() ? "" : "  " + old), style);
    }

    AttributedString line(Row.OfCard row, boolean selected) {
        CardView card = row.card();
        Cells cells = new Cells(glyphs, columns);
        cells.add(selected ? ">" : " ", 1, paint.plain());
        if (hosts) {
            cells.add(row.host().host(), Math.min(12, columns / 5), paint.plain())
                    .gap(1);
        }
        String index = card.index().isPresent() ? Integer.toString(card.index().getAsInt()) : "-";
        cells.right(index, 3, paint.plain()).gap(1);
        if (figures) {
            addFigures(cells, card);
        }
        cells.add(card.state(), state(), paint.card(card.state())).gap(1);
        return cells.rest(who(card), paint.plain());
    }

    private void addFigures(Cells cells, CardView card) {
        Optional<Reading.Memory> memory = card.memory().filter(of -> of.total() > 0);
        double used =
                memory.isPresent() ? (double) memory.get().used() / memory.get().total() : 0;
        boolean known = memory.isPresent();
        cells.add(known ? glyphs.bar(used, bar()) : "", bar(), paint.load(used * PERCENT))
                .gap(bar() > 0 ? 1 : 0);
        cells.right(known ? gib(memory.get()) : "-", columns >= MIDDLE ? 11 : 7, paint.plain())
                .gap(1);
        Reading.Figures told = card.figures();
        int load = told.utilisation().orElse(0);
        boolean loadKnown = told.utilisation().isPresent();
        cells.add(loadKnown ? glyphs.bar((double) load / PERCENT, bar()) : "", bar(), paint.load(load));
        cells.right(loadKnown ? load + "%" : "-", bar() > 0 ? 5 : 4, paint.plain())
                .gap(1);
        if (columns >= MIDDLE) {
            cells.right(told.temperature().isPresent() ? told.temperature().getAsInt() + "C" : "-", 4, paint.plain());
            cells.gap(1);
        }
        if (columns >= WIDE) {
            cells.right(power(told), 9, paint.plain()).gap(1);
        }
    }

    private String gib(Reading.Memory memory) {
        String format = columns >= MIDDLE ? "%.1f/%.1fG" : "%.0f/%.0fG";
        return String.format(Locale.ROOT, format, memory.used() / GIB, memory.total() / GIB);
    }

    private static String power(Reading.Figures figures) {
        String most =
                figures.powerLimit().isPresent() ? "/" + figures.powerLimit().getAsInt() / MILLI : "";
        return figures.power().isPresent() ? figures.power().getAsInt() / MILLI + most + "W" : "-";
    }

    private static String who(CardView card) {
        List<String> parts = new ArrayList<>();
        for (CardView.User job : card.jobs()) {
            String doing = job.state().equals("running") ? "" : " " + job.state();
            parts.add(job.name() + " " + job.user() + " " + Words.time(job.millis()) + doing);
        }
        parts.addAll(CardPage.others(card));
        return String.join("; ", parts);
    }
}
