package gpuspool.spool;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What the last line of a job in a record says. Texts are escaped as in the record.
 *
 * @param from when it was started, milliseconds since 1970; empty where it never was
 * @param to when it ended, the same
 * @param gpus its cards, as in {@code devices}
 * @param command one line; empty where it has none
 */
public record HistoryEnd(
        String job,
        String id,
        HistoryState state,
        OptionalLong owner,
        List<String> gpus,
        String command,
        OptionalLong from,
        long to,
        String ending,
        OptionalInt exit) {
    private static final JsonFactory JSON = new JsonFactory();

    /** Of a line of the state {@code done} or {@code failed}. */
    public static HistoryEnd of(HistoryReader.Line line) {
        String job = "";
        String command = "";
        String ending = "";
        OptionalLong owner = OptionalLong.empty();
        OptionalLong started = OptionalLong.empty();
        OptionalLong elapsed = OptionalLong.empty();
        OptionalInt exit = OptionalInt.empty();
        List<String> gpus = new ArrayList<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line.text())) {
            json.nextToken();
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = json.currentName();
                JsonToken value = json.nextToken();
                boolean text = value == JsonToken.VALUE_STRING;
                boolean number = value == JsonToken.VALUE_NUMBER_INT;
                if (text && key.equals("job")) {
                    job = json.getString();
                } else if (text && key.equals("command")) {
                    command = json.getString();
                } else if (text && key.equals("ending")) {
                    ending = json.getString();
                } else if (text && key.equals("started")) {
                    started = Times.parse(json.getString());
                } else if (number && key.equals("owner")) {
                    owner = OptionalLong.of(json.getLongValue());
                } else if (number && key.equals("elapsed")) {
                    elapsed = OptionalLong.of(json.getLongValue());
                } else if (number && key.equals("exit")) {
                    exit = OptionalInt.of(json.getIntValue());
                } else if (value == JsonToken.START_ARRAY && key.equals("gpus")) {
                    while (json.nextToken() == JsonToken.VALUE_STRING) {
                        gpus.add(json.getString());
                    }
                } else {
                    json.skipChildren();
                }
            }
        } catch (JacksonException e) {
            // A number that is too large, which nobody of ours wrote: what stands before it counts.
            exit = OptionalInt.empty();
        }
        OptionalLong from = started.isPresent() && elapsed.isPresent()
                ? OptionalLong.of(line.time() - elapsed.getAsLong())
                : started;
        return new HistoryEnd(
                job, line.id(), line.state(), owner, List.copyOf(gpus), command, from, line.time(), ending, exit);
    }

    /** Whether a line tells of an end. */
    public static boolean isEnd(HistoryReader.Line line) {
        return line.state() == HistoryState.DONE || line.state() == HistoryState.FAILED;
    }
}
