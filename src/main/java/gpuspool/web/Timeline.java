package gpuspool.web;

import gpuspool.job.JobId;
import gpuspool.spool.Escapes;
import gpuspool.spool.HistoryEnd;
import gpuspool.spool.HistoryFollower;
import gpuspool.spool.HistoryReader;
import gpuspool.spool.JobRow;
import gpuspool.view.Json;
import gpuspool.view.Snapshot;
import gpuspool.view.Users;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JsonGenerator;

/** Who had which card when: jobs that ended, by the record, and those that run. */
final class Timeline {
    /** Of each host's record so much is read the first time, from its end. */
    static final long RECORD_BYTES = 16 << 20;

    /** Ended jobs in one answer; of more, the last. */
    static final int MOST_SPANS = 2000;

    private static final int MOST_KEPT = 20_000;

    private final HistoryFollower record;
    private final Map<String, HistoryEnd> ends = new LinkedHashMap<>();

    /** @param record begun {@link #RECORD_BYTES} before its end */
    Timeline(HistoryFollower record) {
        this.record = record;
    }

    /** The last hours up to the moment of the snapshot. */
    synchronized String json(Snapshot snapshot, long hours) throws IOException {
        record.read(new Taker());
        long to = snapshot.millis();
        long from = to - TimeUnit.HOURS.toMillis(hours);
        List<HistoryEnd> shown = ends.values().stream()
                .filter(end -> end.to() >= from && end.from().isPresent())
                .sorted(Comparator.comparingLong(HistoryEnd::to).reversed())
                .limit(MOST_SPANS)
                .toList();
        Users users = new Users();
        return Json.text(out -> {
            out.writeStartObject();
            out.writeNumberProperty("from", from);
            out.writeNumberProperty("to", to);
            out.writeBooleanProperty("cut", shown.size() == MOST_SPANS);
            out.writeName("spans");
            out.writeStartArray();
            for (JobRow row : snapshot.overview().running()) {
                running(out, row, users, to);
            }
            for (HistoryEnd end : shown) {
                ended(out, end, users);
            }
            out.writeEndArray();
            out.writeEndObject();
        });
    }

    private static void running(JsonGenerator out, JobRow row, Users users, long now) throws IOException {
        out.writeStartObject();
        out.writeStringProperty("job", row.job());
        out.writeStringProperty("id", row.id());
        out.writeStringProperty("host", host(row.id()));
        out.writeStringProperty("user", users.name(row.owner()));
        Json.strings(out, "gpus", row.devices());
        Json.number(
                out,
                "from",
                row.millis().isPresent() ? OptionalLong.of(now - row.millis().getAsLong()) : row.millis());
        Json.number(out, "to", OptionalLong.empty());
        out.writeStringProperty("state", row.state());
        Json.string(out, "ending", Optional.empty());
        Json.number(out, "exit", OptionalInt.empty());
        out.writeStringProperty("command", row.command());
        out.writeEndObject();
    }

    private static void ended(JsonGenerator out, HistoryEnd end, Users users) throws IOException {
        OptionalInt owner =
                end.owner().isPresent() ? OptionalInt.of((int) end.owner().getAsLong()) : OptionalInt.empty();
        out.writeStartObject();
        out.writeStringProperty("job", end.job());
        out.writeStringProperty("id", end.id());
        out.writeStringProperty("host", host(end.id()));
        out.writeStringProperty("user", users.name(owner));
        Json.strings(out, "gpus", end.gpus());
        Json.number(out, "from", end.from());
        out.writeNumberProperty("to", end.to());
        out.writeStringProperty("state", end.state().word());
        out.writeStringProperty("ending", end.ending());
        Json.number(out, "exit", end.exit());
        out.writeStringProperty("command", Escapes.forPeople(end.command()));
        out.writeEndObject();
    }

    private static String host(String id) {
        return JobId.parse(id).map(JobId::host).orElse("");
    }

    private final class Taker implements HistoryFollower.Taker {
        @Override
        public void begin(String host) {
            ends.values().removeIf(end -> host(end.id()).equals(host));
        }

        @Override
        public void take(String host, HistoryReader.Line line) {
            if (HistoryEnd.isEnd(line)) {
                // Of several lines of one job the last counts.
                ends.remove(line.id());
                ends.put(line.id(), HistoryEnd.of(line));
                if (ends.size() > MOST_KEPT) {
                    ends.remove(ends.keySet().iterator().next());
                }
            }
        }
    }
}
