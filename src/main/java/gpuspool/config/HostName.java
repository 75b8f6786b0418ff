package gpuspool.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this host is called in ids: the first label of its name. */
public final class HostName {
    private static final int LONGEST = 63;

    private HostName() {}

    public static String current() throws IOException {
        return label(Files.readString(Path.of("/proc/sys/kernel/hostname")).strip());
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
