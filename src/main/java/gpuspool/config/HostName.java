package gpuspool.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What this host is called in ids: as the settings say, else the first label of its name. */
public final class HostName {
    private static final int LONGEST = 63;
    private static final String VARIABLE = "GPUSPOOL_HOST";
    private static final String KEY = "host";

    private HostName() {}

    /**
     * The name by which every command knows this host: the setting {@code host} of the environment or of the file, else that of the
     * machine. A file that cannot be read names nobody; a watcher does not start with it, and says why.
     *
     * @param file the spool's {@code spool.toml}, which need not be there
     * @throws IOException if the environment's name cannot be used
     */
    public static String of(Path file, Map<String, String> environment) throws IOException {
        String machine = current();
        boolean given = !environment.getOrDefault(VARIABLE, "").isEmpty();
        byte[] text = given ? new byte[0] : textThatNamesAHost(file);
        if (!given && text.length == 0) {
            return machine;
        }
        SettingsRead read = new SettingsReader(environment, List.of(), machine).read(text);
        for (SettingsRead.Mistake mistake : read.mistakes()) {
            if (given && mistake.source().equals("$" + VARIABLE)) {
                throw new IOException(mistake.text());
            }
        }
        return read.settings().host().orElse(machine);
    }

    /** The file, if the key {@code host} may stand in it; else nothing: every {@code status} would pay for the reader of TOML. */
    private static byte[] textThatNamesAHost(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > Settings.LARGEST_FILE) {
            return new byte[0];
        }
        byte[] text;
        try {
            text = Files.readAllBytes(file);
        } catch (NoSuchFileException | AccessDeniedException e) {
            return new byte[0];
        }
        return mayNameAHost(new String(text, StandardCharsets.UTF_8)) ? text : new byte[0];
    }

    /** The machine's own name. */
    public static String current() throws IOException {
        return label(Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
    }

    /** A quick look for {@code host =}, quoted or not, outside of comments: it finds too much rather than too little. */
    static boolean mayNameAHost(String text) {
        for (int at = text.indexOf(KEY); at >= 0; at = text.indexOf(KEY, at + 1)) {
            int next = at + KEY.length();
            while (next < text.length() && " \t\"'".indexOf(text.charAt(next)) >= 0) {
                next++;
            }
            if (next < text.length() && text.charAt(next) == '=' && !isInComment(text, at)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isInComment(String text, int offset) {
        int start = text.lastIndexOf('\n', offset) + 1;
        while (start < offset && (text.charAt(start) == ' ' || text.charAt(start) == '\t')) {
            start++;
        }
        return text.charAt(start) == '#';
    }

    /** {@code gpubox.lab.example} → {@code gpubox}; what is not a letter, digit or {@code -} becomes {@code -}. */
    static String label(String name) {
        int dot = name.indexOf('.');
        StringBuilder first = new StringBuilder(dot < 0 ? name : name.substring(0, dot));
        for (int i = 0; i < first.length(); i++) {
            char c = first.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9')) {
                first.setCharAt(i, '-');
            }
        }
        // Linux takes names of 64 bytes, ids do not.
        first.setLength(Math.min(first.length(), LONGEST));
        return first.isEmpty() ? "localhost" : first.toString();
    }
}
