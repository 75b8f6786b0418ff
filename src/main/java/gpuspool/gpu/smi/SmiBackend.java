package gpuspool.gpu.smi;

import gpuspool.gpu.Backend;
import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.Links;
import gpuspool.gpu.Reading;
import gpuspool.gpu.Survey;
import gpuspool.posix.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** Asks NVIDIA's driver by {@code nvidia-smi}: some processes for each survey, and nothing of faults or of how close cards are. */
public final class SmiBackend implements Backend {
    /** On a busy machine, or with cards that must wake up first, it takes seconds; one that hangs takes for ever. */
    public static final Duration LIMIT = Duration.ofSeconds(20);

    private static final String NOT_BY_SMI =
            "nvidia-smi does not tell what MIG instances are doing; NVML does, but libnvidia-ml.so.1 cannot be used";

    private final Cards cards;
    private final Apps apps;
    private final Remaps remaps;
    private final Instances instances;
    private final KernelCards kernel;
    private final Troubles troubles = new Troubles();

    /** By PCI address: what each GPU was when it last answered, or its parts. */
    private final Map<String, List<Device>> known = new HashMap<>();

    /**
     * @param program its absolute path
     * @param command runs it; the same for all of these, so that one that hangs keeps others from being started
     * @param environment for it
     * @param root the root directory, {@code /}
     */
    public SmiBackend(Path program, Command command, Map<String, String> environment, Path root) {
        Smi smi = new Smi(program, command, environment);
        cards = new Cards(smi);
        apps = new Apps(smi);
        remaps = new Remaps(smi);
        instances = new Instances(smi);
        kernel = new KernelCards(root);
    }

    @Override
    public String name() {
        return "nvidia-smi";
    }

    @Override
    public Survey survey() {
        try {
            Cards.Told told = cards.all();
            return told.isNothing() ? new Survey.Silence(told.words()) : look(complete(told));
        } catch (IOException e) {
            return new Survey.Silence("nvidia-smi: " + e.getMessage());
        }
    }

    /** A GPU that is lost may end the list before the others had their turn: they are asked one by one. */
    private Cards.Told complete(Cards.Told told) throws IOException {
        Map<String, Map<String, String>> rows = new HashMap<>(told.rows());
        Map<String, String> bad = new HashMap<>(told.troubles());
        Set<String> missing = new TreeSet<>(known.keySet());
        if (!bad.isEmpty() || !told.sound()) {
            missing.addAll(kernel.all().keySet());
        }
        for (String pci : missing) {
            if (!rows.containsKey(pci) && !bad.containsKey(pci)) {
                Cards.Told one = cards.one(pci);
                rows.putAll(one.rows());
                bad.putAll(one.troubles());
                if (one.isNothing() && known.containsKey(pci)) {
                    bad.put(pci, one.words());
                }
            }
        }
        return new Cards.Told(rows, bad, told.sound(), told.words());
    }

    private Survey look(Cards.Told told) throws IOException {
        Map<GpuId, Reading> readings = new HashMap<>();
        List<Device> devices = new ArrayList<>();
        Set<String> uuids = new HashSet<>();
        told.rows().values().forEach(row -> uuids.add(row.get(Cards.UUID)));
        // After the memory: whoever came in between is seen here, or was counted there.
        Map<String, List<GpuProcess>> processes = apps.on(uuids);
        Set<String> failed = remaps.failed();
        Map<String, List<Device>> instancesOf = instances(told.rows().values());
        String driver = "";
        for (Map.Entry<String, Map<String, String>> entry : told.rows().entrySet()) {
            String pci = entry.getKey();
            Map<String, String> row = entry.getValue();
            String uuid = row.get(Cards.UUID);
            driver = row.getOrDefault(Cards.DRIVER, driver);
            Optional<String> trouble = RowReader.trouble(row);
            Reading reading;
            if (trouble.isPresent()) {
                reading = troubles.of(pci, trouble.get());
            } else {
                troubles.isFine(pci);
                reading = RowReader.reading(row, Optional.ofNullable(processes.get(uuid)), failed.contains(uuid));
                known.put(pci, instancesOf.getOrDefault(uuid, List.of(RowReader.device(row))));
            }
            boolean tooLittle = RowReader.isSplit(row) && reading instanceof Reading.Known;
            for (Device device : known.getOrDefault(pci, List.of(RowReader.device(row)))) {
                devices.add(device);
                readings.put(device.id(), tooLittle ? new Reading.Unreadable(NOT_BY_SMI) : reading);
            }
        }
        addBroken(told, devices, readings);
        devices.sort(Comparator.comparingInt(device -> device.index().orElse(Integer.MAX_VALUE)));
        return new Survey.Answer(
                ("NVIDIA " + driver).strip(), List.copyOf(devices), Map.copyOf(readings), Links.UNKNOWN);
    }

    /** By UUID of GPUs that are split. Of one whose instances cannot be listed, it stands for them itself: no job gets it. */
    private Map<String, List<Device>> instances(Collection<Map<String, String>> rows) throws IOException {
        List<Device> split =
                rows.stream().filter(RowReader::isSplit).map(RowReader::device).toList();
        return split.isEmpty() ? Map.of() : instances.of(split);
    }

    private void addBroken(Cards.Told told, List<Device> devices, Map<GpuId, Reading> readings) {
        Map<String, String> names = told.troubles().isEmpty() ? Map.of() : kernel.all();
        for (String pci : new TreeSet<>(told.troubles().keySet())) {
            Reading reading = troubles.of(pci, told.troubles().get(pci));
            List<Device> broken = known.getOrDefault(pci, List.of(unnamed(pci, names.getOrDefault(pci, ""), devices)));
            devices.addAll(broken);
            broken.forEach(device -> readings.put(device.id(), reading));
        }
    }

    /** One that never answered: its number is the first that no other has, since numbers follow PCI addresses. */
    private static Device unnamed(String pci, String uuid, List<Device> others) {
        Set<Integer> taken = new HashSet<>();
        others.forEach(device -> device.index().ifPresent(taken::add));
        int index = 0;
        while (taken.contains(index)) {
            index++;
        }
        return new Device(
                uuid.isEmpty() ? new GpuId.Index(index) : new GpuId.Uuid(uuid),
                Device.Vendor.NVIDIA,
                OptionalInt.of(index),
                "",
                pci,
                OptionalLong.empty(),
                Optional.empty());
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
        // It has nothing open between two questions.
    }
}
