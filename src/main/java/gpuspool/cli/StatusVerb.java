package gpuspool.cli;

import gpuspool.spool.HostNote;
import gpuspool.spool.JobRow;
import gpuspool.spool.Overview;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;

/** {@code gpuspool status}: what runs, what waits and why, what ended last. {@link StatusPage} prints the page. */
final class StatusVerb extends Verb {
    @Option(names = "--json", description = "print one JSON object instead of the table")
    private boolean json;

    StatusVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException {
        if (!json) {
            return StatusPage.print(spoolOption().isEmpty() ? Optional.empty() : Optional.of(place()), call);
        }
        Overview overview = StatusPage.read(open(), call, System.currentTimeMillis());
        Json.print(call.out(), out -> write(out, overview));
        return ExitStatus.OK.code;
    }

    private static void write(JsonGenerator out, Overview overview) throws IOException {
        out.writeStartObject();
        out.writeName("watchers");
        out.writeStartArray();
        for (HostNote host : overview.hosts()) {
            if (host.life() != HostNote.Life.GONE) {
                out.writeStartObject();
                out.writeStringProperty("host", host.host());
                Json.number(out, "pid", host.watcher().number("pid"));
                Json.string(out, "since", host.watcher().get("since"));
                Json.strings(out, "devices", host.devices());
                out.writeBooleanProperty("checked", host.life() == HostNote.Life.ALIVE);
                Json.strings(out, "attention", host.attention());
                out.writeEndObject();
            }
        }
        out.writeEndArray();
        out.writeBooleanProperty("paused", overview.paused());
        out.writeBooleanProperty("draining", overview.draining());
        out.writeBooleanProperty("let_go", overview.letGo());
        out.writeNumberProperty("queued_total", overview.queued());
        out.writeNumberProperty("held_total", overview.held());
        out.writeNumberProperty("ended_total", overview.ended());
        jobs(out, "running", overview.running());
        jobs(out, "needs_attention", overview.attention());
        jobs(out, "queued", overview.first());
        jobs(out, "held", overview.firstHeld());
        jobs(out, "ended", overview.lastEnded());
        out.writeEndObject();
    }

    private static void jobs(JsonGenerator out, String key, List<JobRow> rows) {
        out.writeName(key);
        out.writeStartArray();
        for (JobRow row : rows) {
            out.writeStartObject();
            out.writeStringProperty("job", row.job());
            Json.string(out, "id", Optional.of(row.id()).filter(id -> !id.isEmpty()));
            out.writeStringProperty("state", row.state());
            Json.number(out, "uid", row.owner());
            Json.number(out, "gpus", row.gpus());
            Json.number(out, "millis", row.millis());
            Json.strings(out, "devices", row.devices());
            Json.strings(out, "indices", row.indices());
            Json.string(out, "reason", Optional.of(row.reason()).filter(reason -> !reason.isEmpty()));
            out.writeStringProperty("command", row.command());
            out.writeEndObject();
        }
        out.writeEndArray();
    }
}
