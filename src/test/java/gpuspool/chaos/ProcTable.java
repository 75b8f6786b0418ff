package gpuspool.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The processes of this machine, read from {@code /proc}. */
final class ProcTable {
    static final String COOKIE = "GPUSPOOL_COOKIE=";

    /** A process that may not be looked into has an empty environment. */
    record Proc(long pid, char state, Set<String> environment, String command) {
        boolean has(String entry) {
            return environment.contains(entry);
        }

        boolean hasCookie() {
            return environment.stream().anyMatch(e -> e.startsWith(COOKIE));
        }
    }

    private ProcTable() {}

    static List<Proc> all() throws IOException {
        List<Proc> found = new ArrayList<>();
        int gone = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path entry : entries) {
                try {
                    String stat = read(entry.resolve("stat"));
                    // The name may hold anything, brackets too: what counts begins after the last one.
                    char state = stat.charAt(stat.lastIndexOf(')') + 2);
                    if (state != 'Z' && state != 'X') {
                        found.add(new Proc(
                                Long.parseLong(entry.getFileName().toString()),
                                state,
                                new HashSet<>(Arrays.asList(environ(entry).split("\0", -1))),
                                read(entry.resolve("cmdline"))
                                        .replace('\0', ' ')
                                        .strip()));
                    }
                } catch (IOException | IndexOutOfBoundsException e) {
                    gone++; // while we looked
                }
            }
        }
        if (found.isEmpty()) {
            throw new IOException("not one process in /proc, " + gone + " of them gone while we looked");
        }
        return found;
    }

    /** Live processes whose environment holds one of these cookies. */
    static List<Proc> withCookies(Set<String> cookies) throws IOException {
        return all().stream()
                .filter(p -> cookies.stream().anyMatch(c -> p.has(COOKIE + c)))
                .toList();
    }

    private static String environ(Path entry) {
        try {
            return read(entry.resolve("environ"));
        } catch (IOException e) {
            return ""; // somebody else's
        }
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }
}
