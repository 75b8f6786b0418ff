package gpuspool.gpu;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds where the cards come from that a watcher may use: {@code spool-layout.md}, section 10.1. */
public final class Discovery {
    private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";
    private static final String ROCR = "ROCR_VISIBLE_DEVICES";
    private static final String ORDER = "CUDA_DEVICE_ORDER";

    private Discovery() {}

    /**
     * Asks no driver yet.
     *
     * @param devices the list that the settings name for gpuspool
     * @param source where they do, for messages
     * @param environment of the watcher
     * @throws BadDeviceListException if a list is not understood
     */
    public static CardSource find(Optional<String> devices, String source, Map<String, String> environment)
            throws BadDeviceListException {
        Machine machine = Machine.of(environment);
        return find(devices, source, machine, Ways.of(machine));
    }

    static CardSource find(Optional<String> devices, String source, Machine machine, Ways ways)
            throws BadDeviceListException {
        Map<String, String> environment = machine.environment();
        Optional<String> visible = Optional.ofNullable(environment.get(VISIBLE));
        if (devices.isPresent()) {
            List<GpuId> cards = DeviceList.parse(devices.get(), source);
            if (cards.isEmpty()) {
                throw new BadDeviceListException(source, "the list is empty", "write for example 0,1 or sim:4");
            }
            return among(cards, new Selection(Optional.of(cards), source), machine, ways, source);
        }
        if (visible.isPresent()) {
            List<GpuId> cards = DeviceList.visible(visible.get(), VISIBLE);
            if (cards.isEmpty()) {
                return new CardSource.OnTrust(
                        List.of(),
                        Optional.of(VISIBLE + " is set but "
                                + (visible.get().isBlank() ? "empty" : "names none")
                                + ": no GPUs here, only jobs with gpus = 0 can run"));
            }
            Selection selection = new Selection(Optional.of(cards), VISIBLE);
            boolean byPci = "PCI_BUS_ID".equals(environment.get(ORDER));
            return among(cards, byPci ? selection : selection.countedFastestFirst(), machine, ways, VISIBLE);
        }
        return all(machine, ways);
    }

    /** Those that were named: simulated, or a driver's, or where none is taken on trust. */
    private static CardSource among(List<GpuId> cards, Selection selection, Machine machine, Ways ways, String source) {
        List<Device> devices = cards.stream().map(Device::onTrust).toList();
        if (cards.get(0) instanceof GpuId.Simulated) {
            return new CardSource.OnTrust(devices, Optional.empty());
        }
        if (isThereADriver(machine, ways)) {
            return new CardSource.Driven(new Finder(machine, ways), selection, Optional.empty());
        }
        return new CardSource.OnTrust(
                devices,
                Optional.of("no GPU driver found: GPUs " + GpuId.labels(cards) + " of " + source
                        + " are taken on trust, and nobody looks whether others use them"));
    }

    private static CardSource all(Machine machine, Ways ways) throws BadDeviceListException {
        if (isThereADriver(machine, ways)) {
            String visible = machine.environment().get(ROCR);
            Optional<List<GpuId>> amds = visible == null || !ways.amd().isHere()
                    ? Optional.empty()
                    : Optional.of(DeviceList.visible(visible, ROCR));
            Selection selection = new Selection(Optional.empty(), "devices").orAmds(amds);
            return new CardSource.Driven(new Finder(machine, ways), selection, Optional.empty());
        }
        return new CardSource.OnTrust(
                List.of(Device.onTrust(new GpuId.Index(0))),
                Optional.of("no GPU driver found: assuming ONE GPU with index 0. "
                        + "Name your GPUs with --devices 0,1 or try things out with --devices sim:4"));
    }

    private static boolean isThereADriver(Machine machine, Ways ways) {
        return machine.traceOfNvidia().isPresent()
                || machine.traceOfAmd().isPresent()
                || ways.nvidia().stream().anyMatch(Way::isHere)
                || ways.amd().isHere();
    }
}
