package gpuspool.report;

import gpuspool.spool.Escapes;
import gpuspool.spool.JobRow;
import gpuspool.view.CardHost;
import gpuspool.view.CardView;
import gpuspool.view.Words;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A report as one HTML document that asks nobody for anything: its style, its script and its pictures are in it. What ran is told by
 * {@link Sections}.
 */
public final class Page {
    private static final int MOST_WAITING = 8;

    private final Report report;
    private final Source source;
    private final Format format;
    private final Html out = new Html();

    private Page(Report report, Source source) {
        this.report = report;
        this.source = source;
        format = new Format(report.window.zone());
    }

    public static String of(Report report, Source source) throws IOException {
        return new Page(report, source).whole();
    }

    private String whole() throws IOException {
        String style = resource("report.css");
        String script = resource("report.js");
        out.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-")
                .raw(digest(style) + "'; script-src 'sha256-" + digest(script)
                        + "'; base-uri 'none'; form-action 'none'\">\n")
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .raw("<meta name=\"generator\" content=\"gpuspool\">\n")
                .element("title", "GPU report, " + format.moment(report.window.since()))
                .raw("\n<style>" + style + "</style>\n</head>\n<body>\n<main>\n");
        head();
        figures();
        if (report.isEmpty()) {
            nothing();
        }
        present();
        if (!report.isEmpty()) {
            new Sections(report, format, out).write();
        }
        foot();
        return out.raw("</main>\n<script>" + script + "</script>\n</body>\n</html>\n")
                .toString();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("a part of the program is missing: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void head() {
        out.raw("<header>").element("h1", "GPU report");
        String window = format.moment(report.window.since()) + " to " + format.moment(report.window.until());
        out.element(
                "p",
                window + " · " + zone()
                        + source.user().map(user -> " · jobs of " + user).orElse(""));
        out.element("p class=\"note\"", source.spool()).raw("</header>\n");
    }

    /** {@code times in Europe/Berlin (UTC+01:00)}; both offsets where the clocks were changed in between. */
    private String zone() {
        DateTimeFormatter offset =
                DateTimeFormatter.ofPattern("'UTC'xxx", Locale.ROOT).withZone(report.window.zone());
        String first = offset.format(Instant.ofEpochMilli(report.window.since()));
        String last = offset.format(Instant.ofEpochMilli(report.window.until() - 1));
        String name = report.window.zone().getDisplayName(TextStyle.FULL, Locale.ENGLISH) + ", "
                + report.window.zone().getId();
        return "times in " + name + " (" + first + (first.equals(last) ? "" : ", later " + last) + ")";
    }

    private void figure(String value, String what) {
        out.raw("<div>").element("b", value).element("span", what).raw("</div>");
    }

    private void figures() {
        WaitTimes waits = report.waits;
        out.raw("<div class=\"figures\">");
        figure(Words.number(report.ended()), report.ended() == 1 ? "job ended" : "jobs ended");
        figure(Format.percent(report.done(), report.ended()), "of them succeeded");
        figure(Format.hours(report.gpuMillis()), "GPU-hours");
        figure(Format.percent(report.share()), "of all cards' time used");
        if (report.busy.meanMeasured() >= 0) {
            figure(Format.percent(report.busy.meanMeasured()), "busy while used, as measured");
        }
        figure(Format.time(waits.quantile(0.5).orElse(-1)), "median wait");
        figure(Format.time(waits.quantile(0.9).orElse(-1)), "that 9 of 10 waited at most");
        out.raw("</div>\n");
    }

    private void nothing() {
        out.raw("<section>").element("h2", "Nothing ran");
        String why = source.survey().lines() == 0
                ? "The record of this spool is empty: no job has been started in it yet."
                : "The record has " + Words.count(source.survey().lines(), "line")
                        + ", but no job ran in this stretch of time. Another one is asked for with --since and --until.";
        out.element("p", why).raw("</section>\n");
    }

    private void present() throws IOException {
        out.section("", "Now", "As of " + format.moment(source.now().millis()) + ".");
        Map<String, Integer> states = new TreeMap<>();
        for (CardHost host : source.now().cards().hosts()) {
            for (CardView card : host.cards()) {
                if (card.ours()) {
                    states.merge(card.state(), 1, Integer::sum);
                }
            }
        }
        StringBuilder line = new StringBuilder()
                .append(Words.count(source.now().overview().running().size(), "job"))
                .append(source.now().overview().running().size() == 1 ? " runs, " : " run, ")
                .append(Words.number(source.now().overview().queued()))
                .append(source.now().overview().queued() == 1 ? " waits, " : " wait, ")
                .append(Words.number(source.now().overview().held()))
                .append(source.now().overview().held() == 1 ? " is held." : " are held.");
        states.forEach((state, cards) -> line.append(line.indexOf("GPUs") < 0 ? " GPUs: " : ", ")
                .append(cards)
                .append(' ')
                .append(state));
        out.element("p", line + (states.isEmpty() ? "" : "."));
        List<JobRow> waiting = source.now().overview().first();
        if (!waiting.isEmpty()) {
            out.raw("<div class=\"wide\"><table>");
            out.headings("Waits", "User", "#For", "Why");
            for (JobRow job : waiting.stream().limit(MOST_WAITING).toList()) {
                out.raw("<tr>")
                        .element("td class=\"name\"", Format.text(job.job()))
                        .element("td class=\"name\"", format.user(job.owner().orElse(-1)))
                        .element("td class=\"n\"", Words.time(job.millis()))
                        .element("td", Format.text(job.reason()))
                        .raw("</tr>");
            }
            out.raw("</table></div>");
            int queued = source.now().overview().queued();
            if (queued > MOST_WAITING) {
                out.element("p class=\"note\"", "The first " + MOST_WAITING + " of " + Words.number(queued) + ".");
            }
        }
        out.raw("</section>\n");
    }

    private void foot() {
        String lines = "From " + Words.count(source.survey().lines(), "line") + " of hosts/*/history*.jsonl.";
        out.raw("<footer class=\"note\">").element("p", lines);
        if (source.bad() > 0) {
            out.element(
                    "p",
                    Words.count(source.bad(), "line")
                            + (source.bad() == 1 ? " was" : " were")
                            + " not understood (torn by a crash, say) and left out; gpuspool doctor --rebuild-history makes the record anew.");
        }
        for (String file : source.survey().unread()) {
            out.element("p", "Not read: " + Escapes.forPeople(file));
        }
        out.element(
                "p",
                "A card that no job had in this time and that no watcher tells of now is not counted. A run that was stopped, refused or"
                        + " cancelled did not succeed.");
        out.raw("</footer>\n");
    }
}
