package gpuspool.posix;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where locks live on this host; {@code spool-layout.md}, section 2. */
public final class LockPlace {
    private static final Path SHARED = Path.of("/run/lock/gpuspool");
    private static final Path MACHINE_ID = Path.of("/etc/machine-id");

    private LockPlace() {}

    /**
     * The lock directory and what should be known about it.
     *
     * @param warning empty when cards are locked against every user of this host
     */
    public record Place(LockDirectory directory, Optional<String> warning) {}

    /** Why a lock directory is the one. */
    public enum Why {
        NAMED,
        SHARED,
        OWN
    }

    /** A lock directory that would be used; it need not exist yet. */
    public record Seen(Path directory, Why why) {}

    /** What {@link #find} would find, without making anything. */
    public static Seen foresee(Optional<Path> flag, Map<String, String> environment) throws IOException {
        Optional<Path> named = flag.or(
                () -> Optional.ofNullable(environment.get("GPUSPOOL_LOCK_DIR")).map(Path::of));
        if (named.isPresent()) {
            return new Seen(named.get().toAbsolutePath(), Why.NAMED);
        }
        boolean usable = Files.isDirectory(SHARED)
                ? Files.isReadable(SHARED.resolve(LockDirectory.ID)) || Files.isWritable(SHARED)
                : Files.isWritable(SHARED.getParent());
        return usable ? new Seen(SHARED, Why.SHARED) : new Seen(ownDirectory(environment), Why.OWN);
    }

    /** The flag, else the environment, else the place shared by all users, else one of this user's own. */
    public static Place find(Optional<Path> flag, Map<String, String> environment) throws IOException {
        Optional<Path> named = flag.or(
                () -> Optional.ofNullable(environment.get("GPUSPOOL_LOCK_DIR")).map(Path::of));
        if (named.isPresent()) {
            return new Place(openOrSay(named.get().toAbsolutePath()), Optional.empty());
        }
        try {
            return new Place(LockDirectory.openShared(SHARED), Optional.empty());
        } catch (IOException e) {
            Path own = ownDirectory(environment);
            return new Place(
                    openOrSay(own),
                    Optional.of("cards are not locked against other users of this host: " + SHARED + " cannot be used ("
                            + e.getMessage() + "), so locks are in " + own));
        }
    }

    /** Without locks no promise can be kept, so nothing is started then. */
    private static LockDirectory openOrSay(Path directory) throws IOException {
        try {
            return LockDirectory.open(directory);
        } catch (IOException e) {
            throw new IOException(
                    "cannot use the lock directory " + directory + ": " + why(e)
                            + "; make room or mend it, or name another one on this host: --lock-dir DIR",
                    e);
        }
    }

    private static String why(IOException e) {
        if (e instanceof FileAlreadyExistsException) {
            return "it is not a directory";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        return reason == null ? e.toString() : reason;
    }

    private static Path ownDirectory(Map<String, String> environment) throws IOException {
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        String machine = Files.exists(MACHINE_ID) ? Files.readString(MACHINE_ID).strip() : "this-host";
        return Path.of(home, ".local", "state", "gpuspool", "locks", machine);
    }
}
