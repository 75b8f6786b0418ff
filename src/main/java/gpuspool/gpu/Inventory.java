package gpuspool.gpu;

import java.util.List;

/** Which cards a watcher may use, as far as that is known now. */
public sealed interface Inventory {
    /**
     * These, and no others, in the order of their indices.
     *
     * @param driver its kind and version for people; empty text where none was asked
     * @param links how close they are to each other
     */
    record Cards(List<Device> devices, String driver, Links links) implements Inventory {}

    /** Not known: nothing may be started on a card; {@code reason} says why, in the driver's words where it said any. */
    record Unknown(String reason) implements Inventory {}
}
