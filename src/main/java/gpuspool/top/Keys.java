package gpuspool.top;

import java.util.List;
import java.util.Optional;

/** What keys do: the screen's state and a key in, the next state and what is to be done out. */
final class Keys {
    private static final int LONGEST_FILTER = 100;
    private static final String PASTED = "pasted text does nothing here; behind / it is a filter";

    private final List<Row> rows;
    private final boolean stopped;
    private final int page;
    private final int logPage;

    /**
     * For a screen that shows this.
     *
     * @param rows those that can be selected
     * @param stopped whether the spool is paused or draining
     */
    Keys(List<Row> rows, boolean stopped, Frame frame) {
        this.rows = rows;
        this.stopped = stopped;
        page = Math.max(1, frame.list() - 1);
        logPage = Math.max(1, frame.log() - 1);
    }

    /** What a key comes to. */
    record Step(Ui ui, Wish wish) {}

    /** What is to be done outside the screen. */
    sealed interface Wish {}

    record Nothing() implements Wish {}

    record Quit() implements Wish {}

    record Redraw() implements Wish {}

    record Perform(Ui.Deed deed) implements Wish {}

    private static Step stay(Ui ui) {
        return new Step(ui, new Nothing());
    }

    Step press(Ui ui, Key key) {
        if (key.kind() == Key.Kind.INTERRUPT) {
            return new Step(ui, new Quit());
        }
        if (key.kind() == Key.Kind.REDRAW) {
            return new Step(ui, new Redraw());
        }
        if (key.kind() == Key.Kind.PASTE && ui.mode() != Ui.Mode.FILTER && ui.mode() != Ui.Mode.ASK) {
            return stay(ui.with(Optional.of(new Ui.Told(false, PASTED))));
        }
        return switch (ui.mode()) {
            case ASK -> answer(ui, key);
            case FILTER -> stay(typed(ui, key));
            case HELP -> key.text().equals("q") ? new Step(ui, new Quit()) : stay(ui.with(Ui.Mode.LIST));
            case LOG -> log(ui, key);
            case LIST -> list(ui, key);
        };
    }

    private static Step answer(Ui ui, Key key) {
        Ui after = new Ui(ui.key(), ui.at(), ui.filter(), Ui.Mode.LIST, Optional.empty(), ui.up(), ui.told());
        if (key.kind() == Key.Kind.TEXT && key.text().equalsIgnoreCase("y")) {
            return perform(after, ui.ask().orElseThrow());
        }
        return stay(after.with(Optional.of(new Ui.Told(true, "nothing done"))));
    }

    private static Step perform(Ui ui, Ui.Deed deed) {
        return new Step(ui.with(Optional.of(new Ui.Told(true, deed.shown() + " …"))), new Perform(deed));
    }

    private static Ui typed(Ui ui, Key key) {
        return switch (key.kind()) {
            case ENTER -> ui.with(Ui.Mode.LIST);
            case ESCAPE -> ui.withFilter("").with(Ui.Mode.LIST);
            case BACKSPACE ->
                ui.withFilter(
                        ui.filter().isEmpty()
                                ? ""
                                : ui.filter()
                                        .substring(
                                                0,
                                                ui.filter()
                                                        .offsetByCodePoints(
                                                                ui.filter().length(), -1)));
            case TEXT -> more(ui, key.text());
            case PASTE -> more(ui, key.text().strip());
            default -> ui;
        };
    }

    private static Ui more(Ui ui, String text) {
        int room = LONGEST_FILTER - ui.filter().codePointCount(0, ui.filter().length());
        StringBuilder filter = new StringBuilder(ui.filter());
        text.codePoints().limit(Math.max(0, room)).forEach(filter::appendCodePoint);
        return ui.withFilter(filter.toString());
    }

    private Step log(Ui ui, Key key) {
        return switch (key.kind()) {
            case ESCAPE, ENTER, TAB, BACK_TAB -> stay(ui.withUp(0).with(Ui.Mode.LIST));
            case UP -> stay(ui.withUp(ui.up() + 1));
            case DOWN -> stay(ui.withUp(ui.up() - 1));
            case PAGE_UP -> stay(ui.withUp(ui.up() + logPage));
            case PAGE_DOWN -> stay(ui.withUp(ui.up() - logPage));
            case HOME -> stay(ui.withUp(LogView.MOST_LINES));
            case END -> stay(ui.withUp(0));
            case TEXT ->
                switch (key.text()) {
                    case "k" -> stay(ui.withUp(ui.up() + 1));
                    case "j" -> stay(ui.withUp(ui.up() - 1));
                    case " " -> stay(ui.withUp(ui.up() - logPage));
                    case "g" -> stay(ui.withUp(LogView.MOST_LINES));
                    case "G" -> stay(ui.withUp(0));
                    case "l" -> stay(ui.withUp(0).with(Ui.Mode.LIST));
                    default -> command(ui, key.text());
                };
            default -> stay(ui);
        };
    }

    private Step list(Ui given, Key key) {
        Ui ui = given.with(Optional.empty());
        int at = ui.index(rows);
        return switch (key.kind()) {
            case UP -> stay(ui.select(rows, at - 1));
            case DOWN -> stay(ui.select(rows, at + 1));
            case PAGE_UP -> stay(ui.select(rows, at - page));
            case PAGE_DOWN -> stay(ui.select(rows, at + page));
            case HOME -> stay(ui.select(rows, 0));
            case END -> stay(ui.select(rows, rows.size() - 1));
            case TAB -> stay(ui.select(rows, section(at, 1)));
            case BACK_TAB -> stay(ui.select(rows, section(at, -1)));
            case ENTER -> stay(ui.with(Ui.Mode.LOG));
            case ESCAPE -> stay(ui.withFilter(""));
            case TEXT ->
                switch (key.text()) {
                    case "k" -> stay(ui.select(rows, at - 1));
                    case "j" -> stay(ui.select(rows, at + 1));
                    case "g" -> stay(ui.select(rows, 0));
                    case "G" -> stay(ui.select(rows, rows.size() - 1));
                    case " " -> stay(ui.select(rows, at + page));
                    case "l" -> stay(ui.with(Ui.Mode.LOG));
                    default -> command(ui, key.text());
                };
            default -> stay(ui);
        };
    }

    /** The first row of the next section, or of the one before; round and round. */
    private int section(int at, int step) {
        if (rows.isEmpty()) {
            return at;
        }
        List<Section> sections = List.of(Section.values());
        int here = sections.indexOf(rows.get(Math.max(0, at)).section());
        for (int i = 1; i < sections.size(); i++) {
            Section next = sections.get(Math.floorMod(here + step * i, sections.size()));
            for (int row = 0; row < rows.size(); row++) {
                if (rows.get(row).section() == next) {
                    return row;
                }
            }
        }
        return at;
    }

    private Step command(Ui ui, String text) {
        return switch (text) {
            case "q" -> new Step(ui, new Quit());
            case "?" -> stay(ui.with(Ui.Mode.HELP));
            case "/" -> stay(ui.with(Ui.Mode.FILTER));
            case "c" -> job(ui, "cancel", true);
            case "h" -> job(ui, "hold", false);
            case "R" -> job(ui, "release", false);
            case "r" -> job(ui, "retry", false);
            case "f" -> job(ui, "first", false);
            case "e" -> job(ui, "last", false);
            case "p" -> {
                Ui.Deed deed = stopped
                        ? new Ui.Deed("resume", Optional.empty(), "resume")
                        : new Ui.Deed("pause", Optional.empty(), "pause: nothing new starts for anybody");
                yield stopped ? perform(ui, deed) : stay(ui.asking(deed));
            }
            default -> stay(ui);
        };
    }

    private Step job(Ui ui, String verb, boolean ask) {
        Optional<Row> selected = ui.selected(rows);
        if (selected.isEmpty() || !(selected.get() instanceof Row.OfJob job)) {
            return stay(ui.with(Optional.of(new Ui.Told(false, verb + ": select a job first"))));
        }
        Ui chosen = ui.select(rows, ui.index(rows));
        String state = job.section() == Section.RUNNING ? " (" + job.job().state() + ")" : "";
        Ui.Deed deed = new Ui.Deed(verb, Optional.of(name(job)), verb + " " + shownName(job) + state);
        return ask ? stay(chosen.asking(deed)) : perform(chosen, deed);
    }

    private static String shownName(Row.OfJob job) {
        return job.section().isQueue() ? job.job().command() : job.job().job();
    }

    /** What means this job alone: a run's id, a file's name; and where it lies, if another of that name lies in the other place. */
    private String name(Row.OfJob job) {
        if (!job.section().isQueue()) {
            return job.job().id();
        }
        String file = job.job().command();
        boolean twice = rows.stream()
                        .filter(row -> row instanceof Row.OfJob other
                                && other.section().isQueue()
                                && other.job().command().equals(file))
                        .count()
                > 1;
        String where = job.section() == Section.HELD ? "held/" : "incoming/";
        return twice && file.indexOf('\\') < 0 ? where + file : file;
    }
}
