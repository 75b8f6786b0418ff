package gpuspool.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Which spool is meant: {@code --spool}, else {@code $GPUSPOOL_SPOOL}, else {@code ./spool}. */
public final class SpoolPlace {
    private SpoolPlace() {}

    public static Path find(Optional<Path> flag, Map<String, String> environment) {
        if (flag.isPresent()) {
            return flag.get();
        }
        String named = environment.get("GPUSPOOL_SPOOL");
        return Path.of(named == null || named.isEmpty() ? "spool" : named);
    }
}
