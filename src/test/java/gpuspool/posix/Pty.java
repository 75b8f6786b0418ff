package gpuspool.posix;

import static org.awaitility.Awaitility.await;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A program at a terminal of its own, of which this is the other end: its keys and its screen. */
public final class Pty implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int O_RDWR = 2;
    private static final int O_NOCTTY = 0x100;
    private static final int O_CLOEXEC = 0x80000;
    private static final long TIOCSWINSZ = 0x5414;
    private static final int SIZE_BYTES = 8;

    private interface Terminals extends Library {
        Terminals C = Native.load(Terminals.class);

        int posix_openpt(int flags);

        int grantpt(int fd);

        int unlockpt(int fd);

        int ptsname_r(int fd, byte[] name, long size);

        int ioctl(int fd, long request, Memory argument);

        long read(int fd, byte[] into, long count);

        long write(int fd, byte[] from, long count);

        int close(int fd);
    }

    private final int master;
    private final Process process;
    private final Thread reader = new Thread(this::read, "pty");
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();

    private Pty(int master, Process process) {
        this.master = master;
        this.process = process;
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a program as the leader of a session that has the terminal, 80×24: stdin, stdout and stderr lead there.
     *
     * @param environment besides what the test itself has
     */
    public static Pty start(Path directory, Map<String, String> environment, List<String> command) throws IOException {
        return start(directory, environment, command, 80, 24);
    }

    public static Pty start(
            Path directory, Map<String, String> environment, List<String> command, int columns, int rows)
            throws IOException {
        int master = Terminals.C.posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
        byte[] name = new byte[64];
        if (master < 0
                || Terminals.C.grantpt(master) != 0
                || Terminals.C.unlockpt(master) != 0
                || Terminals.C.ptsname_r(master, name, name.length) != 0) {
            throw new IOException("no pseudo-terminal can be had: errno " + Native.getLastError());
        }
        resize(master, columns, rows);
        String slave = Native.toString(name);
        // Whoever leads a session without a terminal gets the first one it opens.
        List<String> words =
                new ArrayList<>(List.of("setsid", "sh", "-c", "exec <>" + slave + " >&0 2>&1; exec \"$@\"", "pty"));
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
        builder.environment().putAll(environment);
        return new Pty(master, builder.start());
    }

    private void read() {
        byte[] some = new byte[4096];
        // An error tells that nobody has the terminal open any more.
        for (long n = Terminals.C.read(master, some, some.length);
                n > 0;
                n = Terminals.C.read(master, some, some.length)) {
            synchronized (screen) {
                screen.write(some, 0, (int) n);
            }
        }
    }

    /** Presses these keys. */
    public Pty type(String keys) {
        byte[] bytes = keys.getBytes(StandardCharsets.UTF_8);
        if (Terminals.C.write(master, bytes, bytes.length) != bytes.length) {
            throw new IllegalStateException("cannot type: errno " + Native.getLastError());
        }
        return this;
    }

    /** Ctrl-C. */
    public Pty interrupt() {
        return type("\u0003");
    }

    /** All that was written to the terminal up to now, escape sequences and all. */
    public String screen() {
        synchronized (screen) {
            return screen.toString(StandardCharsets.UTF_8);
        }
    }

    public Pty awaitScreen(String text) {
        return awaitScreen(shown -> shown.contains(text), text);
    }

    public Pty awaitScreen(Predicate<String> test, String what) {
        await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(() -> test.test(screen()));
        return this;
    }

    public void resize(int columns, int rows) {
        resize(master, columns, rows);
    }

    private static void resize(int master, int columns, int rows) {
        try (Memory size = new Memory(SIZE_BYTES)) {
            size.clear();
            size.setShort(0, (short) rows);
            size.setShort(2, (short) columns);
            Terminals.C.ioctl(master, TIOCSWINSZ, size);
        }
    }

    public Process process() {
        return process;
    }

    /** Its exit status; 128 and the signal where one ended it. */
    public int awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still runs; it shows:\n" + screen());
        }
        // What is left to read comes before the end.
        reader.join(1000);
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            // Nobody may read here any more when the number is given to somebody else.
            reader.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!reader.isAlive()) {
            Terminals.C.close(master);
        }
    }
}
