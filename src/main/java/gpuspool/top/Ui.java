package gpuspool.top;

import java.util.List;
import java.util.Optional;

/**
 * What the user has done to the screen so far. Immutable.
 *
 * @param key of the selected row; empty text before there is one
 * @param at where it was among the rows when it was last there
 * @param filter what rows must have in them; empty text for all
 * @param mode what keys mean now
 * @param ask what is done if the answer is yes
 * @param up how many lines the log is scrolled back; 0: it follows
 * @param told what the last action came to
 */
public record Ui(String key, int at, String filter, Mode mode, Optional<Deed> ask, int up, Optional<Told> told) {
    public static final Ui START = new Ui("", -1, "", Mode.LIST, Optional.empty(), 0, Optional.empty());

    /** What keys mean. */
    public enum Mode {
        LIST,
        /** The log has the screen. */
        LOG,
        /** A filter is being typed. */
        FILTER,
        /** y or n. */
        ASK,
        HELP
    }

    /**
     * A verb to carry out.
     *
     * @param job what it is for, in words that mean no other; empty for the whole spool
     */
    public record Deed(String verb, Optional<String> job, String shown) {}

    /** What an action came to. */
    public record Told(boolean well, String text) {}

    Ui with(Mode next) {
        return new Ui(key, at, filter, next, ask, up, told);
    }

    Ui withFilter(String text) {
        return new Ui(key, at, text, mode, ask, up, told);
    }

    Ui asking(Deed deed) {
        return new Ui(key, at, filter, Mode.ASK, Optional.of(deed), up, Optional.empty());
    }

    Ui withUp(int lines) {
        return new Ui(key, at, filter, mode, ask, Math.max(0, lines), told);
    }

    Ui with(Optional<Told> text) {
        return new Ui(key, at, filter, mode, ask, up, text);
    }

    /** With another row selected: its log is shown from its end. */
    Ui select(List<Row> rows, int index) {
        if (rows.isEmpty()) {
            return this;
        }
        int there = Math.max(0, Math.min(rows.size() - 1, index));
        String next = rows.get(there).key();
        return new Ui(next, there, filter, mode, ask, next.equals(key) ? up : 0, told);
    }

    /** Where the selected row is; where it is gone, the one in its place. -1 where there is none. */
    int index(List<Row> rows) {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).key().equals(key)) {
                return i;
            }
        }
        if (at < 0) {
            for (int i = 0; i < rows.size(); i++) {
                if (rows.get(i).section() != Section.GPUS) {
                    return i;
                }
            }
        }
        return Math.min(rows.size() - 1, Math.max(0, at));
    }

    Optional<Row> selected(List<Row> rows) {
        int index = index(rows);
        return index < 0 ? Optional.empty() : Optional.of(rows.get(index));
    }
}
