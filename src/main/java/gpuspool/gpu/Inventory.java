package gpuspool.gpu;

import java.util.List;
import java.util.Optional;

/** Which cards a watcher may use. */
public sealed interface Inventory {
    /** These, and no others. {@code warning}: something the user should know of how they were found. */
    record Cards(List<GpuId> gpus, Optional<String> warning) implements Inventory {}

    /** Not known: nothing may be started on a card; {@code reason} says why and what to do. */
    record Unknown(String reason) implements Inventory {}
}
