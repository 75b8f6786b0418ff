package gpuspool.view;

import gpuspool.gpu.BadDeviceListException;
import gpuspool.spool.Fs;
import gpuspool.spool.Looker;
import gpuspool.spool.OverviewReader;
import gpuspool.spool.Spool;
import java.io.IOException;

/** Takes {@link Snapshot}s of one spool, as often as it is asked; changes nothing. */
public final class SnapshotReader {
    private final Spool spool;
    private final Looker looker;
    private final Fs fs;
    private final Cards cards;
    private final OverviewReader.Limits limits;

    /** Where the cards are read: {@link CardLook#look}, which asks the driver, or {@link ReportedBoard}, which does not. */
    public interface Cards {
        CardBoard read() throws IOException, InterruptedException, BadDeviceListException;
    }

    /** @param limits how many jobs of each kind are told one by one */
    public SnapshotReader(Spool spool, Looker looker, Fs fs, Cards cards, OverviewReader.Limits limits) {
        this.spool = spool;
        this.looker = looker;
        this.fs = fs;
        this.cards = cards;
        this.limits = limits;
    }

    /** Looks once. */
    public Snapshot read() throws IOException, InterruptedException, BadDeviceListException {
        // The cards first: a job that starts in between is then seen where it runs.
        CardBoard board = cards.read();
        long now = System.currentTimeMillis();
        return new Snapshot(now, new OverviewReader(spool, looker, fs, now, limits).read(), board);
    }
}
