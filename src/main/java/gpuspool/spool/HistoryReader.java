package gpuspool.spool;

import gpuspool.job.JobId;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads one file of a record line by line. What is no line of a record is skipped and counted; memory is bounded. */
public final class HistoryReader implements Closeable {
    /** Far above what the longest script makes of a line, in bytes. */
    private static final int LONGEST_LINE = 2 << 20;

    private static final int BUFFER = 1 << 16;
    private static final JsonFactory JSON = new JsonFactory();

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private long bad;
    private long passed;

    /** @param file a regular file; a symbolic link is not followed */
    public HistoryReader(Path file) throws IOException {
        this(file, 0);
    }

    /** @param from bytes to pass over; of which the last ends a line, or is any of one that is then told of as bad */
    public HistoryReader(Path file, long from) throws IOException {
        in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try {
            in.skipNBytes(from);
            passed = from;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** Up to where whole lines were read, in bytes from the beginning of the file. */
    public long position() {
        return passed;
    }

    /**
     * One line that tells of a step.
     *
     * @param time milliseconds since 1970
     */
    public record Line(String id, HistoryState state, long time, String text) {}

    /** The next line of a record, in the order of the file; empty at its end. */
    public Optional<Line> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            line.reset();
            if (!fill()) {
                return Optional.empty();
            }
            boolean whole = readLine(line);
            Optional<Line> read =
                    whole ? parse(line.toString(java.nio.charset.StandardCharsets.UTF_8)) : Optional.empty();
            if (read.isPresent()) {
                return read;
            }
            bad += whole && line.size() == 0 ? 0 : 1;
        }
    }

    /** How many lines were none; the empty ones that follow a torn line do not count. */
    public long bad() {
        return bad;
    }

    private boolean fill() throws IOException {
        if (at == end) {
            at = 0;
            end = Math.max(0, in.read(buffer));
        }
        return at < end;
    }

    /** Whether it ended, and was not too long. */
    private boolean readLine(ByteArrayOutputStream line) throws IOException {
        boolean tooLong = false;
        long length = 0;
        while (fill()) {
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            length += at - from;
            tooLong |= line.size() + at - from > LONGEST_LINE;
            if (!tooLong) {
                line.write(buffer, from, at - from);
            }
            if (at < end) {
                at++;
                passed += length + 1;
                return !tooLong;
            }
        }
        return false;
    }

    private static Optional<Line> parse(String text) {
        String id = "";
        String state = "";
        String time = "";
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = json.currentName();
                JsonToken value = json.nextToken();
                String word = value == JsonToken.VALUE_STRING ? json.getString() : "";
                switch (key) {
                    case "id" -> id = word;
                    case "state" -> state = word;
                    case "time" -> time = word;
                    default -> json.skipChildren();
                }
            }
            if (json.nextToken() != null) {
                return Optional.empty();
            }
        } catch (JacksonException e) {
            return Optional.empty();
        }
        return line(text, id, state, time);
    }

    private static Optional<Line> line(String text, String id, String state, String time) {
        Optional<HistoryState> known = HistoryState.parse(state);
        OptionalLong millis = Times.parse(time);
        return known.isPresent() && millis.isPresent() && JobId.parse(id).isPresent()
                ? Optional.of(new Line(id, known.get(), millis.getAsLong(), text))
                : Optional.empty();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
