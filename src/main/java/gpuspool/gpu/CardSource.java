package gpuspool.gpu;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Where the cards of a watcher come from; {@code spool-layout.md}, section 10.1. */
public sealed interface CardSource {
    /** Simulated, named where no driver is, or assumed: nobody is asked about them. */
    record OnTrust(List<Device> devices, Optional<String> warning) implements CardSource {}

    /**
     * A driver tells of them.
     *
     * @param finder finds the way to ask that works now, or one whose surveys say why none does
     * @param selection which of the driver's cards
     */
    record Driven(Supplier<Backend> finder, Selection selection, Optional<String> warning) implements CardSource {}

    /** What the user should know of how they were found. */
    Optional<String> warning();

    /** Cards by these ids, about which nobody is asked. */
    static CardSource onTrust(List<GpuId> cards) {
        return new OnTrust(cards.stream().map(Device::onTrust).toList(), Optional.empty());
    }
}
