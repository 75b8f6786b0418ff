package gpuspool.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** This process's environment as it got it. Java shows it as text, in which bytes that are not UTF-8 are lost. */
public final class OwnEnvironment {
    private static final Path ENVIRONMENT = Path.of("/proc/self/environ");
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
        byte[] all = Files.readAllBytes(ENVIRONMENT);
        Map<String, String> variables = new HashMap<>();
        int start = 0;
        for (int end = 0; end < all.length; end++) {
            if (all[end] == 0) {
                String line = RawText.of(Arrays.copyOfRange(all, start, end));
                int equals = line.indexOf('=');
                if (equals > 0) {
                    variables.put(line.substring(0, equals), line.substring(equals + 1));
                }
                start = end + 1;
            }
        }
        return variables;
    }
}
