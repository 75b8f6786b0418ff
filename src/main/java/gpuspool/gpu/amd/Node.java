package gpuspool.gpu.amd;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One GPU as KFD, the kernel's compute driver, has it.
 *
 * @param node its number among all nodes, processors among them
 * @param gpuId by which files of processes name it
 * @param properties by name; what numbers they are is told in the kernel's {@code kfd_topology.c}
 */
record Node(int node, String gpuId, Map<String, String> properties) {
    private static final int DEVICE_BITS = 3;
    private static final int BUS_BITS = 8;

    /** All GPUs that we may see, in ROCm's order. */
    static List<Node> all(Path nodes) throws IOException {
        List<Node> found = new ArrayList<>();
        for (Path place : SysFile.numbered(nodes, "")) {
            // Of a GPU that a device cgroup keeps from us these cannot be read, and ROCm passes over it.
            Optional<String> gpu = SysFile.word(place.resolve("gpu_id")).filter(id -> !id.equals("0"));
            if (gpu.isPresent()) {
                int number = Integer.parseInt(place.getFileName().toString());
                found.add(new Node(number, gpu.get(), properties(place.resolve("properties"))));
            }
        }
        return found;
    }

    static Map<String, String> properties(Path file) throws IOException {
        Map<String, String> properties = new HashMap<>();
        try {
            for (String line : SysFile.text(file).split("\n", -1)) {
                int blank = line.indexOf(' ');
                if (blank > 0) {
                    properties.put(
                            line.substring(0, blank), line.substring(blank + 1).strip());
                }
            }
        } catch (NoSuchFileException e) {
            return Map.of();
        }
        return Map.copyOf(properties);
    }

    private long number(String name) {
        String value = properties.getOrDefault(name, "0");
        return value.matches("\\d{1,20}") ? Long.parseUnsignedLong(value) : 0;
    }

    /** {@code 0000:03:00.0}, as in {@code /sys/bus/pci/devices}. */
    String pci() {
        long location = number("location_id");
        return String.format(
                "%04x:%02x:%02x.%x",
                number("domain"), location >> BUS_BITS & 0xff, location >> DEVICE_BITS & 0x1f, location & 7);
    }

    /** As ROCm makes it; empty for those that have none, mostly cards for desktops. */
    Optional<String> uuid() {
        long unique = number("unique_id");
        return unique == 0 ? Optional.empty() : Optional.of(String.format("GPU-%016x", unique));
    }

    /** The name of its instruction set, such as {@code gfx90a}; empty where it is not told. */
    Optional<String> architecture() {
        long version = number("gfx_target_version");
        return version == 0
                ? Optional.empty()
                : Optional.of(String.format("gfx%d%x%x", version / 10000, version / 100 % 100, version % 100));
    }
}
