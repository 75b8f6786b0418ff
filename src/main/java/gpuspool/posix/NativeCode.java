package gpuspool.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the C library can be called from here; without it nothing is locked and nothing is started. */
public final class NativeCode {
    private NativeCode() {}

    /** What keeps the C library from being called, in the words of whoever refused; empty when it can be called. */
    public static Optional<String> trouble() {
        try {
            LibC.C.strerror(0);
            return Optional.empty();
        } catch (LinkageError e) {
            Throwable first = e instanceof ExceptionInInitializerError && e.getCause() != null ? e.getCause() : e;
            return Optional.of(String.valueOf(first.getMessage()));
        }
    }

    /** Begins to load what calls the C library, while its caller does something else; whoever needs it waits for that. */
    public static void prepare() {
        Thread loader = new Loader();
        loader.setDaemon(true);
        loader.start();
    }

    private static final class Loader extends Thread {
        @Override
        public void run() {
            // Who calls it meets the same trouble, and tells of it.
            Optional<String> unused = trouble();
        }
    }

    /** The version of glibc, such as {@code 2.36}; empty where the C library is another one. Only without {@link #trouble}. */
    public static Optional<String> glibcVersion() {
        try {
            return Optional.of(LibC.C.gnu_get_libc_version());
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty();
        }
    }

    /** Whether the C library of this process is musl, for which this program is not made. */
    public static boolean isMusl() throws IOException {
        return Files.readString(Path.of("/proc/self/maps"), java.nio.charset.StandardCharsets.ISO_8859_1)
                .contains("/ld-musl-");
    }

    /** Asks the kernel for a pidfd of this process, which Linux 5.3 and later have. Only without {@link #trouble}. */
    public static void tryPidFd() throws IOException {
        Fds.close(PidFd.open((int) ProcessHandle.current().pid()));
    }

    /** Where JNA may unpack its library, in the order in which it looks. */
    public static List<Path> unpackPlaces(Map<String, String> environment) {
        String named = System.getProperty("jna.tmpdir");
        if (named != null) {
            return List.of(Path.of(named));
        }
        List<Path> places = new ArrayList<>();
        String cache = environment.get("XDG_CACHE_HOME");
        places.add(
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache));
        places.add(Path.of(System.getProperty("java.io.tmpdir")));
        return places;
    }
}
