package gpuspool.spool;

import gpuspool.job.Ending;
import gpuspool.job.JobId;
import java.io.StringWriter;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One line of {@code history.jsonl} ({@code spool-layout.md}, section 1.6) from what a job directory says: the same whether it is
 * written at once or made anew years later. What is not known has no key.
 */
final class HistoryLine {
    private static final JsonFactory JSON = new JsonFactory();

    private final HistoryFacts facts;
    private final HistoryState state;
    private final JsonGenerator json;

    private HistoryLine(HistoryFacts facts, HistoryState state, JsonGenerator json) {
        this.facts = facts;
        this.state = state;
        this.json = json;
    }

    /** The line, with its line feed. */
    static String of(HistoryFacts facts, HistoryState state) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            new HistoryLine(facts, state, json).write();
        }
        return text.append('\n').toString();
    }

    /** When it happened, as it stands in the line. */
    static String time(HistoryFacts facts, HistoryState state) {
        Optional<String> time = switch (state) {
            case CLAIMED -> facts.fact("claimed");
            case RUNNING -> facts.fact("started").or(() -> facts.fact("armed"));
            case DONE, FAILED -> facts.fact("ended");
        };
        return time.filter(text -> Times.parse(text).isPresent())
                .orElseGet(() -> facts.moved().isEmpty() ? facts.fact("ended").orElse("") : facts.moved());
    }

    private void write() {
        boolean end = state == HistoryState.DONE || state == HistoryState.FAILED;
        boolean ran = state == HistoryState.RUNNING || end;
        JobId id = facts.id();
        json.writeStartObject();
        json.writeStringProperty("time", time(facts, state));
        json.writeStringProperty("job", id.shortName());
        json.writeStringProperty("id", id.toString());
        json.writeStringProperty("state", state.word());
        text("name", facts.fact("name"));
        number("owner", facts.contents().status().number("owner"));
        text("queued", facts.fact("queued"));
        cards(facts.fact("devices").orElse(""));
        text("command", facts.fact("command"));
        text("script", facts.script().filter(script -> state == HistoryState.RUNNING));
        if (ran) {
            number("pid", pid());
            text("started", facts.fact("started"));
            text("log", log());
        }
        if (end) {
            OptionalInt code = facts.contents().mark().exitCode();
            String word = facts.fact("ending").orElse("");
            Optional<String> ending = Ending.parse(word).map(Ending::word);
            json.writeStringProperty("ending", ending.orElse(code.isPresent() ? "exited" : "unknown"));
            code.ifPresent(exit -> json.writeNumberProperty("exit", exit));
            number("elapsed", facts.contents().status().number("elapsed"));
            text("waited_for", facts.fact(StatusFile.WAITED_FOR));
            number("gpu_mem", facts.contents().status().number("gpu_mem"));
            number(UsageFile.UTILISATION, facts.contents().status().number(UsageFile.UTILISATION));
            number(UsageFile.PEAK, facts.contents().status().number(UsageFile.PEAK));
            number(UsageFile.TOTAL, facts.contents().status().number(UsageFile.TOTAL));
            text("reason", facts.reason().filter(reason -> state == HistoryState.FAILED));
        }
        json.writeEndObject();
    }

    /** As the watcher wrote it down, else by the supervisor's own word. */
    private OptionalLong pid() {
        OptionalLong written = facts.contents().status().number("pid");
        OptionalInt told = facts.contents().mark().pid();
        return written.isEmpty() && told.isPresent() ? OptionalLong.of(told.getAsInt()) : written;
    }

    private Optional<String> log() {
        String place = state == HistoryState.RUNNING ? Where.RUNNING.word() : state.word();
        return facts.contents().startMark().map(output -> place + "/" + facts.id() + "/" + output);
    }

    private void cards(String devices) {
        json.writeName("gpus");
        json.writeStartArray();
        if (!devices.isEmpty()) {
            for (String card : devices.split(" ")) {
                json.writeString(card);
            }
        }
        json.writeEndArray();
    }

    private void text(String key, Optional<String> value) {
        value.ifPresent(text -> json.writeStringProperty(key, text));
    }

    private void number(String key, OptionalLong value) {
        value.ifPresent(number -> json.writeNumberProperty(key, number));
    }
}
