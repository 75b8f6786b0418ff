package gpuspool.gpu.fake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files in which AMD's driver tells of cards, below a root directory of a test's own. Needs no compiler. */
public final class FakeAmd {
    private static final long GIBIBYTE = 1L << 30;

    private final Path root;
    private int nodes;

    /** A machine with the driver and no card. */
    public static FakeAmd in(Path root) throws IOException {
        FakeAmd fake = new FakeAmd(root);
        write(root.resolve("dev/kfd"), "");
        write(root.resolve("sys/module/amdgpu/version"), "6.8.5\n");
        Files.createDirectories(root.resolve("sys/class/kfd/kfd/proc"));
        fake.namespace("pid:[4026531836]");
        // Node 0 is the processor.
        fake.node(0, "");
        return fake;
    }

    private FakeAmd(Path root) {
        this.root = root;
    }

    private Path node(long gpuId, String properties) throws IOException {
        Path place = root.resolve("sys/class/kfd/kfd/topology/nodes/" + nodes++);
        write(place.resolve("gpu_id"), gpuId + "\n");
        write(place.resolve("properties"), "cpu_cores_count 0\n" + properties);
        return place;
    }

    /** An MI300X of 192 GiB with 1 GiB in use; its gpu_id is 1000 and its node's number. {@code uniqueId} 0: it has none. */
    public FakeAmd card(long uniqueId) throws IOException {
        return card(uniqueId, nodes);
    }

    /** The same at a place of its own choice on the bus: several nodes at one place are parts of one card. */
    public FakeAmd card(long uniqueId, int bus) throws IOException {
        Path unused = node(
                1000 + nodes,
                "simd_count 1216\ndomain 0\nlocation_id " + (bus << 8) + "\nunique_id "
                        + Long.toUnsignedString(uniqueId) + "\ngfx_target_version 90402\n");
        Path card = pci(bus);
        write(card.resolve("mem_info_vram_total"), 192 * GIBIBYTE + "\n");
        write(card.resolve("mem_info_vram_used"), GIBIBYTE + "\n");
        write(card.resolve("gpu_busy_percent"), "17\n");
        write(card.resolve("product_name"), "AMD Instinct MI300X\n");
        write(card.resolve("hwmon/hwmon3/temp1_input"), "41000\n");
        write(card.resolve("hwmon/hwmon3/power1_average"), "140000000\n");
        write(card.resolve("hwmon/hwmon3/power1_cap"), "750000000\n");
        return this;
    }

    /** Where the driver tells of the card. */
    public Path pci(int bus) {
        return root.resolve(String.format("sys/bus/pci/devices/0000:%02x:00.0", bus));
    }

    /** What a process has on a card; it is there on all others, too, with nothing. */
    public FakeAmd process(long pid, int node, long bytes) throws IOException {
        for (int i = 1; i < nodes; i++) {
            write(place(pid).resolve("vram_" + (1000 + i)), (i == node ? bytes : 0) + "\n");
        }
        return this;
    }

    public FakeAmd queue(long pid, int node) throws IOException {
        write(place(pid).resolve("queues/0/gpuid"), 1000 + node + "\n");
        return this;
    }

    /** Where the driver tells of a process. */
    public Path place(long pid) {
        return root.resolve("sys/class/kfd/kfd/proc/" + pid);
    }

    public FakeAmd link(int from, int to, int type, int weight) throws IOException {
        write(
                root.resolve("sys/class/kfd/kfd/topology/nodes/" + from + "/io_links/" + to + "/properties"),
                "type " + type + "\nnode_from " + from + "\nnode_to " + to + "\nweight " + weight + "\n");
        return this;
    }

    /** In which PID namespace we are. */
    public FakeAmd namespace(String name) throws IOException {
        Path link = root.resolve("proc/self/ns/pid");
        Files.createDirectories(link.getParent());
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(name));
        return this;
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
