package gpuspool.doctor;

import gpuspool.posix.ProcessFacts;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The tightest limit on processes and threads that a control group sets.
 *
 * @param file where it is set
 * @param used how many there are
 * @param most how many there may be
 */
record Pids(Path file, long used, long most) {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");

    /** @param groups the control groups of a process */
    static Optional<Pids> of(Map<String, String> groups) {
        return groups.containsKey("pids")
                ? tightest(ROOT.resolve("pids"), groups.get("pids"))
                : tightest(ROOT, groups.getOrDefault("", "/"));
    }

    /** From the group up to the root: each sets a limit for all below it. */
    static Optional<Pids> tightest(Path root, String group) {
        Optional<Pids> found = Optional.empty();
        Path directory = root.resolve(group.substring(1)).normalize();
        while (directory != null && directory.startsWith(root)) {
            Path file = directory.resolve("pids.max");
            OptionalLong most = ProcessFacts.numberIn(file);
            OptionalLong used = ProcessFacts.numberIn(directory.resolve("pids.current"));
            boolean limited = most.isPresent() && used.isPresent() && most.getAsLong() != Long.MAX_VALUE;
            if (limited
                    && (found.isEmpty() || most.getAsLong() - used.getAsLong() < found.get().most - found.get().used)) {
                found = Optional.of(new Pids(file, used.getAsLong(), most.getAsLong()));
            }
            directory = directory.getParent();
        }
        return found;
    }
}
