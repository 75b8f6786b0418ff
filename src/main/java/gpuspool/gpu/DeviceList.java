package gpuspool.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Lists of cards as users write them, in {@code --devices} and in {@code CUDA_VISIBLE_DEVICES}. */
public final class DeviceList {
    private static final int MOST_SIMULATED = 1024;

    /** The first ends it, as the first word that names no card does for CUDA; Slurm and containers write the others. */
    private static final Set<String> END_OF_VISIBLE = Set.of("-1", "NoDevFiles", "void", "none");

    private DeviceList() {}

    /**
     * Reads {@code sim:4} (four simulated cards) or a list by commas of indices, UUIDs and MIG UUIDs.
     *
     * @param source where the text was found, for the message
     * @throws BadDeviceListException on any entry that names no card: an unknown entry never means "all cards"
     */
    public static List<GpuId> parse(String text, String source) throws BadDeviceListException {
        String trimmed = text.strip();
        if (trimmed.startsWith("sim:")) {
            return simulated(trimmed, source);
        }
        List<GpuId> cards = new ArrayList<>();
        if (trimmed.isEmpty()) {
            return cards;
        }
        for (String entry : trimmed.split(",", -1)) {
            GpuId card = GpuId.parse(entry.strip())
                    .filter(id -> !(id instanceof GpuId.Simulated))
                    .orElseThrow(() -> new BadDeviceListException(
                            source,
                            "\"" + entry.strip() + "\" in \"" + trimmed + "\" names no GPU",
                            "write indices (0,1), UUIDs (GPU-…, MIG-…) or sim:N for N simulated GPUs"));
            if (cards.contains(card)) {
                throw new BadDeviceListException(
                        source, "\"" + entry.strip() + "\" stands twice in \"" + trimmed + "\"", "name each GPU once");
            }
            cards.add(card);
        }
        return List.copyOf(new TreeSet<>(cards));
    }

    /**
     * Reads what the environment tells all programs, such as {@code CUDA_VISIBLE_DEVICES}: a list as above, which {@code -1},
     * {@code NoDevFiles}, {@code void} or {@code none} ends.
     *
     * @return empty when no card is to be seen
     */
    static List<GpuId> visible(String text, String source) throws BadDeviceListException {
        List<String> entries = new ArrayList<>();
        for (String entry : text.split(",", -1)) {
            if (END_OF_VISIBLE.contains(entry.strip())) {
                return parse(String.join(",", entries), source);
            }
            entries.add(entry);
        }
        return parse(text, source);
    }

    private static List<GpuId> simulated(String text, String source) throws BadDeviceListException {
        String count = text.substring("sim:".length());
        if (!count.matches("[0-9]{1,4}") || Integer.parseInt(count) < 1 || Integer.parseInt(count) > MOST_SIMULATED) {
            throw new BadDeviceListException(
                    source,
                    "\"" + text + "\" is no number of simulated GPUs",
                    "write sim:N with N from 1 to " + MOST_SIMULATED + ", for example sim:4 for four simulated GPUs");
        }
        List<GpuId> cards = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(count); i++) {
            cards.add(new GpuId.Simulated(i));
        }
        return cards;
    }
}
