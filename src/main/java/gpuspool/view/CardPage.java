package gpuspool.view;

import gpuspool.gpu.GpuProcess;
import gpuspool.job.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** A {@link CardBoard} as a page of text, with nothing in it that could rule a terminal. */
public final class CardPage {
    private static final String GAP = "  ";
    private static final String INDENT = "     ";
    private static final int LEAST_WIDTH = 40;

    private final CardBoard board;
    private final int width;
    private final Style style;
    private final boolean fullWords;
    private final boolean utf8;
    private final StringBuilder page = new StringBuilder();

    private CardPage(CardBoard board, Style style, boolean fullWords, boolean utf8) {
        this.board = board;
        this.style = style;
        width = Math.max(LEAST_WIDTH, style.columns());
        this.fullWords = fullWords;
        this.utf8 = utf8;
    }

    /**
     * Lines for people.
     *
     * @param style what may be long is wrapped at its columns
     * @param fullWords whether UUIDs are shown whole even where that needs more room
     * @param utf8 whether more than ASCII can be shown
     */
    public static String text(CardBoard board, Style style, boolean fullWords, boolean utf8) {
        return new CardPage(board, style, fullWords, utf8).text();
    }

    /** The same without colours, in so many columns. */
    public static String text(CardBoard board, int width, boolean fullWords, boolean utf8) {
        return text(board, new Style(width, false), fullWords, utf8);
    }

    private String text() {
        if (board.letGo()) {
            add(
                    "",
                    "LET GO: watchers let go of the GPU driver, and nothing starts on its cards, until control/let-go is"
                            + " removed (gpuspool gpus --take-up)");
        }
        for (CardHost host : board.hosts()) {
            page.append(page.isEmpty() ? "" : "\n");
            add(host);
        }
        return page.toString();
    }

    private void add(CardHost host) {
        TreeSet<String> names = new TreeSet<>();
        host.cards().forEach(card -> names.add(card.name()));
        boolean oneName = names.size() == 1 && !names.first().isEmpty();
        List<String> heading = new ArrayList<>(List.of(watcher(host)));
        if (!host.driver().isEmpty()) {
            heading.add(host.driver());
        }
        if (oneName) {
            heading.add(host.cards().size() == 1 ? names.first() : "all " + names.first());
        }
        if (host.asOf().isPresent()) {
            heading.add("as of " + Words.time(board.millis() - host.asOf().getAsLong()) + " ago");
        }
        add("", host.host() + ": " + String.join("; ", heading));
        host.trouble().ifPresent(why -> add("", "GPUs not known: " + why));
        host.note().ifPresent(note -> add("", note));
        if (!host.cards().isEmpty()) {
            addCards(host.cards(), !oneName);
        } else if (host.trouble().isEmpty()) {
            add("", "no GPUs");
        }
    }

    private static String watcher(CardHost host) {
        String pid = host.pid().isPresent() ? " pid " + host.pid().getAsLong() : "";
        return switch (host.watcher()) {
            case ALIVE -> "watcher" + pid;
            case GONE -> "no watcher";
            case NOT_KNOWN -> "watcher" + pid + " (so it wrote; cannot be asked from here)";
        };
    }

    private void addCards(List<CardView> cards, boolean withNames) {
        List<String> rows = rows(cards, true);
        if (!fullWords && rows.stream().anyMatch(row -> Columns.of(row) > width)) {
            rows = rows(cards, false);
        }
        page.append(rows.get(0)).append('\n');
        for (int i = 0; i < cards.size(); i++) {
            // The state is the last one of a row.
            String state = Words.line(cards.get(i).state());
            String row = rows.get(i + 1);
            page.append(row, 0, row.length() - state.length());
            page.append(style.paint(Ink.ofCard(cards.get(i).state()), state)).append('\n');
            addDetails(cards.get(i), withNames);
        }
    }

    /** The heading, then a row for each card. */
    private List<String> rows(List<CardView> cards, boolean full) {
        List<List<String>> table = new ArrayList<>(List.of(CardRow.HEAD));
        cards.forEach(card -> table.add(CardRow.of(card, full, utf8)));
        List<String> rows = new ArrayList<>();
        for (List<String> cells : table) {
            StringBuilder row = new StringBuilder();
            for (int column = 0; column < cells.size(); column++) {
                row.append(cell(table, column, Words.line(cells.get(column))));
            }
            rows.add(row.toString().stripTrailing());
        }
        return rows;
    }

    /** As wide as its column, and nothing where nobody has anything to say there. */
    private static String cell(List<List<String>> table, int column, String text) {
        int widest = 0;
        for (List<String> row : table.subList(1, table.size())) {
            widest = Math.max(widest, row.get(column).length());
        }
        if (widest == 0) {
            return "";
        }
        String shown = text.isEmpty() ? "-" : text;
        String pad =
                " ".repeat(Math.max(0, Math.max(widest, table.get(0).get(column).length()) - shown.length()));
        boolean figure = column >= CardRow.UTILISATION && column < CardRow.STATE;
        return (figure ? pad + shown : shown + pad) + GAP;
    }

    private void addDetails(CardView card, boolean withName) {
        List<String> parts = new ArrayList<>();
        if (withName && !card.name().isEmpty()) {
            parts.add(card.name());
        }
        parts.addAll(details(card));
        if (!parts.isEmpty()) {
            add(INDENT, String.join("; ", parts));
        }
    }

    /** Who has a card, why it is not free, and which strangers are on it, a part each; texts may hold anything. */
    public static List<String> details(CardView card) {
        List<String> parts = new ArrayList<>();
        for (CardView.User job : card.jobs()) {
            String time = job.state().equals("running") ? " for " + Words.time(job.millis()) : "";
            String share =
                    job.memory().isPresent() ? ", " + Sizes.about(job.memory().getAsLong()) + " of it" : "";
            parts.add(job.name() + " of " + job.user() + ", " + job.state() + time + share);
        }
        parts.addAll(others(card));
        return parts;
    }

    /** The same without the jobs that have it. */
    public static List<String> others(CardView card) {
        List<String> parts = new ArrayList<>();
        if (!card.why().isEmpty()) {
            parts.add(card.why());
        }
        for (CardView.Occupant occupant : card.occupants()) {
            if (occupant.isStranger() && !isNamed(occupant.process(), card.why())) {
                parts.add(describe(occupant.process()));
            }
        }
        return parts;
    }

    private static boolean isNamed(GpuProcess process, String text) {
        return Pattern.compile("\\bpid " + process.pid() + "\\b").matcher(text).find();
    }

    private static String describe(GpuProcess process) {
        String memory = process.memory().isPresent()
                ? ", " + Words.bytes(process.memory().getAsLong())
                : "";
        return process.user().orElse("somebody") + "'s " + process.command().orElse("program") + " (pid "
                + process.pid() + ")" + memory;
    }

    /** One line, or several where it is longer than the terminal is wide. */
    private void add(String indent, String text) {
        StringBuilder line = new StringBuilder(indent);
        for (String word : List.of(Words.line(text).split(" ", -1))) {
            boolean begun = line.length() > indent.length();
            if (begun && Columns.of(line.toString()) + 1 + Columns.of(word) > width) {
                page.append(line).append('\n');
                line.setLength(0);
                line.append(indent.isEmpty() ? GAP : indent);
                begun = false;
            }
            line.append(begun ? " " : "").append(word);
        }
        page.append(line).append('\n');
    }
}
