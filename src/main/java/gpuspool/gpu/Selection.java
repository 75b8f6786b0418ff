package gpuspool.gpu;

import java.util.List;
import java.util.Optional;

/**
 * Which of a driver's cards a watcher may use.
 *
 * @param wanted indices and UUIDs, whole or so much of them as fits one card alone; empty: all
 * @param source where they were named, for messages
 */
public record Selection(Optional<List<GpuId>> wanted, String source) {
    /**
     * The cards, in the driver's order.
     *
     * @throws BadDeviceListException if one fits no card, or more than one; the message names all there are
     */
    public List<Device> of(Survey.Answer answer) throws BadDeviceListException {
        if (wanted.isEmpty()) {
            return answer.devices();
        }
        throw new BadDeviceListException(source, "lists cannot be looked up yet", "name none");
    }
}
