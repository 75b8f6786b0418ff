package gpuspool.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A few lines, as their bytes, from the beginning or the end of a file that may be huge. */
final class Tail {
    private static final int MOST_BYTES = 64 * 1024;

    private Tail() {}

    static List<byte[]> first(Path file, int count) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return lines(in.readNBytes(MOST_BYTES)).stream().limit(count).toList();
        }
    }

    static List<byte[]> last(Path file, int count) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(Math.max(0, Files.size(file) - MOST_BYTES));
            List<byte[]> all = lines(in.readNBytes(MOST_BYTES));
            return all.subList(Math.max(0, all.size() - count), all.size());
        }
    }

    private static List<byte[]> lines(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1)
                .lines()
                .map(line -> line.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }
}
