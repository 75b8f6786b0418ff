package gpuspool.spool;

import gpuspool.posix.RawText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The file {@code granted} of a job in the foreground: which cards are kept for its process, and what that needs to take them over;
 * {@code spool-layout.md}, section 13.
 *
 * @param id the job's
 * @param lockDirectory where the locks are
 * @param locks what to lock: the cards' locks in sorted order, then the job's, which is taken first
 * @param devices its cards, as in {@code status}
 * @param indices their numbers, in the same order, {@code -} where one has none
 * @param environment variables to set
 * @param unset names of variables to take away
 */
public record Grant(
        String id,
        Path lockDirectory,
        List<Wanted> locks,
        List<String> devices,
        List<String> indices,
        Map<String, String> environment,
        List<String> unset) {
    /** Far above what any environment and any number of cards need. */
    public static final int LARGEST = 1 << 22;

    private static final String VARIABLE = "env.";
    private static final String SHARED = ":shared";

    /** A lock by the name of its file; {@code shared}: together with others who share it. */
    public record Wanted(String name, boolean shared) {
        private String word() {
            return name + (shared ? SHARED : "");
        }

        private static Wanted of(String word) {
            return word.endsWith(SHARED)
                    ? new Wanted(word.substring(0, word.length() - SHARED.length()), true)
                    : new Wanted(word, false);
        }
    }

    public Grant {
        locks = List.copyOf(locks);
        devices = List.copyOf(devices);
        indices = List.copyOf(indices);
        environment = Map.copyOf(environment);
        unset = List.copyOf(unset);
    }

    /** The job's own lock: who has that may go by the rest. */
    public Wanted jobLock() {
        return locks.get(locks.size() - 1);
    }

    /** Puts it into the job's directory, whole, in place of what was granted before. */
    public void write(JobDir dir, Fs fs) throws IOException {
        Path draft = dir.file(JobDir.GRANTED_DRAFT);
        fs.overwrite(draft, bytes());
        fs.rename(draft, dir.file(JobDir.GRANTED));
    }

    byte[] bytes() {
        StatusFile.Lines lines = new StatusFile.Lines()
                .add("id", id)
                .addEscaped("lockdir", escape(lockDirectory.toString()))
                .add("locks", String.join(" ", locks.stream().map(Wanted::word).toList()))
                .add("devices", String.join(" ", devices))
                .add("indices", String.join(" ", indices));
        new TreeMap<>(environment).forEach((name, value) -> lines.addEscaped(VARIABLE + name, escape(value)));
        return lines.add("unset", String.join(" ", unset)).bytes();
    }

    private static String escape(String text) {
        return Escapes.escape(RawText.bytes(text));
    }

    /** What such a file says; empty where it is none, or not whole. */
    public static Optional<Grant> parse(byte[] content) {
        StatusFile file = StatusFile.parse(content);
        // No lambda or stream in reading: the process that reads is short of time.
        List<Wanted> locks = new ArrayList<>();
        for (String word : file.words("locks")) {
            locks.add(Wanted.of(word));
        }
        // Written last.
        boolean whole = file.get("unset").isPresent() && file.get("id").isPresent() && !locks.isEmpty();
        if (!whole || file.get("lockdir").isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> environment = new TreeMap<>();
        for (Map.Entry<String, String> fact : file.facts().entrySet()) {
            if (fact.getKey().startsWith(VARIABLE)) {
                environment.put(
                        fact.getKey().substring(VARIABLE.length()), RawText.of(Escapes.unescape(fact.getValue())));
            }
        }
        return Optional.of(new Grant(
                file.get("id").orElseThrow(),
                Path.of(RawText.of(Escapes.unescape(file.get("lockdir").orElseThrow()))),
                locks,
                file.words("devices"),
                file.words("indices"),
                environment,
                file.words("unset")));
    }
}
