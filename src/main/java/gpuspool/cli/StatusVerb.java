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
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code gpuspool status}: what runs, what waits and why, what ended last. {@link StatusPage} prints the page. */
final class StatusVerb extends Verb {
    @Option(names = "--json", description = "print one JSON object instead of the table")
    private boolean json;

    StatusVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException, InterruptedException, BadDeviceListException {
        if (!json) {
            return StatusPage.print(spoolOption().isEmpty() ? Optional.empty() : Optional.of(place()), call);
        }
        Spool spool = open();
        Snapshot snapshot = new SnapshotReader(
                        spool, looker(), fs, () -> ReportedBoard.read(spool, looker(), fs), OverviewReader.Limits.PAGE)
                .read();
        Json.print(call.out(), out -> SnapshotJson.write(out, snapshot));
        return ExitStatus.OK.code;
    }
}
