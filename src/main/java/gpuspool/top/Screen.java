package gpuspool.top;

import gpuspool.view.CardBoard;
import gpuspool.view.Words;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** What is on the screen: of what was seen and what the user did, its lines. Values in, values out. */
final class Screen {
    /** A smaller one shows nothing but that it is too small. */
    static final int LEAST_COLUMNS = 20;

    static final int LEAST_ROWS = 5;

    /** What is older is said to be, in milliseconds. */
    private static final long FRESH_MILLIS = 5000;

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private final Scene scene;
    private final int columns;
    private final Glyphs glyphs;
    private final Paint paint;
    private final List<Row> rows;
    private final Frame frame;
    private final List<AttributedString> lines = new ArrayList<>();

    /**
     * What a screen shows.
     *
     * @param spool the spool's place
     * @param sight empty while nothing has been seen
     * @param troubles why something cannot be seen now
     * @param millis the time now, since 1970
     */
    record Scene(
            String spool, Optional<Sight> sight, List<String> troubles, Ui ui, LogView log, long millis, ZoneId zone) {

        List<String> alerts() {
            List<String> alerts = new ArrayList<>(troubles);
            sight.ifPresent(seen -> alerts.addAll(seen.alerts()));
            return alerts;
        }

        List<Row> rows() {
            return sight.map(seen -> seen.rows(ui.filter())).orElse(List.of());
        }

        Frame frame(int screenRows) {
            int cards =
                    (int) rows().stream().filter(Row.OfCard.class::isInstance).count();
            return Frame.of(screenRows, alerts().size(), cards, Entry.all(this).size(), ui.mode() == Ui.Mode.LOG);
        }
    }

    private Screen(Scene scene, int columns, int screenRows, Glyphs glyphs, Paint paint) {
        this.scene = scene;
        this.columns = columns;
        this.glyphs = glyphs;
        this.paint = paint;
        rows = scene.rows();
        frame = scene.frame(screenRows);
    }

    /** Exactly as many lines as the screen has, none wider than it. */
    static List<AttributedString> of(Scene scene, int columns, int screenRows, Glyphs glyphs, Paint paint) {
        Screen screen = new Screen(scene, columns, screenRows, glyphs, paint);
        if (columns < LEAST_COLUMNS || screenRows < LEAST_ROWS) {
            screen.lines.add(screen.cells().rest("too small", paint.plain()));
        } else if (scene.ui().mode() == Ui.Mode.HELP) {
            Help.LINES.forEach(line -> screen.lines.add(screen.cells().rest(line, paint.plain())));
        } else {
            screen.addAll();
        }
        int room = columns < LEAST_COLUMNS || screenRows < LEAST_ROWS ? screenRows : screenRows - 1;
        List<AttributedString> shown = new ArrayList<>(screen.lines.subList(0, Math.min(room, screen.lines.size())));
        while (shown.size() < room) {
            shown.add(AttributedString.EMPTY);
        }
        if (room < screenRows) {
            shown.add(screen.bottom());
        }
        return shown;
    }

    private Cells cells() {
        return new Cells(glyphs, columns);
    }

    private void addAll() {
        addHeader();
        if (frame.gpus() > 0) {
            addCards();
        }
        if (frame.list() > 0) {
            lines.addAll(jobs());
        }
        if (frame.log() > 0) {
            addLog();
        }
    }

    private void addHeader() {
        String clock = CLOCK.format(Instant.ofEpochMilli(scene.millis()).atZone(scene.zone()));
        String seen = scene.sight().map(Sight::watchers).orElse("looking");
        Cells cells = cells();
        String left = "gpuspool  " + scene.spool() + "  " + seen;
        cells.add(left, columns - clock.length() - 1, AttributedStyle.BOLD).gap(1);
        lines.add(cells.rest(clock, paint.plain()));
        List<String> alerts = scene.alerts();
        for (int i = 0; i < frame.alerts(); i++) {
            int more = i == frame.alerts() - 1 ? alerts.size() - frame.alerts() : 0;
            lines.add(cells().rest((more > 0 ? "(+" + more + ") " : "") + alerts.get(i), paint.alert()));
        }
    }

    private void addCards() {
        List<Row.OfCard> cards = new ArrayList<>();
        rows.forEach(row -> {
            if (row instanceof Row.OfCard card) {
                cards.add(card);
            }
        });
        CardTable table = new CardTable(cards, columns, glyphs, paint);
        CardBoard board = scene.sight().map(seen -> seen.snapshot().cards()).orElse(Looks.NO_BOARD);
        long age = scene.millis() - board.millis();
        boolean unseen = board.millis() == 0;
        lines.add(table.title(unseen ? "not seen yet" : age > FRESH_MILLIS ? "as of " + Words.time(age) + " ago" : ""));
        int room = frame.gpus() - 1;
        int at = scene.ui().index(rows);
        int from = start(at < cards.size() ? at : 0, cards.size(), room);
        for (int i = from; i < Math.min(cards.size(), from + room); i++) {
            lines.add(marked(table.line(cards.get(i), i == at), i == at));
        }
    }

    /** The selected row stands in the middle, as far as there is something on both sides of it. */
    private static int start(int at, int size, int room) {
        return Math.max(0, Math.min(at - room / 2, size - room));
    }

    private AttributedString marked(AttributedString line, boolean selected) {
        return selected ? new AttributedString(line.toString(), AttributedStyle.INVERSE) : line;
    }

    private List<AttributedString> jobs() {
        List<Entry> entries = Entry.all(scene);
        int at = scene.ui().index(rows);
        int selected = 0;
        for (int i = 0; i < entries.size(); i++) {
            selected = entries.get(i).row().filter(row -> row == at).isPresent() ? i : selected;
        }
        int from = start(selected, entries.size(), frame.list());
        JobTable table = new JobTable(rows, columns, glyphs, paint);
        List<AttributedString> shown = new ArrayList<>();
        for (int i = from; i < Math.min(entries.size(), from + frame.list()); i++) {
            Entry entry = entries.get(i);
            boolean first = i == from && frame.list() > 2 && entry.row().isPresent() && i != selected;
            if (first || entry.row().isEmpty() && entry.words().isEmpty()) {
                shown.add(table.title(entry.section(), count(entry.section())));
            } else if (entry.row().isEmpty()) {
                String more = entry.isMore() ? glyphs.more() + " " : "";
                shown.add(cells().rest("  " + more + entry.words(), paint.faint()));
            } else {
                Row.OfJob row = (Row.OfJob) rows.get(entry.row().get());
                shown.add(marked(table.line(row, i == selected), i == selected));
            }
        }
        while (shown.size() < frame.list()) {
            shown.add(AttributedString.EMPTY);
        }
        return shown;
    }

    private int count(Section section) {
        return scene.sight().map(seen -> seen.count(section)).orElse(0);
    }

    private void addLog() {
        Ui ui = scene.ui();
        Optional<Row> selected = ui.selected(rows);
        boolean mine =
                selected.isPresent() && selected.get().key().equals(scene.log().key());
        LogView log = mine ? scene.log() : LogView.NOTHING;
        String follows = ui.mode() == Ui.Mode.LOG ? ui.up() == 0 ? "  (follows)" : "  (" + ui.up() + " lines up)" : "";
        lines.add(cells().rest(log.title() + follows, paint.title()));
        lines.addAll(log.part(columns, frame.log() - 1, ui.up(), glyphs).stream()
                .map(line -> new AttributedString(line))
                .toList());
    }

    private AttributedString bottom() {
        Ui ui = scene.ui();
        // The last column of the last line stays empty: some terminals scroll when it is written.
        Cells cells = new Cells(glyphs, columns - 1);
        if (ui.mode() == Ui.Mode.FILTER) {
            return cells.rest("/" + ui.filter() + "_   Enter: done  Esc: all", AttributedStyle.BOLD);
        }
        if (ui.mode() == Ui.Mode.ASK) {
            return cells.rest(ui.ask().map(Ui.Deed::shown).orElse("") + "? y/n", paint.alert());
        }
        if (ui.mode() == Ui.Mode.LIST && ui.told().isPresent()) {
            Ui.Told told = ui.told().get();
            return cells.rest(told.text(), told.well() ? paint.good() : paint.alert());
        }
        String filter = ui.filter().isEmpty() ? "" : "filter: " + ui.filter() + " (Esc: all)  ";
        AttributedStringBuilder hints = new AttributedStringBuilder();
        hints.append(cells.add(filter, Glyphs.width(glyphs.line(filter)), AttributedStyle.BOLD)
                .rest(ui.mode() == Ui.Mode.LOG ? Help.LOG_HINTS : Help.HINTS, paint.faint()));
        return hints.toAttributedString();
    }
}
