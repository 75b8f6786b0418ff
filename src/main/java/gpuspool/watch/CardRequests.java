package gpuspool.watch;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.plan.Control;
import gpuspool.spool.Fs;
import gpuspool.spool.HostCards;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** What requests in control/ may ask of cards, and doing it. */
final class CardRequests {
    private final Setup setup;
    private final Fs fs;
    private final CardDesk desk;
    private final CardWatch watch;
    private final Quarantine quarantine;
    private final LetGo letGo;

    CardRequests(Setup setup, Fs fs, CardDesk desk, CardWatch watch, Quarantine quarantine, LetGo letGo) {
        this.setup = setup;
        this.fs = fs;
        this.desk = desk;
        this.watch = watch;
        this.quarantine = quarantine;
        this.letGo = letGo;
    }

    /** See {@link LetGo#look}. */
    void letGo(boolean lies) {
        letGo.look(lies);
    }

    /** Whom a request may mean: our own cards as we know them, those of other hosts as they wrote. */
    Control.Cards known() throws IOException {
        Set<String> own = new HashSet<>();
        desk.devices().forEach((Device device) -> own.add(device.id().word()));
        Set<String> quarantinedElsewhere = new HashSet<>();
        Set<String> elsewhere = new HashSet<>();
        for (HostCards host : HostCards.readAll(setup.spool().places(), fs)) {
            if (!host.host().equals(setup.host())) {
                quarantinedElsewhere.addAll(host.quarantined());
                elsewhere.addAll(host.cards());
            } else if (desk.unknown().isPresent()) {
                own.addAll(host.cards());
            }
        }
        return new Control.Cards(quarantine.cards(), own, quarantinedElsewhere, elsewhere);
    }

    /** The card, by its word, leaves the quarantine, and nothing that was known of it counts any more. */
    void release(String card) throws IOException {
        quarantine.release(card);
        GpuId.parse(card).ifPresent(watch::forget);
    }
}
