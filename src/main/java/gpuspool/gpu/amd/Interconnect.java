package gpuspool.gpu.amd;

import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Which GPUs are joined by XGMI, which is to AMD's cards what NVLink is to others. */
final class Interconnect {
    private static final String XGMI = "11";
    private static final int FARTHEST = 50;

    private Interconnect() {}

    /** @param cards by the numbers of their nodes; what cannot be read is taken for far apart */
    static Links among(Map<Integer, GpuId> cards, Path nodes) {
        Map<Set<GpuId>, Links.Link> pairs = new HashMap<>();
        cards.forEach((node, card) -> {
            try {
                for (Path link : SysFile.numbered(nodes.resolve(node + "/io_links"), "")) {
                    add(pairs, cards, card, Node.properties(link.resolve("properties")));
                }
            } catch (IOException e) {
                // Nothing is decided by it but which of several free cards are taken.
                pairs.keySet().removeIf(pair -> pair.contains(card));
            }
        });
        return new Links(pairs);
    }

    private static void add(
            Map<Set<GpuId>, Links.Link> pairs, Map<Integer, GpuId> cards, GpuId card, Map<String, String> link) {
        String to = link.getOrDefault("node_to", "");
        String weight = link.getOrDefault("weight", "");
        if (XGMI.equals(link.get("type")) && to.matches("\\d{1,9}") && cards.containsKey(Integer.valueOf(to))) {
            GpuId other = cards.get(Integer.valueOf(to));
            int distance = weight.matches("\\d{1,9}") ? Math.min(Integer.parseInt(weight), FARTHEST) : FARTHEST;
            if (!other.equals(card)) {
                pairs.put(Set.of(card, other), new Links.Link(true, distance));
            }
        }
    }
}
