package gpuspool.spool;

import gpuspool.job.JobId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** Reads one line of the record whole. What it does not know it passes over; what is of another type is not known. */
final class RunParser {
    private static final JsonFactory JSON = new JsonFactory();
    /** Characters of a command or a reason that are kept: many are in memory at once. */
    private static final int LONGEST = 300;

    private RunParser() {}

    /**
     * What a line tells.
     *
     * @param run there for the last step of a job
     */
    record Step(String id, HistoryState state, long time, Optional<RecordedRun> run) {}

    private static final class Fields {
        String time = "";
        String job = "";
        String id = "";
        String state = "";
        String command = "";
        String ending = "";
        String reason = "";
        String waitedFor = "";
        String queued = "";
        String started = "";
        final List<String> gpus = new ArrayList<>();
        OptionalLong owner = OptionalLong.empty();
        OptionalLong exit = OptionalLong.empty();
        OptionalLong elapsed = OptionalLong.empty();
        OptionalLong memory = OptionalLong.empty();
        OptionalLong utilisation = OptionalLong.empty();
        OptionalLong peak = OptionalLong.empty();
        OptionalLong total = OptionalLong.empty();
    }

    /** Empty: it is no line of a record. */
    static Optional<Step> parse(byte[] line, int length) {
        Fields fields = new Fields();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line, 0, length)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = json.currentName();
                read(key, json.nextToken(), json, fields);
            }
            if (json.nextToken() != null) {
                return Optional.empty();
            }
        } catch (JacksonException e) {
            return Optional.empty();
        }
        return step(fields);
    }

    private static void read(String key, JsonToken token, JsonParser json, Fields fields) {
        if (token == JsonToken.VALUE_STRING) {
            text(key, json, fields);
        } else if (token == JsonToken.VALUE_NUMBER_INT) {
            number(key, json, fields);
        } else if (token == JsonToken.START_ARRAY && key.equals("gpus")) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (json.currentToken() == JsonToken.VALUE_STRING) {
                    fields.gpus.add(json.getString());
                }
                json.skipChildren();
            }
        } else {
            json.skipChildren();
        }
    }

    private static void text(String key, JsonParser json, Fields fields) {
        switch (key) {
            case "time" -> fields.time = json.getString();
            case "job" -> fields.job = json.getString();
            case "id" -> fields.id = json.getString();
            case "state" -> fields.state = json.getString();
            case "queued" -> fields.queued = json.getString();
            case "started" -> fields.started = json.getString();
            case "command" -> fields.command = cut(json.getString());
            case "ending" -> fields.ending = json.getString();
            case "reason" -> fields.reason = cut(json.getString());
            case StatusFile.WAITED_FOR -> fields.waitedFor = cut(json.getString());
            default -> json.skipChildren();
        }
    }

    private static void number(String key, JsonParser json, Fields fields) {
        switch (key) {
            case "owner" -> fields.owner = positive(json);
            case "exit" -> fields.exit = positive(json);
            case "elapsed" -> fields.elapsed = positive(json);
            case "gpu_mem" -> fields.memory = positive(json);
            case UsageFile.UTILISATION -> fields.utilisation = positive(json);
            case UsageFile.PEAK -> fields.peak = positive(json);
            case UsageFile.TOTAL -> fields.total = positive(json);
            default -> json.skipChildren();
        }
    }

    private static OptionalLong positive(JsonParser json) {
        boolean fits =
                json.getNumberType() == JsonParser.NumberType.INT || json.getNumberType() == JsonParser.NumberType.LONG;
        return fits && json.getLongValue() >= 0 ? OptionalLong.of(json.getLongValue()) : OptionalLong.empty();
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end) + "…";
    }

    private static Optional<Step> step(Fields fields) {
        Optional<HistoryState> state = HistoryState.parse(fields.state);
        OptionalLong time = Times.parse(fields.time);
        Optional<JobId> id = JobId.parse(fields.id);
        if (state.isEmpty() || time.isEmpty() || id.isEmpty()) {
            return Optional.empty();
        }
        boolean end = state.get() == HistoryState.DONE || state.get() == HistoryState.FAILED;
        Optional<RecordedRun> run =
                end ? Optional.of(run(fields, id.get(), time.getAsLong(), state.get())) : Optional.empty();
        return Optional.of(new Step(fields.id, state.get(), time.getAsLong(), run));
    }

    private static RecordedRun run(Fields fields, JobId id, long ended, HistoryState state) {
        return new RecordedRun(
                fields.id,
                fields.job.isEmpty() ? id.shortName() : fields.job,
                id.host(),
                number(fields.owner),
                Times.parse(fields.queued),
                Times.parse(fields.started),
                OptionalLong.of(ended),
                fields.elapsed,
                List.copyOf(fields.gpus),
                fields.command,
                fields.ending,
                number(fields.exit),
                state == HistoryState.DONE,
                fields.reason,
                fields.waitedFor,
                fields.memory,
                number(fields.utilisation),
                fields.peak,
                fields.total);
    }

    private static OptionalInt number(OptionalLong number) {
        return number.isPresent() && number.getAsLong() <= Integer.MAX_VALUE
                ? OptionalInt.of((int) number.getAsLong())
                : OptionalInt.empty();
    }
}
