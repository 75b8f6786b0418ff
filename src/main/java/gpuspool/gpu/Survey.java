package gpuspool.gpu;

import java.util.List;
import java.util.Map;

/** One look at all cards through one driver. */
public sealed interface Survey {
    /**
     * The driver answered.
     *
     * @param driver its kind and version for people, such as {@code NVIDIA 570.86.15}
     * @param devices all there are, in the order of their indices; MIG instances in place of the GPU they are parts of
     * @param readings one for every device
     * @param links how close the devices are to each other
     */
    record Answer(String driver, List<Device> devices, Map<GpuId, Reading> readings, Links links) implements Survey {}

    /** The driver, or the way to it, does not work now; {@code reason}: in its own words. All its cards are unknown. */
    record Silence(String reason) implements Survey {}
}
