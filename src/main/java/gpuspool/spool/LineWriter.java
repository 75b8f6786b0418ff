package gpuspool.spool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes a new file line by line, many of them at a time. */
final class LineWriter {
    private static final int AT_ONCE = 1 << 20;

    private final Path file;
    private final Fs fs;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private long written;

    LineWriter(Path file, Fs fs) throws IOException {
        this.file = file;
        this.fs = fs;
        fs.create(file, new byte[0]);
    }

    /** @return how long the line is, in bytes */
    int add(String line) throws IOException {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        add(bytes);
        return bytes.length;
    }

    void add(byte[] bytes) throws IOException {
        if (pending.size() + bytes.length > AT_ONCE) {
            flush();
        }
        pending.write(bytes, 0, bytes.length);
    }

    /** Where the next line will begin. */
    long position() {
        return written + pending.size();
    }

    void flush() throws IOException {
        if (pending.size() > 0) {
            fs.append(file, pending.toByteArray());
            written += pending.size();
            pending.reset();
        }
    }
}
