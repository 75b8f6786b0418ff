package gpuspool.gpu.nvml;

import gpuspool.gpu.Backend;
import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import gpuspool.gpu.Reading;
import gpuspool.gpu.Survey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks NVIDIA's driver by NVML. The driver is taken up by the first survey and kept until {@link #close}: taking it up each time would
 * wake sleeping cards each time. After a {@link Survey.Silence} begin with a new one.
 */
public final class NvmlBackend implements Backend {
    /** Where the library of the host's Windows is under WSL; one in the system's own directories does not work there. */
    private static final Path WSL = Path.of("/usr/lib/wsl/lib");

    private final NvmlLibrary nvml;
    private final KernelModule kernel;
    private final Gate gate = new Gate();
    private final Enumeration enumeration;
    private final CardReader reader;
    private final Topology topology;
    private final FaultListener faults;
    private final boolean reportsFaults;

    private boolean taken;
    private String driver = "NVIDIA";
    private volatile List<Card> cards = List.of();

    private NvmlBackend(NvmlLibrary nvml, KernelModule kernel) {
        this.nvml = nvml;
        this.kernel = kernel;
        this.enumeration = new Enumeration(nvml, kernel);
        this.reader = new CardReader(nvml);
        this.topology = new Topology(nvml);
        this.faults = new FaultListener(nvml, gate);
        this.reportsFaults = FaultListener.isThere(nvml);
    }

    /** Loads the library from where the system has it; the driver is not asked yet. */
    public static NvmlBackend open() throws NoNvmlException {
        return open(List.of(WSL), Path.of("/"));
    }

    /**
     * @param first directories whose library goes before the system's; nobody else may be able to write there
     * @param root the root directory in which {@code /proc} is
     */
    public static NvmlBackend open(List<Path> first, Path root) throws NoNvmlException {
        return new NvmlBackend(NvmlLibrary.open(first), new KernelModule(root));
    }

    @Override
    public String name() {
        return "NVML";
    }

    @Override
    public Survey survey() {
        if (!gate.enter()) {
            return new Survey.Silence("NVML was let go of");
        }
        try {
            takeUp();
            return look();
        } catch (NvmlException e) {
            return new Survey.Silence("NVML: " + e.getMessage() + Remedy.of(e.code(), !taken, kernel, nvml));
        } finally {
            gate.leave();
        }
    }

    private void takeUp() throws NvmlException {
        if (!taken) {
            nvml.call("nvmlInit_v2");
            taken = true;
            driver = "NVIDIA " + nvml.text("nvmlSystemGetDriverVersion");
        }
    }

    private Survey look() throws NvmlException {
        List<Device> devices = new ArrayList<>();
        Map<GpuId, Reading> readings = new HashMap<>();
        List<Card> asked = new ArrayList<>();
        List<Card> answering = new ArrayList<>();
        for (Enumeration.Found found : enumeration.all()) {
            devices.add(found.device());
            Reading reading = found.card().isPresent()
                    ? reader.read(found.card().get())
                    : found.trouble().orElseThrow();
            readings.put(found.device().id(), reading);
            found.card().ifPresent(asked::add);
            found.card().filter(card -> reading instanceof Reading.Known).ifPresent(answering::add);
        }
        cards = List.copyOf(asked);
        Links links = topology.of(answering);
        return new Survey.Answer(driver, List.copyOf(devices), Map.copyOf(readings), links);
    }

    @Override
    public boolean reportsFaults() {
        return reportsFaults;
    }

    @Override
    public List<Fault> awaitFaults(Duration most) throws InterruptedException {
        if (!gate.enter()) {
            return List.of();
        }
        try {
            return faults.await(cards, most);
        } finally {
            gate.leave();
        }
    }

    /** Waits for calls that are under way: as long as the wait for faults, or as the driver hangs. */
    @Override
    public void close() {
        if (!gate.close()) {
            return;
        }
        faults.free();
        if (taken) {
            nvml.code("nvmlShutdown");
        }
        nvml.close();
    }
}
