package gpuspool.report;

import gpuspool.spool.Escapes;
import gpuspool.spool.JobRow;
import gpuspool.spool.RecordedRun;
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

/** A report as one HTML document that asks nobody for anything: its style, its script and its pictures are in it. */
public final class Page {
    private static final int MOST_WAITING = 8;

    private final Report report;
    private final Source source;
    private final Format format;
    private final Charts charts;
    private final Html out = new Html();

    private Page(Report report, Source source) {
        this.report = report;
        this.source = source;
        format = new Format(report.window.zone());
        charts = new Charts(report, format);
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
            timeline();
            use();
            waiting();
            people();
            failures();
            fit();
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

    private void section(String kind, String title, String note) {
        out.raw("<section" + kind + ">").element("h2", title).element("p class=\"note\"", note);
    }

    private void present() throws IOException {
        section("", "Now", "As of " + format.moment(source.now().millis()) + ".");
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
            row("tr", "th", "Waits", "User", "#For", "Why");
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

    private void row(String tag, String cell, String... texts) {
        out.raw("<" + tag + ">");
        for (String text : texts) {
            boolean number = text.startsWith("#");
            out.element(cell + (number ? " class=\"n\"" : ""), number ? text.substring(1) : text);
        }
        out.raw("</" + tag + ">");
    }

    private void timeline() throws IOException {
        section(
                " class=\"long\"",
                "Who had which card",
                "One row a card; point at a job to see whose it is, how long it ran and how it ended. Paler: many short jobs."
                        + " A dashed edge: it still runs.");
        if (report.cards() == 0) {
            out.element("p", "No job had a card.");
        } else {
            charts.timeline(out);
            charts.legend(out);
        }
        out.raw("</section>\n");
    }

    private void use() throws IOException {
        if (report.cards() == 0) {
            return;
        }
        boolean measured = report.busy.meanMeasured() >= 0;
        section(
                "",
                "Cards in use",
                "The part of the time of " + Words.count(report.cards(), "card") + " that jobs had them, by user"
                        + (measured ? "; the line is how busy those cards were while they had them, as measured" : "")
                        + ".");
        charts.utilisation(out);
        out.raw("</section>\n");
    }

    private void waiting() throws IOException {
        section(
                "",
                "Waiting",
                "From the queue to the start, of the " + Words.count(report.waits.count(), "job")
                        + " that started in this time.");
        if (report.waits.count() == 0) {
            out.element("p", "No job was started.").raw("</section>\n");
            return;
        }
        out.raw("<div class=\"two\"><div>").element("p class=\"note\"", "How many jobs waited how long");
        charts.waitGroups(out);
        out.raw("</div><div>").element("p class=\"note\"", "Mean wait by the time of the start");
        charts.waitsOverTime(out);
        out.raw("</div></div>").element("p class=\"note\"", "The longest").raw("<div class=\"wide\"><table>");
        row("tr", "th", "Job", "User", "#Waited", "Started", "What it last waited for");
        for (RecordedRun run : report.waits.longest()) {
            String why = run.waitedFor().isEmpty() ? "not recorded" : Format.text(run.waitedFor());
            out.raw("<tr>")
                    .element("td class=\"name\"", run.job())
                    .element("td class=\"name\"", format.user(run.owner().orElse(-1)))
                    .element("td class=\"n\"", Words.time(run.waited()))
                    .element("td class=\"name\"", format.moment(run.started().orElseThrow()))
                    .element("td" + (run.waitedFor().isEmpty() ? " class=\"soft\"" : ""), why)
                    .raw("</tr>");
        }
        out.raw("</table></div></section>\n");
    }

    private void people() throws IOException {
        section("", "Users", "GPU-hours: cards times hours, as far as they lie in this time.");
        out.raw("<div class=\"wide\"><table>");
        row("tr", "th", "User", "#GPU-hours", "", "#Share", "#Ended", "#Succeeded", "#Running", "#Mean wait", "#Busy");
        long most = Math.max(
                1,
                report.people().stream()
                        .mapToLong(People.Person::gpuMillis)
                        .max()
                        .orElse(1));
        for (People.Person person : report.people()) {
            out.raw("<tr><td class=\"name\"><i class=\"" + charts.colour(person.owner()) + "\"></i>")
                    .text(format.user(person.owner()))
                    .raw("</td>")
                    .element("td class=\"n\"", Format.hours(person.gpuMillis()))
                    .raw("<td>");
            charts.inCell(out, (double) person.gpuMillis() / most, charts.colour(person.owner()));
            out.raw("</td>")
                    .element("td class=\"n\"", Format.percent(person.gpuMillis(), report.gpuMillis()))
                    .element("td class=\"n\"", Words.number(person.ended()))
                    .element("td class=\"n\"", Format.percent(person.done(), person.ended()))
                    .element("td class=\"n\"", Words.number(person.running()))
                    .element("td class=\"n\"", Format.time(person.meanWait()))
                    .element("td class=\"n\"", person.busy() < 0 ? "–" : person.busy() + " %")
                    .raw("</tr>");
        }
        out.raw("</table></div></section>\n");
    }

    private void failures() {
        int failed = report.ended() - report.done();
        section(
                "",
                "Failures",
                failed == 0
                        ? "None: every job that ended succeeded."
                        : Words.count(failed, "job") + " of " + Words.number(report.ended())
                                + " did not succeed; by how they ended, with the commands that did so most often.");
        if (failed > 0) {
            out.raw("<div class=\"wide\"><table>");
            row("tr", "th", "Ending", "#Jobs", "", "#GPU-hours", "Most frequent commands");
            int most = report.failures.kinds().get(0).runs();
            for (Failures.Kind kind : report.failures.kinds()) {
                out.raw("<tr>")
                        .element("td class=\"name\"", kind.name())
                        .element("td class=\"n\"", Words.number(kind.runs()))
                        .raw("<td>");
                charts.inCell(out, (double) kind.runs() / most, "bad");
                out.raw("</td>")
                        .element("td class=\"n\"", Format.hours(kind.gpuMillis()))
                        .raw("<td>");
                for (Failures.Command command : kind.commands()) {
                    out.element("code", command.runs() + "× " + Format.text(command.command()));
                }
                out.raw("</td></tr>");
            }
            out.raw("</table></div>");
        }
        out.raw("</section>\n");
    }

    private void fit() throws IOException {
        Fit.Sums sums = report.fit.sums();
        if (sums.sampled() == 0) {
            return;
        }
        section(
                "",
                "Asked for and used",
                "Of " + Words.count(sums.sampled(), "ended job") + " with whole cards that were measured ("
                        + Format.hours(sums.sampledMillis()) + " GPU-hours).");
        out.element(
                "p",
                Words.number(sums.small()) + " never had a quarter of a card's memory in use ("
                        + Format.hours(sums.smallMillis()) + " GPU-hours); " + Words.number(sums.idle())
                        + " kept their cards busy for less than a quarter of the time ("
                        + Format.hours(sums.idleMillis())
                        + " GPU-hours). Jobs that say what they need (gpu_mem) share cards.");
        if (!report.fit.loosest().isEmpty()) {
            out.raw("<div class=\"wide\"><table>");
            row("tr", "th", "Job", "User", "#GPU-hours", "#Memory at most", "", "#Busy", "Command");
            for (Fit.Loose loose : report.fit.loosest()) {
                RecordedRun run = loose.run();
                long peak = run.peak().orElseThrow();
                long total = Math.max(1, run.total().orElseThrow());
                out.raw("<tr>")
                        .element("td class=\"name\"", run.job())
                        .element("td class=\"name\"", format.user(run.owner().orElse(-1)))
                        .element("td class=\"n\"", Format.hours(loose.gpuMillis()))
                        .element("td class=\"n\"", Words.bytes(peak) + " of " + Words.bytes(total))
                        .raw("<td>");
                charts.inCell(out, (double) peak / total, "plain");
                String busy = run.utilisation().isPresent() ? run.utilisation().getAsInt() + " %" : "–";
                out.raw("</td>")
                        .element("td class=\"n\"", busy)
                        .raw("<td>")
                        .element("code", Format.text(run.command()))
                        .raw("</td></tr>");
            }
            out.raw("</table></div>");
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
