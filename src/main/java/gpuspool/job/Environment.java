package gpuspool.job;

import java.util.Set;
import java.util.regex.Pattern;

/** Which environment variables a job file may set. */
final class Environment {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Set<String> OURS = Set.of("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER");

    private Environment() {}

    /** @throws BadValueException if a shell would drop the name, or the queue sets it itself */
    static void checkName(String name) {
        if (name.isEmpty()) {
            throw new BadValueException("an environment variable has no name", "write NAME = \"value\"");
        }
        if (!NAME.matcher(name).matches()) {
            // dash passes no other names on to what it starts, and says nothing.
            throw new BadValueException(
                    Printable.quote(name) + " is no name for an environment variable",
                    "use letters, digits and _, a digit not first");
        }
        if (name.startsWith("GPUSPOOL_") || OURS.contains(name)) {
            throw new BadValueException(name + " is set by gpuspool itself", "remove it");
        }
    }
}
