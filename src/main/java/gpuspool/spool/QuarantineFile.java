package gpuspool.spool;

import gpuspool.posix.FileFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code hosts/<host>/quarantine}: the cards that get no job until somebody says so; {@code spool-layout.md}, section 10.3. */
public final class QuarantineFile {
    private static final int LARGEST = 1 << 20;

    private final Layout places;
    private final Path host;
    private final Path file;
    private final Fs fs;

    public QuarantineFile(Layout places, String host, Fs fs) {
        this.places = places;
        this.host = places.host(host);
        this.file = in(this.host);
        this.fs = fs;
    }

    public static Path in(Path hostDirectory) {
        return hostDirectory.resolve("quarantine");
    }

    /**
     * One line, as it was meant.
     *
     * @param card its word; anything where somebody wrote the line by hand
     * @param since since when, in the form of {@link Times}; may be empty text, like the reason, where it was written by hand
     */
    public record Row(String card, String since, String reason) {}

    /**
     * Reads it; no rows where there is no such file.
     *
     * @throws IOException also where something else has that name, or it is too large to be one of ours: what it says is not known
     */
    public List<Row> read() throws IOException {
        return read(file, fs);
    }

    static List<Row> read(Path file, Fs fs) throws IOException {
        Optional<FileFacts> facts = fs.look(file);
        if (facts.isEmpty()) {
            return List.of();
        }
        if (!facts.get().isRegular()) {
            throw new IOException("it is " + facts.get().kind());
        }
        byte[] content = fs.read(file, LARGEST + 1);
        if (content.length > LARGEST) {
            throw new IOException("it is larger than 1 MiB");
        }
        return parse(content);
    }

    /** Of a file that somebody mended by hand nothing may get lost: a line without an end counts, and one without tabs. */
    public static List<Row> parse(byte[] content) {
        List<Row> rows = new ArrayList<>();
        for (String line : new String(content, StandardCharsets.UTF_8).split("\n", -1)) {
            String[] fields = line.split("\t", 3);
            if (!line.isBlank()) {
                rows.add(new Row(field(fields, 0).strip(), field(fields, 1), field(fields, 2)));
            }
        }
        return rows;
    }

    private static String field(String[] fields, int k) {
        return k < fields.length ? new String(Escapes.unescape(fields[k]), StandardCharsets.UTF_8) : "";
    }

    /** Replaces it, so that it holds these rows also after a power cut; without rows it is removed. */
    public void write(List<Row> rows) throws IOException {
        if (rows.isEmpty()) {
            remove();
            return;
        }
        StringBuilder text = new StringBuilder();
        for (Row row : rows) {
            text.append(Escapes.escape(row.card()))
                    .append('\t')
                    .append(Escapes.escape(row.since()))
                    .append('\t')
                    .append(Escapes.escape(row.reason()))
                    .append('\n');
        }
        if (fs.look(host).isEmpty()) {
            fs.mkdir(host);
        }
        Path draft = host.resolve(".quarantine.new");
        fs.overwrite(draft, text.toString().getBytes(StandardCharsets.UTF_8));
        fs.sync(draft);
        fs.rename(draft, file);
        fs.sync(host);
        fs.sync(places.hosts());
    }

    private void remove() throws IOException {
        if (fs.look(file).isPresent()) {
            fs.delete(file);
            fs.sync(host);
        }
    }
}
