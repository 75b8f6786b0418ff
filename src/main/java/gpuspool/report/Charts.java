package gpuspool.report;

import gpuspool.spool.RecordedRun;
import gpuspool.view.Words;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The pictures of a report: rectangles, as wide as the page and sharp on paper. */
final class Charts {
    private static final int COLOURS = 8;
    private static final String OTHER = "cx";
    private static final double THINNEST = 0.12;
    private static final double HIGH = 150;
    private static final int ROW = 18;
    private static final int SMALLEST_ROW = 7;

    private final Report report;
    private final Format format;
    private final Axis axis;
    private final Axis narrow;
    private final Map<Integer, String> colours = new HashMap<>();

    Charts(Report report, Format format) {
        this.report = report;
        this.format = format;
        axis = new Axis(report.window, 9);
        narrow = new Axis(report.window, 5);
        List<Integer> owners = report.busy.owners();
        for (int i = 0; i < Math.min(COLOURS, owners.size()); i++) {
            colours.put(owners.get(i), "c" + i);
        }
    }

    /** The class that gives a user's colour. */
    String colour(int owner) {
        return colours.getOrDefault(owner, OTHER);
    }

    void legend(Html out) throws IOException {
        out.raw("<p class=\"legend\">");
        for (int owner : report.busy.owners().stream().limit(COLOURS).toList()) {
            out.raw("<span><i class=\"" + colour(owner) + "\"></i>")
                    .text(format.user(owner))
                    .raw("</span> ");
        }
        if (report.busy.owners().size() > COLOURS) {
            out.raw("<span><i class=\"" + OTHER + "\"></i>others</span> ");
        }
        out.raw("<span><i class=\"bad\"></i>failed</span></p>");
    }

    /** Each card's jobs, a row each. */
    void timeline(Html out) throws IOException {
        boolean hosts = report.timeline.rows().stream()
                        .map(row -> row.card().host())
                        .distinct()
                        .count()
                > 1;
        out.raw("<div class=\"tracks\">");
        for (Timeline.Row row : report.timeline.rows()) {
            double height = Math.max(ROW, row.rows() * SMALLEST_ROW);
            double step = height / row.rows();
            String label = label(row.card());
            out.element("span class=\"label\"", (hosts ? row.card().host() + " " : "") + label);
            out.raw(String.format(Locale.ROOT, "<svg class=\"track\" height=\"%.0f\">", height));
            axis.lines(out, height);
            for (Timeline.Bunch bunch : row.bunches()) {
                bunch(out, bunch, height);
            }
            for (Timeline.Bar bar : row.bars()) {
                job(out, bar, bar.row() * step, step);
            }
            out.raw("</svg>");
        }
        out.raw("<span></span>");
        axis.labels(out);
        out.raw("</div>");
    }

    private String label(Card card) {
        String number = report.labels.getOrDefault(card, Words.cards(List.of(card.word())));
        return number.startsWith("GPU-") || number.startsWith("MIG-") ? number : "GPU " + number;
    }

    private void bunch(Html out, Timeline.Bunch bunch, double height) throws IOException {
        double x = axis.percent(bunch.from());
        double width = Math.max(THINNEST, axis.percent(bunch.to()) - x);
        String who = bunch.owner() == Timeline.MIXED ? "several users" : format.user(bunch.owner());
        String title = Words.count(bunch.jobs(), "short job") + " of " + who + "\n" + Words.time(bunch.busy())
                + " in all, between " + format.moment(bunch.from()) + " and " + format.moment(bunch.to());
        out.bar(x, width, 1, height - 2, colour(bunch.owner()) + " faint", title);
        if (bunch.failed()) {
            out.bar(x, width, height - 4, 3, "bad", title);
        }
    }

    private void job(Html out, Timeline.Bar bar, double y, double step) throws IOException {
        RecordedRun run = bar.run();
        double x = axis.percent(bar.from());
        double width = Math.max(THINNEST, axis.percent(bar.to()) - x);
        String title = title(run);
        boolean runs = run.ended().isEmpty();
        out.bar(x, width, y + 1, step - 2, colour(run.owner().orElse(-1)) + (runs ? " runs" : ""), title);
        if (!runs && !run.done()) {
            out.bar(x, width, y + step - 4, 3, "bad", title);
        }
    }

    private String title(RecordedRun run) throws IOException {
        long begin = run.begin().orElse(report.window.since());
        long end = run.ended().orElse(report.window.until());
        StringBuilder title = new StringBuilder(run.job())
                .append(" · ")
                .append(format.user(run.owner().orElse(-1)))
                .append('\n')
                .append(format.moment(begin))
                .append(" – ")
                .append(run.ended().isEmpty() ? "now" : format.moment(end))
                .append(" (")
                .append(Words.time(end - begin))
                .append(")\n")
                .append(run.ended().isEmpty() ? "running" : Failures.name(run));
        run.utilisation()
                .ifPresent(percent -> title.append(" · ").append(percent).append(" % busy"));
        run.peak()
                .ifPresent(
                        bytes -> title.append(" · ").append(Words.bytes(bytes)).append(" at most"));
        return run.command().isEmpty()
                ? title.toString()
                : title.append('\n')
                        .append(Words.line(Format.text(run.command())))
                        .toString();
    }

    /** How much of all cards' time who had, and how busy they were. */
    void utilisation(Html out) throws IOException {
        Bins bins = report.busy.bins;
        Map<Integer, Double> measured = report.busy.measured();
        scale(out, "100 %", "50 %", "0", Optional.of(axis));
        for (int bin = 0; bin < bins.count(); bin++) {
            double x = axis.percent(bins.from(bin));
            double width = axis.percent(bins.to(bin)) - x;
            double all = (double) (bins.to(bin) - bins.from(bin)) * Math.max(1, report.cards());
            double y = HIGH;
            double others = 0;
            for (int owner : report.busy.owners()) {
                double part = report.busy.byOwner.get(owner)[bin] / all;
                if (part > 0 && colours.containsKey(owner)) {
                    y -= part * HIGH;
                    String title = format.user(owner) + ": " + Format.percent(part) + " of all cards\n" + span(bin);
                    out.bar(x, width * 0.94, y, part * HIGH, colour(owner), title);
                } else {
                    others += part;
                }
            }
            if (others > 0) {
                out.bar(
                        x,
                        width * 0.94,
                        y - others * HIGH,
                        others * HIGH,
                        OTHER,
                        "others: " + Format.percent(others) + " of all cards\n" + span(bin));
            }
            if (measured.containsKey(bin)) {
                double at = HIGH - measured.get(bin) * (HIGH - 3) - 3;
                String title = "cards with jobs were " + Format.percent(measured.get(bin)) + " busy, as measured\n"
                        + span(bin);
                out.bar(x, width, at, 3, "measured", title);
            }
        }
        end(out, axis);
    }

    private String span(int bin) {
        return format.moment(report.busy.bins.from(bin)) + " – " + format.moment(report.busy.bins.to(bin));
    }

    /** How long jobs waited that were started then. */
    void waitsOverTime(Html out) {
        Bins bins = report.busy.bins;
        long most = 1;
        for (int bin = 0; bin < bins.count(); bin++) {
            most = Math.max(most, report.waits.mean(bin).orElse(0));
        }
        scale(out, Words.time(most), Words.time(most / 2), "0", Optional.of(narrow));
        for (int bin = 0; bin < bins.count(); bin++) {
            OptionalLong mean = report.waits.mean(bin);
            if (mean.isPresent()) {
                double x = axis.percent(bins.from(bin));
                double width = axis.percent(bins.to(bin)) - x;
                double height = Math.max(1, HIGH * mean.getAsLong() / most);
                String title = "mean wait " + Words.time(mean.getAsLong()) + "\n" + span(bin);
                out.bar(x, width * 0.94, HIGH - height, height, "plain", title);
            }
        }
        end(out, narrow);
    }

    /** How many jobs waited how long. */
    void waitGroups(Html out) {
        int[] groups = report.waits.groups();
        int most = 1;
        for (int jobs : groups) {
            most = Math.max(most, jobs);
        }
        scale(out, Words.number(most), most > 1 ? Words.number(most / 2) : "", "0", Optional.empty());
        double width = 100.0 / groups.length;
        for (int i = 0; i < groups.length; i++) {
            double height = groups[i] == 0 ? 0 : Math.max(1, HIGH * groups[i] / most);
            String title = Words.count(groups[i], "job") + " waited " + group(i);
            out.bar(i * width + width * 0.08, width * 0.84, HIGH - height, height, "plain", title);
        }
        out.raw("</svg><span></span><svg class=\"axis\" height=\"16\">");
        for (int i = 0; i < groups.length; i++) {
            out.raw(String.format(
                            Locale.ROOT, "<text x=\"%.2f%%\" y=\"12\" text-anchor=\"middle\">", (i + 0.5) * width))
                    .text(shortGroup(i))
                    .raw("</text>");
        }
        out.raw("</svg></div>");
    }

    static String group(int group) {
        return group == WaitTimes.BOUNDS.size() ? "1d or more" : "less than " + bound(group);
    }

    private static String shortGroup(int group) {
        return group == WaitTimes.BOUNDS.size() ? "≥ 1d" : "< " + bound(group);
    }

    private static String bound(int group) {
        return gpuspool.job.Durations.write(WaitTimes.BOUNDS.get(group));
    }

    private void scale(Html out, String top, String middle, String bottom, Optional<Axis> times) {
        out.raw("<div class=\"plot\"><span class=\"scale\">")
                .element("b", top)
                .element("b", middle)
                .element("b", bottom)
                .raw(String.format(Locale.ROOT, "</span><svg class=\"chart\" height=\"%.0f\">", HIGH));
        for (int i = 0; i <= 2; i++) {
            out.raw(String.format(
                    Locale.ROOT, "<line x1=\"0\" x2=\"100%%\" y1=\"%1$.1f\" y2=\"%1$.1f\"/>", HIGH * i / 2));
        }
        times.ifPresent(each -> each.lines(out, HIGH));
    }

    private static void end(Html out, Axis times) {
        out.raw("</svg><span></span>");
        times.labels(out);
        out.raw("</div>");
    }

    /** A bar in a table's cell. */
    void inCell(Html out, double part, String kind) {
        out.raw("<svg class=\"cell\" height=\"10\">");
        out.bar(0, Math.max(0, Math.min(100, part * 100)), 0, 10, kind, "").raw("</svg>");
    }
}
