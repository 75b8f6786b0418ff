package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/** Cards as a driver would tell of them. */
final class TestCards {
    private TestCards() {}

    static Device card(int index, String name) {
        return new Device(
                new GpuId.Uuid("GPU-%02d0c2a1b-0000".formatted(index)),
                Device.Vendor.NVIDIA,
                OptionalInt.of(index),
                name,
                "",
                OptionalLong.empty(),
                Optional.empty());
    }

    static List<Device> cards(int count, String... names) {
        List<Device> cards = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            cards.add(card(i, names[i % names.length]));
        }
        return cards;
    }

    /** Any pair may have any link, or none that is known. */
    static Links randomLinks(List<Device> cards, Random random) {
        Map<Set<GpuId>, Links.Link> pairs = new HashMap<>();
        for (Device one : cards) {
            for (Device other : cards) {
                if (!one.equals(other) && random.nextInt(5) > 0) {
                    pairs.put(
                            Set.of(one.id(), other.id()),
                            new Links.Link(random.nextInt(3) == 0, 10 * random.nextInt(6)));
                }
            }
        }
        return new Links(pairs);
    }
}
