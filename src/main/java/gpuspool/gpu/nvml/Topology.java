package gpuspool.gpu.nvml;

import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How close cards are; asked once for each set of them. For one thread. */
final class Topology {
    /** Which of the ways from card to card {@code nvmlDeviceGetP2PStatus} is asked about. */
    private static final int NVLINK = 2;

    private static final int FARTHEST = 50;

    private final NvmlLibrary nvml;
    private List<GpuId> asked = List.of();
    private Links known = Links.UNKNOWN;

    Topology(NvmlLibrary nvml) {
        this.nvml = nvml;
    }

    /** Of those cards that can be asked; the others are as far as can be. */
    Links of(List<Card> cards) throws NvmlException {
        List<GpuId> ids = cards.stream().map(Card::id).toList();
        if (!ids.equals(asked)) {
            Map<Set<GpuId>, Links.Link> pairs = new HashMap<>();
            List<Card> before = new ArrayList<>();
            for (Card card : cards) {
                for (Card other : before) {
                    pairs.put(Set.of(card.id(), other.id()), link(other, card));
                }
                before.add(card);
            }
            known = new Links(pairs);
            asked = ids;
        }
        return known;
    }

    private Links.Link link(Card one, Card other) throws NvmlException {
        if (one.gpu().equals(other.gpu())) {
            return new Links.Link(false, 0);
        }
        int[] status = new int[1];
        boolean nvlink = answers("nvmlDeviceGetP2PStatus", one.gpu(), other.gpu(), NVLINK, status) && status[0] == 0;
        int[] distance = new int[1];
        boolean near = answers("nvmlDeviceGetTopologyCommonAncestor", one.gpu(), other.gpu(), distance);
        return new Links.Link(nvlink, near ? distance[0] : FARTHEST);
    }

    /** Cards may work well and not tell how close they are: only that all is over counts. */
    private boolean answers(String function, Object... arguments) throws NvmlException {
        int code = nvml.code(function, arguments);
        if (code != Meaning.OK && Meaning.of(code) == Meaning.DOWN) {
            throw nvml.failure(code, function);
        }
        return code == Meaning.OK;
    }
}
