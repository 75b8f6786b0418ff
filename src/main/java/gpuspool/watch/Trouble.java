package gpuspool.watch;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Trouble that may come again and again: said when it is new or changes, counted in between, and said when it is over. */
final class Trouble {
    /** What differs from one try to the next without telling anything new: run numbers, random names. */
    private static final Pattern NUMBERS = Pattern.compile("[0-9a-f]{32}|[0-9]+");

    private static final class Standing {
        private final String what;
        private int times = 1;

        Standing(String what) {
            this.what = what;
        }
    }

    private final Consumer<String> log;
    private final Map<String, Standing> standing = new HashMap<>();

    Trouble(Consumer<String> log) {
        this.log = log;
    }

    /** Something cannot be done; {@code line} is said unless it was the last thing said about {@code where}. */
    void is(String where, String line) {
        String what = NUMBERS.matcher(line).replaceAll("#");
        Standing known = standing.get(where);
        if (known != null && known.what.equals(what)) {
            known.times++;
            return;
        }
        standing.put(where, new Standing(what));
        log.accept(line);
    }

    /** It can be done again: {@code line} is said where trouble was. */
    void isOver(String where, String line) {
        Standing known = standing.remove(where);
        if (known != null) {
            log.accept(line + (known.times > 1 ? " (after " + known.times + " tries that failed alike)" : ""));
        }
    }

    /** What it was about is gone: nothing is left to say. */
    void forget(String where) {
        standing.remove(where);
    }
}
