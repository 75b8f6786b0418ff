package gpuspool.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Standard output that remembers why something could not be written: a full disk must not look like an answer. */
final class StandardOut extends OutputStream {
    private static final int TYPE = 0170000;
    private static final int FIFO = 0010000;
    private static final int SOCKET = 0140000;
    private static final int BUFFER = 1 << 13;

    private static volatile Optional<IOException> trouble = Optional.empty();

    private final OutputStream out;

    StandardOut(OutputStream out) {
        this.out = out;
    }

    /** Puts it in the place of the usual one. */
    static void install() {
        OutputStream out = new StandardOut(new FileOutputStream(FileDescriptor.out));
        System.setOut(new PrintStream(new BufferedOutputStream(out, BUFFER), true, Charset.defaultCharset()));
    }

    /** What the system answered; empty where all was written, or where the reader of a pipe has enough. */
    static Optional<IOException> lost() {
        return trouble.isPresent() && !isPipe() ? trouble : Optional.empty();
    }

    private static boolean isPipe() {
        try {
            int type = (Integer) Files.getAttribute(Path.of("/proc/self/fd/1"), "unix:mode") & TYPE;
            return type == FIFO || type == SOCKET;
        } catch (IOException e) {
            // Not known: then it is told.
            return false;
        }
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        try {
            out.write(bytes, from, count);
        } catch (IOException e) {
            trouble = trouble.or(() -> Optional.of(e));
            throw e;
        }
    }
}
