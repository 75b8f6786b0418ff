package gpuspool.posix;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Runs a program that only tells something, such as {@code nvidia-smi}: one at a time, for a bounded time, with its standard input
 * closed. One that outlives SIGKILL, since it hangs in a driver, is left behind, and no other is started before it is gone.
 */
public final class Command {
    private static final int SIGKILL = 9;
    private static final int WNOHANG = 1;
    private static final short POLLIN = 1;
    private static final int POLLFD_BYTES = 8;
    private static final int CHUNK = 8192;
    /** More than any program has to say that we ask: what comes after it is not kept. */
    private static final int MOST_BYTES = 1 << 20;

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final Duration DEATH = Duration.ofSeconds(2);

    private final Duration most;
    private int leftBehind;

    /** @param most how long one run may take */
    public Command(Duration most) {
        this.most = most;
    }

    /**
     * How it ended.
     *
     * @param status its exit status, or 128 and the signal's number
     * @param output what it wrote to its standard output, at most 1 MiB
     * @param errors the same of its standard error
     */
    public record Result(int status, String output, String errors) {}

    /**
     * Runs it to its end.
     *
     * @param words the program's absolute path, then its arguments
     * @throws IOException if it could not be started, or did not end in time (it is killed then)
     */
    public Result run(List<String> words, Map<String, String> environment) throws IOException {
        List<String> variables = new ArrayList<>();
        environment.forEach((name, value) -> variables.add(name + "=" + value));
        return run(words, variables, Optional.empty());
    }

    /**
     * The same in a directory.
     *
     * @param variables {@code NAME=value} each
     */
    public synchronized Result run(List<String> words, List<String> variables, Optional<Path> directory)
            throws IOException {
        if (leftBehind != 0 && status(leftBehind).isEmpty()) {
            throw new IOException("process " + leftBehind + " hangs in the kernel since it was killed; no other "
                    + words.get(0) + " is started before it is gone");
        }
        leftBehind = 0;
        try (Pipe output = new Pipe();
                Pipe errors = new Pipe()) {
            int pid = start(words, variables, directory, output, errors);
            output.closeInput();
            errors.closeInput();
            return await(pid, words.get(0), output, errors);
        }
    }

    private static int start(
            List<String> words, List<String> variables, Optional<Path> directory, Pipe output, Pipe errors)
            throws IOException {
        try (Spawn spawn = new Spawn()) {
            if (directory.isPresent()) {
                spawn.chdir(directory.get());
            }
            return spawn.openRead(0, "/dev/null")
                    .dup(output.input, 1)
                    .dup(errors.input, 2)
                    .closeFrom(3)
                    .start(words, variables);
        }
    }

    private Result await(int pid, String program, Pipe output, Pipe errors) throws IOException {
        int end = -1;
        boolean told = false;
        try {
            end = PidFd.open(pid);
            long deadline = System.nanoTime() + most.toNanos();
            boolean ended = false;
            while (!ended && System.nanoTime() - deadline < 0) {
                ended = awaitOnce(end, output, errors, deadline - System.nanoTime());
            }
            // What it wrote before its end. A child of its own that has the pipes open still is not waited for.
            while (ended && System.nanoTime() - deadline < 0 && (output.isReadable() || errors.isReadable())) {
                output.takeIfReadable();
                errors.takeIfReadable();
            }
            told = ended;
        } finally {
            if (!told) {
                kill(pid, end);
            }
            Fds.close(end);
        }
        if (!told) {
            throw new IOException(program + " did not end within " + most.toMillis() + " ms"
                    + (leftBehind == 0 ? "" : ", nor by SIGKILL: it hangs in the kernel"));
        }
        return new Result(status(pid).orElse(-1), output.text(), errors.text());
    }

    /** Takes what it writes, and tells whether it has ended. */
    private static boolean awaitOnce(int end, Pipe output, Pipe errors, long nanos) {
        try (Memory fds = new Memory(3L * POLLFD_BYTES)) {
            poll(fds, (int) Math.max(1, nanos / NANOS_PER_MILLI), end, output.output, errors.output);
            output.takeIf(isReady(fds, 1));
            errors.takeIf(isReady(fds, 2));
            return isReady(fds, 0);
        }
    }

    /** With its whole session, for the program may be a script. Not reaped yet, so the number is nobody else's. */
    private void kill(int pid, int end) {
        LibC.C.kill(-pid, SIGKILL);
        LibC.C.kill(pid, SIGKILL);
        try (Memory fds = new Memory(POLLFD_BYTES)) {
            poll(fds, (int) DEATH.toMillis(), end);
        }
        if (status(pid).isEmpty()) {
            leftBehind = pid;
        }
    }

    /** Its exit status, once it has ended; this takes it off the process table. */
    private static Optional<Integer> status(int pid) {
        IntByReference word = new IntByReference();
        int found = LibC.C.waitpid(pid, word, WNOHANG);
        if (found == 0) {
            return Optional.empty();
        }
        int signal = word.getValue() & 0x7f;
        return Optional.of(signal == 0 ? (word.getValue() >> 8) & 0xff : 128 + signal);
    }

    /** Negative descriptors are passed over. */
    private static void poll(Memory fds, int millis, int... descriptors) {
        for (int i = 0; i < descriptors.length; i++) {
            long at = (long) i * POLLFD_BYTES;
            fds.setInt(at, descriptors[i]);
            fds.setShort(at + 4, POLLIN);
            fds.setShort(at + 6, (short) 0);
        }
        LibC.C.poll(fds, descriptors.length, millis);
    }

    private static boolean isReady(Memory fds, int index) {
        return fds.getShort((long) index * POLLFD_BYTES + 6) != 0;
    }

    /** What a child writes into {@code input} is read from {@code output}. */
    private static final class Pipe implements AutoCloseable {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private int output = -1;
        private int input = -1;

        Pipe() throws IOException {
            int[] ends = new int[2];
            if (LibC.C.pipe2(ends, Fds.O_CLOEXEC) != 0) {
                throw new PosixException("make a pipe", Native.getLastError());
            }
            output = ends[0];
            // Above the numbers that the child gives it.
            try {
                input = Fds.moveUp(ends[1]);
            } catch (PosixException e) {
                Fds.close(output);
                throw e;
            }
        }

        boolean isReadable() {
            if (output < 0) {
                return false;
            }
            try (Memory fds = new Memory(POLLFD_BYTES)) {
                poll(fds, 0, output);
                return isReady(fds, 0);
            }
        }

        void takeIfReadable() {
            takeIf(isReadable());
        }

        void takeIf(boolean ready) {
            if (!ready) {
                return;
            }
            byte[] chunk = new byte[CHUNK];
            long count = LibC.C.read(output, chunk, CHUNK);
            if (count <= 0) {
                Fds.close(output);
                output = -1;
            } else {
                taken.write(chunk, 0, Math.min((int) count, MOST_BYTES - taken.size()));
            }
        }

        String text() {
            return taken.toString(StandardCharsets.UTF_8);
        }

        void closeInput() {
            if (input >= 0) {
                Fds.close(input);
                input = -1;
            }
        }

        @Override
        public void close() {
            closeInput();
            if (output >= 0) {
                Fds.close(output);
                output = -1;
            }
        }
    }
}
