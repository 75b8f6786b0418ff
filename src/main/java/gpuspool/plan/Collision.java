package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuProcess;
import gpuspool.gpu.GpuRules;
import gpuspool.gpu.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Strangers on a card that one of our jobs has; {@code spool-layout.md}, section 10.6. */
public final class Collision {
    private Collision() {}

    private static String words(List<GpuProcess> strangers) {
        return "pid " + strangers.get(0).pid();
    }

    /**
     * Who is there besides the job, for people.
     *
     * @param own process ids that are the job's, or hold the card for us
     * @return empty when nobody is, or that cannot be told
     */
    public static Optional<String> on(Device device, Reading reading, Set<Integer> own, GpuRules rules) {
        if (!(reading instanceof Reading.Known known)) {
            return Optional.empty();
        }
        List<GpuProcess> strangers = new ArrayList<>();
        for (GpuProcess process : known.processes().orElse(List.of())) {
            boolean computes = process.kind() == GpuProcess.Kind.COMPUTE;
            boolean ignored = rules.ignore().stream().anyMatch(rule -> rule.covers(process, device));
            if (computes && !ignored && !own.contains(process.pid())) {
                strangers.add(process);
            }
        }
        return strangers.isEmpty()
                ? Optional.empty()
                : Optional.of("GPU " + device.label() + " is also used by " + words(strangers));
    }
}
