package gpuspool.gpu.amd;

import gpuspool.gpu.Backend;
import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Reading;
import gpuspool.gpu.Survey;
import gpuspool.posix.FailureText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Reads what the driver amdgpu tells of AMD's cards. Numbers are ROCm's: the order of its nodes. */
public final class AmdBackend implements Backend {
    private final Path root;
    private final Path nodes;
    private final Processes processes;

    /** @param root the root directory, {@code /} */
    public AmdBackend(Path root) {
        this.root = root;
        nodes = place(root);
        processes = new Processes(root);
    }

    /** Where there is anything to read. */
    public static Path place(Path root) {
        return root.resolve("sys/class/kfd/kfd/topology/nodes");
    }

    @Override
    public String name() {
        return "amdgpu";
    }

    @Override
    public Survey survey() {
        try {
            return look(Node.all(nodes));
        } catch (IOException e) {
            return new Survey.Silence("amdgpu: " + FailureText.of(e));
        }
    }

    private Survey look(List<Node> found) {
        List<Device> devices = new ArrayList<>();
        Map<GpuId, Reading> readings = new HashMap<>();
        Map<Integer, GpuId> byNode = new HashMap<>();
        Set<String> shared = twice(found.stream().map(Node::pci).toList());
        Set<String> unusable =
                twice(found.stream().flatMap(node -> node.uuid().stream()).toList());
        for (int index = 0; index < found.size(); index++) {
            Node node = found.get(index);
            int number = index;
            GpuId id = node.uuid()
                    .filter(uuid -> !unusable.contains(uuid))
                    .<GpuId>map(GpuId.Uuid::new)
                    .orElseGet(() -> new GpuId.Index(number));
            CardFiles files = new CardFiles(root.resolve("sys/bus/pci/devices").resolve(node.pci()));
            devices.add(new Device(
                    id,
                    Device.Vendor.AMD,
                    OptionalInt.of(index),
                    files.name().orElse("AMD " + node.architecture().orElse("GPU")),
                    node.pci(),
                    shared.contains(node.pci()) ? OptionalLong.empty() : files.total(),
                    Optional.empty()));
            readings.put(id, read(node, files, shared.contains(node.pci())));
            byNode.put(node.node(), id);
        }
        return new Survey.Answer(
                driver(), List.copyOf(devices), Map.copyOf(readings), Interconnect.among(byNode, nodes));
    }

    /** @param shared whether several nodes are parts of one card, whose memory is told for all of them together */
    private Reading read(Node node, CardFiles files, boolean shared) {
        Path door = root.resolve("dev/kfd");
        if (!Files.isReadable(door) || !Files.isWritable(door)) {
            return new Reading.Forbidden(door
                    + (Files.exists(door)
                            ? " may not be opened by this user; add it to the group render"
                            : " is not here"));
        }
        try {
            Optional<Reading.Memory> memory = shared ? Optional.empty() : Optional.of(files.memory());
            return new Reading.Known(memory, processes.on(node.gpuId()), Reading.ComputeMode.SHARED, files.figures());
        } catch (IOException e) {
            return new Reading.Unreadable("amdgpu: " + FailureText.of(e));
        }
    }

    private static Set<String> twice(List<String> words) {
        Set<String> seen = new HashSet<>();
        Set<String> twice = new HashSet<>();
        for (String word : words) {
            if (!seen.add(word)) {
                twice.add(word);
            }
        }
        return twice;
    }

    /** The driver's own version where it is not the kernel's. */
    private String driver() {
        return SysFile.word(root.resolve("sys/module/amdgpu/version"))
                .map(version -> "amdgpu " + version)
                .or(() -> SysFile.word(root.resolve("proc/sys/kernel/osrelease"))
                        .map(kernel -> "amdgpu of Linux " + kernel))
                .orElse("amdgpu");
    }

    @Override
    public boolean reportsFaults() {
        return false;
    }

    @Override
    public List<Fault> awaitFaults(Duration most) {
        return List.of();
    }

    @Override
    public void close() {
        // Files are open only while they are read.
    }
}
