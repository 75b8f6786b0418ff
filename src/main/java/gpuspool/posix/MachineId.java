package gpuspool.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** What {@code hosts/HOST/machine} and {@code watcher} call this machine, whatever its name; {@code spool-layout.md}, section 1.4. */
public final class MachineId {
    private static final Path FILE = Path.of("/etc/machine-id");
    private static final int DIGITS = 16;

    private MachineId() {}

    /** Empty where this machine has no id. */
    public static Optional<String> current() throws IOException {
        if (!Files.isReadable(FILE)) {
            return Optional.empty();
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(FILE));
            return Optional.of(HexFormat.of().formatHex(hash).substring(0, DIGITS));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
