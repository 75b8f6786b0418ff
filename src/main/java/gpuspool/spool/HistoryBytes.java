package gpuspool.spool;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** The lines of one file of a record as bytes, one after the other in the same room; memory is bounded. */
final class HistoryBytes implements Closeable {
    /** Far above what the longest script makes of a line, in bytes. */
    private static final int LONGEST_LINE = 2 << 20;

    private static final int BUFFER = 1 << 16;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private byte[] line = new byte[1024];
    private int length;
    private boolean whole;
    private long position;

    /** @param file a regular file; a symbolic link is not followed */
    HistoryBytes(Path file) throws IOException {
        this(file, 0);
    }

    /** @param from bytes to pass over */
    HistoryBytes(Path file, long from) throws IOException {
        in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try {
            in.skipNBytes(from);
            position = from;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** Up to where lines that end were read, in bytes from the beginning of the file. */
    long position() {
        return position;
    }

    /** Goes on to the next line, an empty or a torn one too; false at the end. */
    boolean next() throws IOException {
        length = 0;
        whole = false;
        if (!fill()) {
            return false;
        }
        boolean tooLong = false;
        long passed = 0;
        while (fill()) {
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            tooLong |= length + at - from > LONGEST_LINE;
            if (!tooLong) {
                keep(from, at - from);
            }
            passed += at - from;
            if (at < end) {
                at++;
                position += passed + 1;
                whole = !tooLong;
                return true;
            }
        }
        return true;
    }

    private void keep(int from, int count) {
        if (length + count > line.length) {
            line = Arrays.copyOf(line, Math.max(2 * line.length, length + count));
        }
        System.arraycopy(buffer, from, line, length, count);
        length += count;
    }

    private boolean fill() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, in.read(buffer));
        }
        return at < end;
    }

    /** Whether it ended, and was not too long. */
    boolean isWhole() {
        return whole;
    }

    /** The room it lies in, from the beginning; the next line takes its place. */
    byte[] bytes() {
        return line;
    }

    int length() {
        return length;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
