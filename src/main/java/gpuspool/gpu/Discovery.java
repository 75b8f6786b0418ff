package gpuspool.gpu;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the cards a watcher may use: what the user named, else what its environment names, else what the machine shows. */
public final class Discovery {
    private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";
    private static final List<String> DRIVER_TRACES =
            List.of("proc/driver/nvidia", "dev/nvidiactl", "dev/nvidia0", "dev/dxg", "dev/kfd", "sys/class/kfd");

    private Discovery() {}

    /**
     * Looks in the order above.
     *
     * @param devices the value of {@code --devices}, if it was given
     * @param root the root directory whose driver files are looked for: {@code /}
     */
    public static CardSource find(Optional<String> devices, Map<String, String> environment, Path root)
            throws BadDeviceListException {
        if (devices.isPresent()) {
            List<GpuId> cards = DeviceList.parse(devices.get(), "--devices");
            if (cards.isEmpty()) {
                throw new BadDeviceListException("--devices", "the list is empty", "write for example 0,1 or sim:4");
            }
            return CardSource.onTrust(cards);
        }
        String visible = environment.get(VISIBLE);
        if (visible != null) {
            List<GpuId> cards = DeviceList.parse(visible, VISIBLE);
            Optional<String> warning = cards.isEmpty()
                    ? Optional.of(VISIBLE + " is set but empty: no GPUs here, only jobs with gpus = 0 can run")
                    : Optional.empty();
            return new CardSource.OnTrust(cards.stream().map(Device::onTrust).toList(), warning);
        }
        for (String trace : DRIVER_TRACES) {
            if (Files.exists(root.resolve(trace))) {
                String reason = "a GPU driver is here (" + root.resolve(trace) + "), but it cannot be asked yet";
                return new CardSource.Driven(
                        () -> new Mute(reason), new Selection(Optional.empty(), "all"), Optional.empty());
            }
        }
        return new CardSource.OnTrust(
                List.of(Device.onTrust(new GpuId.Index(0))),
                Optional.of("no GPU driver found: assuming ONE GPU with index 0. "
                        + "Name your GPUs with --devices 0,1 or try things out with --devices sim:4"));
    }
}
