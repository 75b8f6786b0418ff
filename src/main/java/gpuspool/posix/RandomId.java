package gpuspool.posix;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** 128 random bits as 32 lower-case hex digits, from the kernel. */
public final class RandomId {
    private static final int BYTES = 16;

    private RandomId() {}

    public static String next() throws IOException {
        // Not SecureRandom: its providers cost tens of milliseconds at start-up.
        try (InputStream random = Files.newInputStream(Path.of("/dev/urandom"))) {
            return HexFormat.of().formatHex(random.readNBytes(BYTES));
        }
    }
}
