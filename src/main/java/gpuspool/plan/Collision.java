package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.GpuRules;
import gpuspool.gpu.Reading;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Strangers on a card that one of our jobs has; {@code spool-layout.md}, section 10.6. */
public final class Collision {
    private Collision() {}

    /**
     * Who is there besides the job, for people.
     *
     * @param own process ids that are the job's or of those that share the card with it, or hold the card for us
     * @param past of who has just left it, and may still be listed
     * @return empty when nobody is, or that cannot be told
     */
    public static Optional<String> on(Device device, Reading reading, Set<Integer> own, Past past, GpuRules rules) {
        if (!(reading instanceof Reading.Known known) || known.processes().isEmpty()) {
            return Optional.empty();
        }
        Ours ours = new Ours(own, Map.of());
        List<GpuProcess> strangers =
                Occupants.of(device, known.processes().get(), past, ours, rules).strangers();
        return strangers.isEmpty()
                ? Optional.empty()
                : Optional.of("GPU " + device.label() + " is also used by " + FreedomWords.largest(strangers));
    }
}
