package gpuspool.parallel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Shows a growing file line by line: never a part of one, unless it is the last. */
final class Tail implements AutoCloseable {
    private static final int CHUNK = 1 << 16;
    /** A line that is longer comes in parts: it is shown to people, who wait. */
    private static final int LONGEST = 1 << 20;

    private final Path file;
    private final OutputStream to;
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
    private InputStream in;

    Tail(Path file, OutputStream to) {
        this.file = file;
        this.to = to;
    }

    /** Shows what has come since; true if there was anything. */
    boolean more() throws IOException {
        if (in == null) {
            try {
                in = Files.newInputStream(file);
            } catch (NoSuchFileException e) {
                return false;
            }
        }
        byte[] chunk = new byte[CHUNK];
        boolean any = false;
        for (int count = in.read(chunk); count > 0; count = in.read(chunk)) {
            any = true;
            int end = count;
            while (end > 0 && chunk[end - 1] != '\n') {
                end--;
            }
            if (end > 0) {
                begun.writeTo(to);
                begun.reset();
                to.write(chunk, 0, end);
            }
            begun.write(chunk, end, count - end);
            if (begun.size() > LONGEST) {
                begun.writeTo(to);
                begun.reset();
            }
        }
        return any;
    }

    /** Shows the rest. */
    void finish() throws IOException {
        boolean unused = more();
        begun.writeTo(to);
        begun.reset();
    }

    @Override
    public void close() throws IOException {
        if (in != null) {
            in.close();
        }
    }
}
