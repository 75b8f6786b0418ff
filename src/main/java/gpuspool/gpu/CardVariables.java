package gpuspool.gpu;

import gpuspool.gpu.Device.Vendor;
import gpuspool.job.Pin;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The variables by which a job is told its cards; {@code spool-layout.md}, section 6. Values. */
public final class CardVariables {
    /** What chooses among a machine's cards, each among those that the one before left. */
    private static final List<String> LAYERS = List.of(
            "CUDA_VISIBLE_DEVICES",
            "CUDA_DEVICE_ORDER",
            "ROCR_VISIBLE_DEVICES",
            "HIP_VISIBLE_DEVICES",
            "GPU_DEVICE_ORDINAL");

    private CardVariables() {}

    /**
     * What to set for a job; an empty value where it has no card.
     *
     * @param cards in the order of their indices
     * @param memory bytes that it may use of each; empty: they are its own
     */
    public static Map<String, String> of(List<Device> cards, OptionalLong memory, Vendor vendor, Pin pin) {
        Map<String, String> variables = new TreeMap<>();
        String visible = join(cards, card -> visible(card, pin));
        if (vendor == Vendor.AMD) {
            variables.put("ROCR_VISIBLE_DEVICES", visible);
        } else {
            variables.put("CUDA_VISIBLE_DEVICES", visible);
            variables.put("CUDA_DEVICE_ORDER", "PCI_BUS_ID");
        }
        variables.put("GPUSPOOL_GPUS", join(cards, CardVariables::number));
        variables.put("GPUSPOOL_GPU_UUIDS", join(cards, CardVariables::uuid));
        memory.ifPresent(bytes -> variables.put("GPUSPOOL_GPU_MEM", Long.toString(bytes)));
        return variables;
    }

    /** What an environment may hold and whoever is told by these must not see. */
    public static List<String> hidden(Vendor vendor) {
        // ROCR's is set where a card is AMD's alone; on NVIDIA's it says nothing to anybody.
        return vendor == Vendor.AMD ? LAYERS : List.of();
    }

    private static String visible(Device card, Pin pin) {
        boolean byNumber =
                pin == Pin.INDEX && card.index().isPresent() && card.parent().isEmpty();
        return byNumber ? Integer.toString(card.index().getAsInt()) : card.id().visible();
    }

    private static String number(Device card) {
        return card.index().isPresent() && card.parent().isEmpty()
                ? Integer.toString(card.index().getAsInt())
                : card.id().visible();
    }

    private static String uuid(Device card) {
        return card.id() instanceof GpuId.Uuid uuid ? uuid.uuid() : "";
    }

    private static String join(List<Device> cards, Function<Device, String> word) {
        return cards.stream().map(word).filter(text -> !text.isEmpty()).collect(Collectors.joining(","));
    }
}
