package gpuspool.gpu;

import java.util.Map;
import java.util.Set;

/** How close two cards are; what is not known is as far as can be. */
public record Links(Map<Set<GpuId>, Link> pairs) {
    public static final Links UNKNOWN = new Links(Map.of());

    /** Nothing is known of the two. */
    private static final Link FAR = new Link(false, 50);

    /**
     * One pair.
     *
     * @param nvlink whether NVLink, or what the vendor has in its place, joins them
     * @param distance of the way by PCIe: 0 one board, 10 one switch, 20 several switches, 30 one host bridge, 40 one NUMA node, 50
     *     the whole system
     */
    public record Link(boolean nvlink, int distance) {}

    public Links {
        pairs = Map.copyOf(pairs);
    }

    public Link between(GpuId one, GpuId other) {
        return pairs.getOrDefault(Set.of(one, other), FAR);
    }
}
