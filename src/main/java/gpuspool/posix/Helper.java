package gpuspool.posix;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A process of our own that we talk with in lines, over its stdin and stdout (stderr goes to the latter). It has no other
 * descriptor of ours, and nobody but this process can write into its stdin: it sees the end of that when it is closed here, and also
 * when this process ends in whatever way.
 *
 * <p>No method ever waits for it: it is started, listened to and reaped by a thread of its own.
 */
public final class Helper {
    /** What it says and how it ends. Called from its thread; must return at once. */
    public interface Listener {
        /** A line of its output, without the line feed; cut after some thousand bytes. */
        void said(String line);

        /** It is gone, or never came to be, and nothing more is said; {@code how}: for people. */
        void ended(String how);
    }

    private static final int F_SETFL = 4;
    private static final int SIGKILL = 9;
    private static final int LONGEST_LINE = 4096;

    private final List<String> command;
    private final List<String> environment;
    private final Listener listener;

    private final Object monitor = new Object();
    /** Lines that it is told once it is there. */
    private final StringBuilder unsent = new StringBuilder();

    private OptionalInt stdin = OptionalInt.empty();
    private OptionalInt pid = OptionalInt.empty();
    private OptionalLong startTicks = OptionalLong.empty();
    private boolean closed;

    private Helper(List<String> command, List<String> environment, Listener listener) {
        this.command = List.copyOf(command);
        this.environment = List.copyOf(environment);
        this.listener = listener;
    }

    /**
     * Starts it, a moment from now: whether it could be started is told to the listener.
     *
     * @param command the program's absolute path, then its arguments
     * @param environment {@code NAME=value} each
     */
    public static Helper start(List<String> command, List<String> environment, Listener listener) {
        Helper helper = new Helper(command, environment, listener);
        Thread thread = new Thread(helper::run, "helper");
        thread.setDaemon(true);
        thread.start();
        return helper;
    }

    /** Its process id; empty until it was started. It stays after its end. */
    public OptionalInt pid() {
        synchronized (monitor) {
            return pid;
        }
    }

    /** Tells it one line; nothing where it is gone or was told to end. */
    public void send(String line) {
        synchronized (monitor) {
            if (!closed) {
                unsent.append(line).append('\n');
                flush();
            }
        }
    }

    /** Ends its stdin, after all lines so far, at which it is to end by itself. */
    public void close() {
        synchronized (monitor) {
            closed = true;
            closeStdin();
        }
    }

    /** Ends it by force, for one that does not end when it should; nothing where it is gone. */
    public void kill() throws IOException {
        synchronized (monitor) {
            int pidfd = pid.isPresent() ? PidFd.open(pid.getAsInt()) : -1;
            if (pidfd < 0) {
                return;
            }
            try {
                // The id may be another's by now; read after the pidfd was got, its start time tells.
                if (ProcFiles.startTicks(pid.getAsInt()).equals(startTicks)) {
                    PidFd.signal(pidfd, pid.getAsInt(), SIGKILL);
                }
            } finally {
                Fds.close(pidfd);
            }
        }
    }

    private void run() {
        listener.ended(live());
    }

    private String live() {
        int stdout;
        try {
            stdout = spawn();
        } catch (IOException e) {
            close();
            return "could not be started: " + FailureText.of(e);
        }
        try {
            listen(stdout);
        } catch (IOException e) {
            return "could not be heard: " + FailureText.of(e) + "; it " + howItEnds();
        } finally {
            Fds.close(stdout);
        }
        return howItEnds();
    }

    /** The descriptor from which its words can be read. */
    private int spawn() throws IOException {
        int[] in = pipe();
        try {
            int[] out = pipe();
            try (Spawn spawn = new Spawn()) {
                // Lest a helper that reads nothing holds us up.
                LibC.C.fcntl(in[1], F_SETFL, Fds.O_NONBLOCK);
                int started = spawn.dup(in[0], 0)
                        .dup(out[1], 1)
                        .dup(1, 2)
                        .closeFrom(3)
                        .start(command, environment);
                synchronized (monitor) {
                    pid = OptionalInt.of(started);
                    startTicks = ProcFiles.startTicks(started);
                    stdin = OptionalInt.of(in[1]);
                    flush();
                    if (closed) {
                        closeStdin();
                    }
                }
            } catch (IOException e) {
                Fds.close(out[0]);
                throw e;
            } finally {
                Fds.close(out[1]);
            }
            return out[0];
        } catch (IOException e) {
            Fds.close(in[1]);
            throw e;
        } finally {
            Fds.close(in[0]);
        }
    }

    private static int[] pipe() throws IOException {
        int[] ends = new int[2];
        if (LibC.C.pipe2(ends, Fds.O_CLOEXEC) != 0) {
            throw PosixException.last("make a pipe");
        }
        int read;
        try {
            read = Fds.moveUp(ends[0]);
        } catch (IOException e) {
            Fds.close(ends[1]);
            throw e;
        }
        try {
            return new int[] {read, Fds.moveUp(ends[1])};
        } catch (IOException e) {
            Fds.close(read);
            throw e;
        }
    }

    private void listen(int stdout) throws IOException {
        byte[] buffer = new byte[LONGEST_LINE];
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int count = read(stdout, buffer); count > 0; count = read(stdout, buffer)) {
            for (int i = 0; i < count; i++) {
                if (buffer[i] == '\n') {
                    listener.said(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                } else if (line.size() < LONGEST_LINE) {
                    line.write(buffer[i]);
                }
            }
        }
        if (line.size() > 0) {
            listener.said(line.toString(StandardCharsets.UTF_8));
        }
    }

    /** How many bytes came; 0 at the end. */
    private static int read(int fd, byte[] buffer) throws IOException {
        while (true) {
            long count = LibC.C.read(fd, buffer, buffer.length);
            if (count >= 0) {
                return (int) count;
            }
            PosixException failure = PosixException.last("read what a helper says");
            if (failure.errno() != Errno.EINTR) {
                throw failure;
            }
        }
    }

    /** Waits for its end; one that has no more to say has nothing to hear either. */
    private String howItEnds() {
        close();
        try {
            int status = Spawn.awaitEnd(pid().orElseThrow());
            int signal = status & 0x7f;
            return signal == 0 ? "ended with exit status " + (status >> 8 & 0xff) : "was ended by signal " + signal;
        } catch (IOException e) {
            return "ended somehow: " + FailureText.of(e);
        }
    }

    /** Called with the monitor held. */
    private void flush() {
        if (stdin.isEmpty() || unsent.length() == 0) {
            return;
        }
        byte[] bytes = unsent.toString().getBytes(StandardCharsets.UTF_8);
        unsent.setLength(0);
        // Written whole or not at all: it is less than a pipe takes in one. What is not heard is as if it had ended.
        if (LibC.C.write(stdin.getAsInt(), bytes, bytes.length) != bytes.length) {
            close();
        }
    }

    /** Called with the monitor held. */
    private void closeStdin() {
        if (stdin.isPresent()) {
            Fds.close(stdin.getAsInt());
            stdin = OptionalInt.empty();
        }
    }
}
