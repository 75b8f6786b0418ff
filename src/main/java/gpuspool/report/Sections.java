package gpuspool.report;

import gpuspool.spool.RecordedRun;
import gpuspool.view.Words;
import java.io.IOException;

/** The sections of a {@link Page} that tell of what ran: pictures by {@link Charts}, and tables. */
final class Sections {
    private final Report report;
    private final Format format;
    private final Charts charts;
    private final Html out;

    Sections(Report report, Format format, Html out) {
        this.report = report;
        this.format = format;
        this.out = out;
        charts = new Charts(report, format);
    }

    /** All of them, in their order. */
    void write() throws IOException {
        timeline();
        use();
        waiting();
        people();
        failures();
        fit();
    }

    private void timeline() throws IOException {
        out.section(
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
        out.section(
                "",
                "Cards in use",
                "The part of the time of " + Words.count(report.cards(), "card") + " that jobs had them, by user"
                        + (measured ? "; the line is how busy those cards were while they had them, as measured" : "")
                        + ".");
        charts.utilisation(out);
        out.raw("</section>\n");
    }

    private void waiting() throws IOException {
        out.section(
                "",
                "Waiting",
                "From the queue to the start, of the " + Words.count(report.waits.count(), "job")
                        + " that started in this time and have ended.");
        if (report.waits.count() == 0) {
            out.element("p", "No job was started.").raw("</section>\n");
            return;
        }
        out.raw("<div class=\"two\"><div>").element("p class=\"note\"", "How many jobs waited how long");
        charts.waitGroups(out);
        out.raw("</div><div>").element("p class=\"note\"", "Mean wait by the time of the start");
        charts.waitsOverTime(out);
        out.raw("</div></div>").element("p class=\"note\"", "The longest").raw("<div class=\"wide\"><table>");
        out.headings("Job", "User", "#Waited", "Started", "What it last waited for");
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
        out.section("", "Users", "GPU-hours: cards times hours, as far as they lie in this time.");
        out.raw("<div class=\"wide\"><table>");
        out.headings("User", "#GPU-hours", "", "#Share", "#Ended", "#Succeeded", "#Running", "#Mean wait", "#Busy");
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
        out.section(
                "",
                "Failures",
                failed == 0
                        ? "None: every job that ended succeeded."
                        : Words.count(failed, "job") + " of " + Words.number(report.ended())
                                + " did not succeed; by how they ended, with the commands that did so most often.");
        if (failed > 0) {
            out.raw("<div class=\"wide\"><table>");
            out.headings("Ending", "#Jobs", "", "#GPU-hours", "Most frequent commands");
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
        out.section(
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
            out.headings("Job", "User", "#GPU-hours", "#Memory at most", "", "#Busy", "Command");
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
}
