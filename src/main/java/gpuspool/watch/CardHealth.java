package gpuspool.watch;

import gpuspool.gpu.Backend;
import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Reading;

/** Notices broken cards by what their driver says, and puts them into the quarantine. */
final class CardHealth {
    private static final String DRIVER = "driver";

    private final Setup setup;
    private final CardDesk desk;
    private final Quarantine quarantine;
    private final LetGo letGo;
    private boolean heeding;
    private boolean wasLetGo;

    CardHealth(Setup setup, CardDesk desk, Quarantine quarantine, LetGo letGo) {
        this.setup = setup;
        this.desk = desk;
        this.quarantine = quarantine;
        this.letGo = letGo;
    }

    /** The driver was asked, or should have been. */
    void looked() {
        for (Device device : desk.devices()) {
            if (desk.reading(device.id()).orElse(null) instanceof Reading.Sick sick) {
                quarantine.put(device.id(), sick.reason());
            }
        }
        if (desk.unknown().isEmpty()) {
            setup.attention().clear(DRIVER);
        } else {
            setup.attention().set(DRIVER, desk.tell() + "; their driver is asked again every 10 s while a job waits");
        }
    }

    /** The driver reported a fault by itself. Where that is not known to be somebody else's card, it is one of ours. */
    void faulted(Backend.Fault fault) {
        GpuId card = fault.card();
        for (Device device : desk.devices()) {
            if (device.id().equals(card)
                    || device.parent().filter(card.word()::equals).isPresent()) {
                quarantine.put(device.id(), fault.reason());
            }
        }
        if (desk.unknown().isPresent()) {
            quarantine.put(card, fault.reason());
        }
    }

    /** Listens for faults while that matters: each second of it is a wakeup. */
    void heed(boolean matters) {
        boolean on = matters && !letGo.isOn();
        if (on != heeding) {
            heeding = on;
            setup.cards().gauge().ifPresent(gauge -> gauge.heedFaults(on));
        }
        if (on && wasLetGo) {
            // Only a driver that was asked is open, and only an open one tells of faults.
            setup.cards().gauge().ifPresent(gauge -> gauge.ask());
        }
        wasLetGo = matters && letGo.isOn();
    }
}
