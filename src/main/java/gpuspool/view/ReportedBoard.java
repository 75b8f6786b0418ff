package gpuspool.view;

import gpuspool.spool.CardUse;
import gpuspool.spool.Fs;
import gpuspool.spool.HostNote;
import gpuspool.spool.Layout;
import gpuspool.spool.Looker;
import gpuspool.spool.ReportedCards;
import gpuspool.spool.Spool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The cards as the watchers last wrote of them, without asking any driver: what it costs is the reading of some small files. */
public final class ReportedBoard {
    private ReportedBoard() {}

    public static CardBoard read(Spool spool, Looker looker, Fs fs) throws IOException {
        long now = System.currentTimeMillis();
        Layout places = spool.places();
        List<CardUse> uses = CardUse.readAll(places, looker, fs, now);
        CardUsers users = new CardUsers();
        List<CardHost> hosts = new ArrayList<>();
        for (HostNote note : HostNote.readAll(places, looker)) {
            ReportedCards report = ReportedCards.read(note.directory());
            if (!report.equals(ReportedCards.NOTHING)) {
                hosts.add(CardJoin.other(
                        note.host(),
                        note.life(),
                        note.watcher().number("pid"),
                        report,
                        users.byCard(uses, note.host())));
            }
        }
        boolean letGo = fs.look(places.letGo()).isPresent();
        return new CardBoard(now, Optional.of(spool.root()), letGo, List.copyOf(hosts));
    }
}
