package gpuspool.cli;

import gpuspool.gpu.BadDeviceListException;
import gpuspool.spool.OverviewReader;
import gpuspool.spool.Spool;
import gpuspool.view.Json;
import gpuspool.view.ReportedBoard;
import gpuspool.view.Snapshot;
import gpuspool.view.SnapshotJson;
import gpuspool.view.SnapshotReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gpuspool status}: what runs, what waits and why, what ended last. {@link StatusPage} prints the page. */
final class StatusVerb extends Verb {
    @Option(names = "--json", description = "print one JSON object instead of the table")
    private boolean json;

    @Option(
            names = {"-w", "--watch"},
            paramLabel = "SECONDS",
            arity = "0..1",
            fallbackValue = "2",
            description =
                    "show it anew every so many seconds (default: 2), until Ctrl-C; with --json, an object a line")
    private String watch;

    @Mixin
    private ColourOption colour;

    StatusVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException, InterruptedException, BadDeviceListException {
        Optional<Duration> every = Redrawn.interval(watch, this::usage);
        Spool spool = open();
        if (every.isPresent()) {
            return new Redrawn(call, json).show(every.get(), () -> text(spool));
        }
        call.out().print(text(spool));
        return ExitStatus.OK.code;
    }

    private String text(Spool spool) throws IOException, InterruptedException, BadDeviceListException {
        if (!json) {
            return StatusPage.text(spool, spoolOption(), call, colour.style(call));
        }
        Snapshot snapshot = new SnapshotReader(
                        spool, looker(), fs, () -> ReportedBoard.read(spool, looker(), fs), OverviewReader.Limits.PAGE)
                .read();
        return Json.text(out -> SnapshotJson.write(out, snapshot));
    }
}
