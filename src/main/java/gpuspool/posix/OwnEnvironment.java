package gpuspool.posix;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** This process's environment as it got it. Java shows it as text, in which bytes that are not UTF-8 are lost. */
public final class OwnEnvironment {
    private static final Path ENVIRONMENT = Path.of("/proc/self/environ");
    /** What the launcher tells us, and nobody else. */
    private static final String OF_LAUNCHER = "GPUSPOOL_STUB_";

    /** Of it, the names of the variables that it changed; what they were before stands in the second. */
    private static final String CHANGED = OF_LAUNCHER + "ENV=";

    private static final String SAVED = "GPUSPOOL_USER_";
    private static final char LOST = '\uFFFD';

    private OwnEnvironment() {}

    /**
     * The same variables, in such a form that {@link Spawn} hands down their very bytes. Not for reading or showing.
     *
     * @param shown variables of this process, as Java shows them
     */
    public static Map<String, String> exact(Map<String, String> shown) throws IOException {
        Map<String, String> exact = new HashMap<>(shown);
        if (shown.values().stream().anyMatch(value -> value.indexOf(LOST) >= 0)) {
            Map<String, String> raw = read();
            exact.replaceAll((name, value) -> value.indexOf(LOST) < 0 ? value : raw.getOrDefault(name, value));
        }
        return exact;
    }

    private static Map<String, String> read() throws IOException {
        Map<String, String> variables = new HashMap<>();
        for (String line : RawText.lines(ENVIRONMENT)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                variables.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return variables;
    }

    /**
     * The environment of whoever started this program, {@code NAME=value} each, byte for byte and in its order: less what the launcher
     * changed for the JVM.
     */
    public static List<String> ofCaller() throws IOException {
        return ofCaller(RawText.lines(ENVIRONMENT));
    }

    static List<String> ofCaller(List<String> lines) {
        String changed = " ";
        for (String line : lines) {
            changed = line.startsWith(CHANGED) ? " " + line.substring(CHANGED.length()) + " " : changed;
        }
        List<String> own = new ArrayList<>();
        for (String line : lines) {
            String name = line.substring(0, Math.max(0, line.indexOf('=')));
            boolean saved = name.startsWith(SAVED) && changed.contains(" " + name.substring(SAVED.length()) + " ");
            if (saved && !line.endsWith("=-")) {
                own.add(line.substring(SAVED.length()));
            } else if (!saved && !name.startsWith(OF_LAUNCHER) && !changed.contains(" " + name + " ")) {
                own.add(line);
            }
        }
        return own;
    }
}
