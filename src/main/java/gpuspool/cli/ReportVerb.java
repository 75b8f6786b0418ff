package gpuspool.cli;

import gpuspool.gpu.BadDeviceListException;
import gpuspool.job.BadValueException;
import gpuspool.posix.Accounts;
import gpuspool.report.CsvTable;
import gpuspool.report.Page;
import gpuspool.report.Report;
import gpuspool.report.ReportJson;
import gpuspool.report.Source;
import gpuspool.report.Window;
import gpuspool.report.WindowWords;
import gpuspool.spool.HistoryRuns;
import gpuspool.spool.OverviewReader;
import gpuspool.spool.RecordedRun;
import gpuspool.spool.Spool;
import gpuspool.view.Json;
import gpuspool.view.ReportedBoard;
import gpuspool.view.Snapshot;
import gpuspool.view.SnapshotReader;
import gpuspool.view.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** {@code gpuspool report}: what ran in a stretch of time. Room {@code report} computes and writes it. */
final class ReportVerb extends Verb {
    private static final String STDOUT = "-";

    @Option(
            names = "--since",
            paramLabel = "TIME",
            defaultValue = "7d",
            description = "7d ago, a date, a date and time, or all (default: 7d)")
    private String since;

    @Option(names = "--until", paramLabel = "TIME", description = "the same; a date with all of its day (default: now)")
    private String until;

    @Option(names = "--user", paramLabel = "U", description = "only the jobs of this user, by name or number")
    private String user;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "write the page there, - for stdout (default: gpuspool-report-DATE.html here)")
    private String html;

    @Option(names = "--csv", description = "print a line for each run instead")
    private boolean csv;

    @Option(names = "--json", description = "print one JSON object instead")
    private boolean json;

    ReportVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException, InterruptedException, BadDeviceListException {
        if (Stream.of(html != null, csv, json).filter(given -> given).count() > 1) {
            throw usage("--html, --csv and --json: write one of them");
        }
        Spool spool = open();
        // Before the record is read: what ends meanwhile is told there, too, and counts once.
        Snapshot now = new SnapshotReader(
                        spool, looker(), fs, () -> ReportedBoard.read(spool, looker(), fs), OverviewReader.Limits.PAGE)
                .read();
        IntPredicate wanted = wanted();
        try (ProgressLine line = new ProgressLine(call, System::nanoTime)) {
            HistoryRuns history = new HistoryRuns(
                    spool.places(), fs, (bytes, of) -> line.show(bytes, of, () -> "reading " + Words.bytes(of / 2)));
            HistoryRuns.Survey survey = history.survey();
            Report report = new Report(window(now.millis(), survey.first()), wanted);
            report.present(now);
            if (csv) {
                return printCsv(report, history, survey);
            }
            long bad = survey.bad() + history.read(survey, report.since(), report::add);
            report.finish();
            Source source = new Source(spool.root().toString(), survey, bad, now, Optional.ofNullable(user));
            survey.unread().forEach(file -> say("note: cannot read " + file + "; it is left out"));
            return json ? printJson(report, source) : write(report, source);
        }
    }

    private IntPredicate wanted() throws IOException {
        if (user == null) {
            return owner -> true;
        }
        OptionalInt number = Accounts.number(user);
        OptionalInt uid = number.isPresent() ? number : new Accounts().uid(user);
        if (uid.isEmpty()) {
            throw usage("--user: nobody here is called " + user + "; write a name or a uid");
        }
        return owner -> owner == uid.getAsInt();
    }

    private Window window(long now, OptionalLong first) {
        ZoneId zone = ZoneId.systemDefault();
        try {
            Instant end = until == null
                    ? Instant.ofEpochMilli(now)
                    : WindowWords.until(until, Instant.ofEpochMilli(now), zone);
            long to = Math.min(now, end.toEpochMilli());
            long from = since.equals("all")
                    ? Math.min(first.orElse(to - 1), to - 1)
                    : WindowWords.since(since, Instant.ofEpochMilli(now), zone).toEpochMilli();
            if (from >= to) {
                throw usage("--since " + since + " is not before " + (until == null ? "now" : "--until " + until));
            }
            return new Window(from, to, zone);
        } catch (BadValueException e) {
            throw usage(e.getMessage());
        }
    }

    private int printCsv(Report report, HistoryRuns history, HistoryRuns.Survey survey) throws IOException {
        CsvTable table = new CsvTable(report.zone());
        call.out().print(CsvTable.HEAD);
        long bad = survey.bad();
        try {
            bad += history.read(survey, report.since(), run -> {
                if (report.isOf(run)) {
                    printLine(table, run);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (bad > 0) {
            say("note: " + Words.count(bad, "line") + " of the record " + (bad == 1 ? "was" : "were")
                    + " not understood and left out");
        }
        survey.unread().forEach(file -> say("note: cannot read " + file + "; it is left out"));
        return ExitStatus.OK.code;
    }

    private void printLine(CsvTable table, RecordedRun run) {
        try {
            call.out().print(table.line(run));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int printJson(Report report, Source source) throws IOException {
        Json.print(call.out(), out -> ReportJson.write(report, source, out));
        return ExitStatus.OK.code;
    }

    private int write(Report report, Source source) throws IOException {
        byte[] page = Page.of(report, source).getBytes(StandardCharsets.UTF_8);
        if (STDOUT.equals(html)) {
            call.out().write(page);
            call.out().flush();
            return ExitStatus.OK.code;
        }
        Path file = call.directory()
                .resolve(html == null ? "gpuspool-report-" + LocalDate.now(report.zone()) + ".html" : html);
        fs.overwrite(file, page);
        out("written: " + file + " (" + Words.bytes(page.length) + ")");
        return ExitStatus.OK.code;
    }
}
