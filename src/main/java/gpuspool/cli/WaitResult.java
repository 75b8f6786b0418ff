package gpuspool.cli;

import gpuspool.job.Ending;
import gpuspool.spool.RunLook;
import gpuspool.spool.Tracked;
import gpuspool.view.Json;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.core.JsonGenerator;

/**
 * How a job ended; no look: it was removed.
 *
 * @param claimed whether it had been claimed by then
 */
record WaitResult(String name, boolean claimed, Optional<RunLook> look) {
    Optional<Ending> ending() {
        return look.flatMap(RunLook::ending);
    }

    boolean isDone() {
        return ending().map(Ending::isDone).orElse(false);
    }

    boolean succeeded() {
        return ending().map(Ending::succeeded).orElse(false);
    }

    OptionalInt code() {
        return ending().orElse(null) instanceof Ending.Exited exited
                ? OptionalInt.of(exited.code())
                : OptionalInt.empty();
    }

    String describe() {
        boolean released = ending().orElse(null) instanceof Ending.Released;
        return ending().map(Ending::describe)
                .map(word -> released ? word + "; whoever started it has its exit code" : word)
                .orElse(claimed ? "its record was removed; how it ended is not known" : "removed before it ran");
    }

    /** One object for each job waited for; {@code null} for those that have not ended. */
    static void write(JsonGenerator out, Map<Tracked, WaitResult> results) {
        out.writeStartArray();
        results.forEach((job, result) -> {
            Optional<WaitResult> ended = Optional.ofNullable(result);
            out.writeStartObject();
            out.writeStringProperty("job", job.name());
            Json.string(
                    out,
                    "id",
                    ended.flatMap(WaitResult::look).map(look -> look.dir().id().toString()));
            out.writeBooleanProperty("ended", ended.isPresent());
            Json.string(
                    out,
                    "ending",
                    ended.map(end -> end.ending().map(Ending::word).orElse("removed")));
            Json.number(out, "exit", ended.map(WaitResult::code).orElse(OptionalInt.empty()));
            out.writeEndObject();
        });
        out.writeEndArray();
    }
}
