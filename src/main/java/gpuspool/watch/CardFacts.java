package gpuspool.watch;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.spool.StatusFile;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code status} says of a job's cards; {@code spool-layout.md}, section 1.2. Values. */
final class CardFacts {
    private static final String NOT_KNOWN = "-";

    private CardFacts() {}

    /**
     * The lines for these cards.
     *
     * @param driver its kind and version; empty text where none was asked
     */
    static StatusFile.Lines of(List<Device> cards, String driver) {
        StatusFile.Lines lines = new StatusFile.Lines();
        lines.add("devices", cards.stream().map(Device::id).map(GpuId::word).collect(Collectors.joining(" ")));
        lines.add("indices", indices(cards));
        for (int k = 0; k < cards.size() && !driver.isEmpty(); k++) {
            Device card = cards.get(k);
            lines.add("gpu." + k, String.join("; ", index(card), known(card.pci()), driver, known(card.name())));
        }
        return lines;
    }

    /** Their numbers by blanks. */
    static String indices(List<Device> cards) {
        return cards.stream().map(CardFacts::index).collect(Collectors.joining(" "));
    }

    private static String index(Device card) {
        return card.index().isPresent() && card.parent().isEmpty()
                ? Integer.toString(card.index().getAsInt())
                : NOT_KNOWN;
    }

    private static String known(String text) {
        return text.isEmpty() ? NOT_KNOWN : text;
    }
}
