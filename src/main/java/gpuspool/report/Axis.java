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
    private static final int MOST = 9;

    private final Window window;
    final List<Tick> ticks = new ArrayList<>();

    /** @param at percent of the window's length */
    record Tick(double at, String label) {}

    Axis(Window window) {
        this.window = window;
        Bins bins = Bins.of(window, MOST);
        boolean days = window.length() >= Duration.ofDays(MOST - 1).toMillis();
        boolean years = window.length() >= Duration.ofDays(300).toMillis();
        String pattern = years ? "MMM uuuu" : days ? "d MMM" : "HH:mm";
        DateTimeFormatter format = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
        DateTimeFormatter midnight = DateTimeFormatter.ofPattern("EEE d MMM", Locale.ENGLISH);
        for (int i = 1; i < bins.count(); i++) {
            ZonedDateTime time = Instant.ofEpochMilli(bins.from(i)).atZone(window.zone());
            boolean begins = !days && time.truncatedTo(ChronoUnit.DAYS).equals(time);
            ticks.add(new Tick(percent(bins.from(i)), (begins ? midnight : format).format(time)));
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
            String anchor = tick.at() < 4 ? "start" : tick.at() > 96 ? "end" : "middle";
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
