package gpuspool.cli;

import gpuspool.config.HostName;
import gpuspool.config.SpoolPlace;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.DiskFs;
import gpuspool.spool.HostNote;
import gpuspool.spool.JobRow;
import gpuspool.spool.Looker;
import gpuspool.spool.Overview;
import gpuspool.spool.OverviewReader;
import gpuspool.spool.Spool;
import gpuspool.spool.Times;
import gpuspool.view.Ink;
import gpuspool.view.Style;
import gpuspool.view.Table;
import gpuspool.view.Users;
import gpuspool.view.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What {@code gpuspool} and {@code gpuspool status} print. Kept free of lambdas, streams, patterns and formatters, each of which
 * costs a JVM that has just begun some milliseconds.
 */
final class StatusPage {
    /** Reasons that are older than this are said to be. */
    private static final long FRESH_MILLIS = 5000;

    /** Columns of the table. */
    private static final int STATE = 1;

    private static final int REASON = 5;

    private final Overview overview;
    private final String boot;
    private final String spoolOption;
    private final long now;
    private final Style style;
    private final Users users = new Users();
    private final StringBuilder page = new StringBuilder();

    private StatusPage(Overview overview, String boot, String spoolOption, long now, Style style) {
        this.overview = overview;
        this.boot = boot;
        this.spoolOption = Words.line(spoolOption);
        this.now = now;
        this.style = style;
    }

    static int print(Optional<Path> flag, Invocation call) {
        try {
            Spool spool = Spool.open(SpoolPlace.find(flag, call.environment()));
            String option = flag.isPresent() ? " --spool " + flag.get() : "";
            call.out().print(text(spool, option, call, Screen.quick(call)));
            return ExitStatus.OK.code;
        } catch (IOException e) {
            return Failures.tell("status", e, call.err());
        }
    }

    /** @param spoolOption {@code  --spool DIR} where it was given, to be part of lines to paste */
    static String text(Spool spool, String spoolOption, Invocation call, Style style) throws IOException {
        long now = System.currentTimeMillis();
        String boot = ProcFiles.bootId();
        Looker looker = new Looker(HostName.of(spool.places().settings(), call.environment()), boot);
        Overview overview = new OverviewReader(spool, looker, new DiskFs(), now, OverviewReader.Limits.PAGE).read();
        return new StatusPage(overview, boot, spoolOption, now, style).text();
    }

    private String text() throws IOException {
        addWatchers();
        if (overview.paused()) {
            begin(Ink.WARN, "PAUSED")
                    .append(": nothing starts until control/pause is removed (gpuspool resume")
                    .append(spoolOption)
                    .append(")\n");
        }
        if (overview.draining()) {
            begin(Ink.WARN, "DRAINING")
                    .append(": nothing starts, and each watcher leaves once no job of its host runs; to go on:"
                            + " gpuspool resume")
                    .append(spoolOption)
                    .append(", then gpuspool watch")
                    .append(spoolOption)
                    .append('\n');
        }
        if (overview.letGo()) {
            begin(Ink.WARN, "LET GO")
                    .append(
                            ": no job starts on a card of the GPU driver until control/let-go is removed, which a watcher"
                                    + " does after 10 minutes\n");
        }
        addJobs();
        return page.toString();
    }

    /** A word that is to be seen at the beginning of a line, and what stands behind it. */
    private StringBuilder begin(Ink ink, String word) {
        return page.append(style.paint(ink, word));
    }

    private void addWatchers() throws IOException {
        boolean alive = false;
        for (HostNote host : overview.hosts()) {
            if (host.life() != HostNote.Life.GONE) {
                alive = true;
                page.append("watcher on ").append(Words.line(host.host())).append(": pid ");
                page.append(Words.line(host.watcher().get("pid").orElse("?")));
                OptionalLong since = Times.parse(host.watcher().get("since").orElse(""));
                page.append(since.isPresent() ? " up " + Words.time(now - since.getAsLong()) : "");
                page.append(", GPUs ");
                page.append(
                        host.knowsDevices() ? Words.line(Words.cards(host.devices(), host.indices())) : "not known");
                page.append(host.life() == HostNote.Life.NOT_KNOWN ? " (so it wrote; cannot be asked from here)" : "");
                page.append('\n');
                addAttention(host);
            }
        }
        if (!alive) {
            String lost = overview.hosts().isEmpty() ? "" : LostWatchers.words(overview.hosts(), boot, now);
            begin(Ink.BAD, "NO WATCHER")
                    .append(lost)
                    .append(lost.startsWith(":") ? "; " : ": ")
                    .append("nothing starts until you run: gpuspool watch")
                    .append(spoolOption)
                    .append('\n');
        }
    }

    private void addAttention(HostNote host) throws IOException {
        List<String> lines = host.attention();
        for (int i = 0; i < lines.size(); i++) {
            begin(Ink.WARN, "attention")
                    .append(": ")
                    .append(Words.safe(lines.get(i)))
                    .append('\n');
        }
    }

    private void addJobs() throws IOException {
        Table table = new Table()
                .row("JOB", "STATE", "USER", "GPUS", "TIME", "GPU(REASON)", "COMMAND")
                .inked(STATE)
                .cutting(REASON);
        addRows(table, overview.running(), true);
        addRows(table, overview.attention(), true);
        addRows(table, overview.first(), true);
        int queuedRows = table.size();
        addRows(table, overview.firstHeld(), false);
        addRows(table, overview.lastEnded(), false);
        if (table.size() == 1) {
            page.append("no jobs\n");
        } else {
            addTable(table, queuedRows);
        }
        int moreHeld = overview.held() - overview.firstHeld().size();
        if (moreHeld > 0) {
            page.append("… and ").append(moreHeld).append(" more in held/\n");
        }
    }

    /** The table, and in its right place the line that counts the queued jobs not shown. */
    private void addTable(Table table, int queuedRows) {
        String text = table.text(style);
        int more = overview.queued() - overview.first().size();
        if (more > 0) {
            int at = 0;
            for (int line = 0; line < queuedRows; line++) {
                at = text.indexOf('\n', at) + 1;
            }
            text = text.substring(0, at) + "… and " + more + " more queued\n" + text.substring(at);
        }
        page.append(text);
        OptionalLong asOf = overview.reasonsAsOf();
        boolean told = !overview.first().isEmpty() && asOf.isPresent();
        if (told && now - asOf.getAsLong() > FRESH_MILLIS) {
            page.append("(reasons as of ")
                    .append(Words.time(now - asOf.getAsLong()))
                    .append(" ago)\n");
        }
    }

    private void addRows(Table table, List<JobRow> rows, boolean withReason) throws IOException {
        for (JobRow row : rows) {
            String gpus = row.gpus().isPresent() ? Integer.toString(row.gpus().getAsInt()) : "-";
            String cards = row.devices().isEmpty() ? "" : Words.cards(row.devices(), row.indices());
            String reason =
                    row.reason().isEmpty() || !withReason && !row.state().equals("refused")
                            ? ""
                            : "(" + row.reason() + ")";
            String where = cards + (cards.isEmpty() || reason.isEmpty() ? "" : " ") + reason;
            table.row(
                    Ink.ofJob(row.state()),
                    row.job(),
                    row.state(),
                    users.name(row.owner()),
                    gpus,
                    Words.time(row.millis()),
                    where.isEmpty() ? "-" : where,
                    row.command());
        }
    }
}
