package gpuspool.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Lists of cards as users write them, in {@code --devices} and in {@code CUDA_VISIBLE_DEVICES}. */
public final class DeviceList {
    private static final int MOST_SIMULATED = 1024;

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
