package gpuspool.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Where on a window's axis times are written, and how: at full hours, days or months of its zone. */
final class Axis {
    /** Days of which one begins so many. */
    private static final int MANY_DAYS = 8;
    /** How near labels may be to each other, as a part of how far apart they would be if all had the same room. */
    private static final double NEAR = 0.6;

    private final Window window;
    final List<Tick> ticks = new ArrayList<>();

    /** @param at percent of the window's length */
    record Tick(double at, String label) {}

    /** @param most about how many labels there is room for */
    Axis(Window window, int most) {
        this.window = window;
        Bins bins = Bins.of(window, most);
        boolean days = window.length() >= Duration.ofDays(MANY_DAYS).toMillis();
        boolean years = window.length() >= Duration.ofDays(300).toMillis();
        String pattern = years ? "MMM uuuu" : days ? "d MMM" : "HH:mm";
        DateTimeFormatter format = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
        DateTimeFormatter midnight = DateTimeFormatter.ofPattern("EEE d MMM", Locale.ENGLISH);
        for (int i = 1; i < bins.count(); i++) {
            ZonedDateTime time = Instant.ofEpochMilli(bins.from(i)).atZone(window.zone());
            boolean begins = !days && time.truncatedTo(ChronoUnit.DAYS).equals(time);
            double at = percent(bins.from(i));
            double before = ticks.isEmpty() ? -100 : ticks.get(ticks.size() - 1).at();
            if (at - before > NEAR * 100 / most) {
                ticks.add(new Tick(at, (begins ? midnight : format).format(time)));
            }
        }
    }

    /** How far into the window a moment is. */
    double percent(long time) {
        return 100.0 * (time - window.since()) / window.length();
    }

    /** The labels as a picture of their own. */
    void labels(Html out) {
        out.raw("<svg class=\"axis\" height=\"16\">");
        for (Tick tick : ticks) {
            String anchor = tick.at() < 5 ? "start" : tick.at() > 95 ? "end" : "middle";
            out.raw(String.format(Locale.ROOT, "<text x=\"%.2f%%\" y=\"12\" text-anchor=\"%s\">", tick.at(), anchor))
                    .text(tick.label())
                    .raw("</text>");
        }
        out.raw("</svg>");
    }

    /** Lines through a picture of that height. */
    void lines(Html out, double height) {
        for (Tick tick : ticks) {
            out.raw(String.format(
                    Locale.ROOT, "<line x1=\"%1$.2f%%\" x2=\"%1$.2f%%\" y1=\"0\" y2=\"%2$.0f\"/>", tick.at(), height));
        }
    }
}
