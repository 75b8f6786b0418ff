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
        String first = name.split("\\.", 2)[0].replaceAll("[^A-Za-z0-9-]", "-");
        // Linux takes names of 64 bytes, ids do not.
        return first.isEmpty() ? "localhost" : first.substring(0, Math.min(first.length(), LONGEST));
    }
}
