package gpuspool.top;

import java.util.Set;
import org.jline.utils.AttributedStyle;

/** How things look; without colours only what is bold, faint or inverse. */
final class Paint {
    private static final int WARM = 50;
    private static final int HOT = 85;
    private static final Set<String> BAD = Set.of("sick", "unknown", "excluded");
    private static final Set<String> OTHERS = Set.of("foreign", "locked", "not ours");

    private final boolean coloured;

    Paint(boolean coloured) {
        this.coloured = coloured;
    }

    private AttributedStyle colour(int colour) {
        return coloured ? AttributedStyle.DEFAULT.foreground(colour) : AttributedStyle.DEFAULT;
    }

    AttributedStyle plain() {
        return AttributedStyle.DEFAULT;
    }

    AttributedStyle title() {
        return colour(AttributedStyle.CYAN).bold();
    }

    AttributedStyle faint() {
        return AttributedStyle.DEFAULT.faint();
    }

    AttributedStyle alert() {
        return colour(AttributedStyle.RED).bold();
    }

    AttributedStyle good() {
        return colour(AttributedStyle.GREEN);
    }

    /** @param percent 0 to 100 */
    AttributedStyle load(double percent) {
        return colour(
                percent < WARM ? AttributedStyle.GREEN : percent < HOT ? AttributedStyle.YELLOW : AttributedStyle.RED);
    }

    /** Of a card, by its word of {@code spool-layout.md}, section 10.2. */
    AttributedStyle card(String state) {
        if (state.equals("free")) {
            return good();
        }
        if (BAD.contains(state)) {
            return alert();
        }
        return OTHERS.contains(state) ? colour(AttributedStyle.MAGENTA) : colour(AttributedStyle.CYAN);
    }

    /** Of a job, by its state as {@code status} shows it. */
    AttributedStyle job(Row.OfJob row) {
        String state = row.job().state();
        if (row.section() == Section.ENDED) {
            return state.equals("done") || state.equals("released") || state.equals("cancelled")
                    ? faint()
                    : colour(AttributedStyle.RED);
        }
        if (row.section().isQueue()) {
            return plain();
        }
        boolean well = state.equals("running") || state.equals("sweep");
        boolean moving = state.startsWith("ending") || state.startsWith("stopping") || state.startsWith("starting");
        return well ? good() : moving || state.equals("waiting") ? colour(AttributedStyle.YELLOW) : alert();
    }
}
