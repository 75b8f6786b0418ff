package gpuspool.spool;

import gpuspool.job.JobId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads one file of a record line by line. What is no line of a record is skipped and counted; memory is bounded. */
public final class HistoryReader implements Closeable {
    private static final JsonFactory JSON = new JsonFactory();

    private final HistoryBytes lines;
    private long bad;

    /** @param file a regular file; a symbolic link is not followed */
    public HistoryReader(Path file) throws IOException {
        this(file, 0);
    }

    /** @param from bytes to pass over; of which the last ends a line, or is any of one that is then told of as bad */
    public HistoryReader(Path file, long from) throws IOException {
        lines = new HistoryBytes(file, from);
    }

    /** Up to where whole lines were read, in bytes from the beginning of the file. */
    public long position() {
        return lines.position();
    }

    /**
     * One line that tells of a step.
     *
     * @param time milliseconds since 1970
     */
    public record Line(String id, HistoryState state, long time, String text) {}

    /** The next line of a record, in the order of the file; empty at its end. */
    public Optional<Line> next() throws IOException {
        while (lines.next()) {
            Optional<Line> read = lines.isWhole()
                    ? parse(new String(lines.bytes(), 0, lines.length(), StandardCharsets.UTF_8))
                    : Optional.empty();
            if (read.isPresent()) {
                return read;
            }
            bad += lines.isWhole() && lines.length() == 0 ? 0 : 1;
        }
        return Optional.empty();
    }

    /** How many lines were none; the empty ones that follow a torn line do not count. */
    public long bad() {
        return bad;
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
        lines.close();
    }
}
