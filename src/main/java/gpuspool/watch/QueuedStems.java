package gpuspool.watch;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which jobs have a file in incoming/, as far as files are kept in mind, and which of them came or went since somebody asked. */
final class QueuedStems {
    private final Map<String, Integer> files = new HashMap<>();
    private Set<String> changed = new HashSet<>();

    void came(String stem) {
        files.merge(stem, 1, Integer::sum);
        changed.add(stem);
    }

    void left(String stem) {
        files.computeIfPresent(stem, (unused, count) -> count > 1 ? count - 1 : null);
        changed.add(stem);
    }

    boolean has(String stem) {
        return files.containsKey(stem);
    }

    /** Where it went is known: it need not be told of. */
    void settled(String stem) {
        changed.remove(stem);
    }

    /** Those of which a file came or went since this was asked last. */
    Set<String> takeChanged() {
        Set<String> taken = changed;
        if (!taken.isEmpty()) {
            changed = new HashSet<>();
        }
        return taken;
    }
}
