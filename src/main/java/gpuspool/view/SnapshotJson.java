package gpuspool.view;

import gpuspool.spool.HostNote;
import gpuspool.spool.JobRow;
import gpuspool.spool.Overview;
import gpuspool.spool.Times;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/** A {@link Snapshot} as JSON; the README names the keys. What is not known is {@code null}. */
public final class SnapshotJson {
    private SnapshotJson() {}

    public static void write(JsonGenerator out, Snapshot snapshot) throws IOException {
        Overview overview = snapshot.overview();
        out.writeStartObject();
        out.writeStringProperty("time", Times.format(Instant.ofEpochMilli(snapshot.millis())));
        out.writeName("watchers");
        out.writeStartArray();
        for (HostNote host : overview.hosts()) {
            if (host.life() != HostNote.Life.GONE) {
                watcher(out, host);
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
        out.writeName("gpus");
        CardJson.writeHosts(out, snapshot.cards());
        out.writeEndObject();
    }

    private static void watcher(JsonGenerator out, HostNote host) throws IOException {
        out.writeStartObject();
        out.writeStringProperty("host", host.host());
        Json.number(out, "pid", host.watcher().number("pid"));
        Json.string(out, "since", host.watcher().get("since"));
        Json.strings(out, "devices", host.devices());
        out.writeBooleanProperty("checked", host.life() == HostNote.Life.ALIVE);
        Json.strings(out, "attention", host.attention());
        out.writeEndObject();
    }

    /** An array of jobs under a key. */
    public static void jobs(JsonGenerator out, String key, List<JobRow> rows) throws IOException {
        Users users = new Users();
        out.writeName(key);
        out.writeStartArray();
        for (JobRow row : rows) {
            job(out, row, users);
        }
        out.writeEndArray();
    }

    private static void job(JsonGenerator out, JobRow row, Users users) throws IOException {
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
        Json.string(out, "user", row.owner().isPresent() ? Optional.of(users.name(row.owner())) : Optional.empty());
        out.writeEndObject();
    }
}
