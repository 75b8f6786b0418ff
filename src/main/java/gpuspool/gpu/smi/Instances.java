package gpuspool.gpu.smi;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts (MIG) of GPUs that are split. */
final class Instances {
    private static final Pattern GPU = Pattern.compile("GPU \\d+: .*\\(UUID: (GPU-[0-9a-zA-Z-]+)\\)");
    private static final Pattern PART =
            Pattern.compile("MIG (\\S+)\\s+Device\\s+\\d+:\\s+\\(UUID: (MIG-[0-9a-zA-Z/-]+)\\)");

    private final Smi smi;

    Instances(Smi smi) {
        this.smi = smi;
    }

    /** By UUID of their GPU, of those of which all was told. */
    Map<String, List<Device>> of(List<Device> gpus) throws IOException {
        Smi.Answer answer = smi.ask(List.of("-L"));
        Map<String, List<Device>> parts = new HashMap<>();
        Optional<Device> gpu = Optional.empty();
        for (String line : answer.lines()) {
            Matcher head = GPU.matcher(line.strip());
            Matcher part = PART.matcher(line.strip());
            if (head.matches()) {
                gpu = gpus.stream()
                        .filter(device -> device.id().word().equals(head.group(1)))
                        .findFirst();
                gpu.ifPresent(device -> parts.put(device.id().word(), new ArrayList<>()));
            } else if (part.matches() && gpu.isPresent()) {
                Device whole = gpu.get();
                parts.get(whole.id().word()).add(instance(whole, part.group(1), part.group(2)));
            }
        }
        return answer.sound() ? parts : Map.of();
    }

    private static Device instance(Device gpu, String profile, String uuid) {
        return new Device(
                new GpuId.Uuid(uuid),
                Device.Vendor.NVIDIA,
                gpu.index(),
                gpu.name() + " MIG " + profile,
                gpu.pci(),
                OptionalLong.empty(),
                Optional.of(gpu.id().word()));
    }
}
