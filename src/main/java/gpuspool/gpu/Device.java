package gpuspool.gpu;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * One GPU, or one part of one (MIG), as its driver describes it. What is not known is empty; of a card that was taken on trust
 * nothing is known but its id; a simulated one has a size, too.
 *
 * @param index its number as {@code nvidia-smi} and {@code --devices} count; of a MIG instance that of its GPU
 * @param name the product's name, such as {@code NVIDIA H200}; empty text when not known
 * @param pci where it sits, such as {@code 00000000:3B:00.0}; empty text when not known
 * @param memory bytes in all
 * @param parent for a MIG instance: the UUID of the GPU that it is a part of
 */
public record Device(
        GpuId id,
        Vendor vendor,
        OptionalInt index,
        String name,
        String pci,
        OptionalLong memory,
        Optional<String> parent) {

    /** Which variable tells a program its cards. */
    public enum Vendor {
        NVIDIA,
        AMD
    }

    /** What a simulated card is said to have, so that sharing one can be tried: 80 GiB. */
    public static final long SIMULATED_MEMORY = 80L << 30;

    /** A card of which nobody was asked: simulated, or taken on trust. */
    public static Device onTrust(GpuId id) {
        OptionalLong memory = id instanceof GpuId.Simulated ? OptionalLong.of(SIMULATED_MEMORY) : OptionalLong.empty();
        OptionalInt index = id instanceof GpuId.Simulated simulated
                ? OptionalInt.of(simulated.number())
                : id instanceof GpuId.Index plain ? OptionalInt.of(plain.number()) : OptionalInt.empty();
        return new Device(id, Vendor.NVIDIA, index, "", "", memory, Optional.empty());
    }

    /** For people: its number, or, where that is not its own, the first characters of its UUID. */
    public String label() {
        return index.isPresent() && parent.isEmpty() ? Integer.toString(index.getAsInt()) : id.label();
    }

    /** Their ids, in the same order. */
    public static List<GpuId> ids(List<Device> devices) {
        return devices.stream().map(Device::id).toList();
    }

    /** Several labels for people: {@code 0,1}. */
    public static String labels(List<Device> devices) {
        return devices.stream().map(Device::label).collect(Collectors.joining(","));
    }
}
