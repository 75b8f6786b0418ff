package gpuspool.report;

import gpuspool.spool.RecordedRun;
import gpuspool.spool.Times;
import gpuspool.view.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.core.JsonGenerator;

/** A report as one JSON object. Times are UTC; what is not known is {@code null}. */
public final class ReportJson {
    private static final double MILLIS = 1000;
    private static final double MILLIS_PER_HOUR = 3_600_000;

    private final Report report;
    private final Source source;
    private final Format format;
    private final JsonGenerator json;

    private ReportJson(Report report, Source source, JsonGenerator json) {
        this.report = report;
        this.source = source;
        this.json = json;
        format = new Format(report.window.zone());
    }

    public static void write(Report report, Source source, JsonGenerator json) throws IOException {
        new ReportJson(report, source, json).write();
    }

    private void write() throws IOException {
        json.writeStartObject();
        json.writeStringProperty("time", time(source.now().millis()));
        json.writeStringProperty("spool", source.spool());
        json.writeStringProperty("since", time(report.window.since()));
        json.writeStringProperty("until", time(report.window.until()));
        json.writeStringProperty("zone", report.window.zone().getId());
        Json.string(json, "user", source.user());
        json.writeNumberProperty("ended", report.ended());
        json.writeNumberProperty("done", report.done());
        json.writeNumberProperty("running", report.running());
        json.writeNumberProperty("gpu_hours", hours(report.gpuMillis()));
        json.writeNumberProperty("cards", report.cards());
        number("share_used", part(report.share()));
        number("share_busy", part(report.busy.meanMeasured()));
        waits();
        users();
        failures();
        fit();
        bins();
        json.writeName("now");
        json.writeStartObject();
        json.writeNumberProperty("running", source.now().overview().running().size());
        json.writeNumberProperty("queued", source.now().overview().queued());
        json.writeNumberProperty("held", source.now().overview().held());
        json.writeEndObject();
        json.writeName("record");
        json.writeStartObject();
        json.writeNumberProperty("lines", source.survey().lines());
        json.writeNumberProperty("bad", source.bad());
        Json.strings(json, "unread", source.survey().unread());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static String time(long millis) {
        return Times.format(Instant.ofEpochMilli(millis));
    }

    private static double hours(long millis) {
        return millis / MILLIS_PER_HOUR;
    }

    private static OptionalDouble part(double part) {
        return part < 0 ? OptionalDouble.empty() : OptionalDouble.of(part);
    }

    private void number(String key, OptionalDouble value) {
        if (value.isPresent()) {
            json.writeNumberProperty(key, value.getAsDouble());
        } else {
            json.writeNullProperty(key);
        }
    }

    private void seconds(String key, OptionalLong millis) {
        number(key, millis.isPresent() ? OptionalDouble.of(millis.getAsLong() / MILLIS) : OptionalDouble.empty());
    }

    private void waits() throws IOException {
        json.writeName("waits");
        json.writeStartObject();
        json.writeNumberProperty("started", report.waits.count());
        seconds("median_seconds", report.waits.quantile(0.5));
        seconds("p90_seconds", report.waits.quantile(0.9));
        json.writeName("groups");
        json.writeStartArray();
        int[] groups = report.waits.groups();
        for (int i = 0; i < groups.length; i++) {
            json.writeStartObject();
            boolean bounded = i < WaitTimes.BOUNDS.size();
            seconds(
                    "below_seconds",
                    bounded ? OptionalLong.of(WaitTimes.BOUNDS.get(i).toMillis()) : OptionalLong.empty());
            json.writeNumberProperty("jobs", groups[i]);
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeName("longest");
        json.writeStartArray();
        for (RecordedRun run : report.waits.longest()) {
            json.writeStartObject();
            job(run);
            seconds("wait_seconds", run.waited());
            json.writeStringProperty("started", time(run.started().orElseThrow()));
            Json.string(json, "waited_for", Optional.of(run.waitedFor()).filter(text -> !text.isEmpty()));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void job(RecordedRun run) throws IOException {
        json.writeStringProperty("job", run.job());
        json.writeStringProperty("id", run.id());
        json.writeStringProperty("user", format.user(run.owner().orElse(-1)));
    }

    private void users() throws IOException {
        json.writeName("users");
        json.writeStartArray();
        for (People.Person person : report.people()) {
            json.writeStartObject();
            json.writeStringProperty("user", format.user(person.owner()));
            Json.number(json, "uid", person.owner() < 0 ? OptionalLong.empty() : OptionalLong.of(person.owner()));
            json.writeNumberProperty("gpu_hours", hours(person.gpuMillis()));
            json.writeNumberProperty("ended", person.ended());
            json.writeNumberProperty("done", person.done());
            json.writeNumberProperty("running", person.running());
            seconds(
                    "mean_wait_seconds",
                    person.meanWait() < 0 ? OptionalLong.empty() : OptionalLong.of(person.meanWait()));
            Json.number(
                    json, "busy_percent", person.busy() < 0 ? OptionalLong.empty() : OptionalLong.of(person.busy()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void failures() {
        json.writeName("failures");
        json.writeStartArray();
        for (Failures.Kind kind : report.failures.kinds()) {
            json.writeStartObject();
            json.writeStringProperty("ending", kind.name());
            json.writeNumberProperty("jobs", kind.runs());
            json.writeNumberProperty("gpu_hours", hours(kind.gpuMillis()));
            json.writeName("commands");
            json.writeStartArray();
            for (Failures.Command command : kind.commands()) {
                json.writeStartObject();
                json.writeStringProperty("command", command.command());
                json.writeNumberProperty("jobs", command.runs());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void fit() throws IOException {
        Fit.Sums sums = report.fit.sums();
        json.writeName("measured");
        json.writeStartObject();
        json.writeNumberProperty("jobs", sums.sampled());
        json.writeNumberProperty("gpu_hours", hours(sums.sampledMillis()));
        json.writeNumberProperty("below_quarter_of_memory", sums.small());
        json.writeNumberProperty("below_quarter_of_memory_gpu_hours", hours(sums.smallMillis()));
        json.writeNumberProperty("below_quarter_busy", sums.idle());
        json.writeNumberProperty("below_quarter_busy_gpu_hours", hours(sums.idleMillis()));
        json.writeName("loosest");
        json.writeStartArray();
        for (Fit.Loose loose : report.fit.loosest()) {
            json.writeStartObject();
            job(loose.run());
            json.writeNumberProperty("gpu_hours", hours(loose.gpuMillis()));
            Json.number(json, "gpu_util", loose.run().utilisation());
            Json.number(json, "gpu_mem_peak", loose.run().peak());
            Json.number(json, "gpu_mem_total", loose.run().total());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void bins() {
        json.writeName("course");
        json.writeStartArray();
        Bins bins = report.busy.bins;
        var measured = report.busy.measured();
        for (int bin = 0; bin < bins.count(); bin++) {
            int at = bin;
            double used = report.busy.byOwner.values().stream()
                    .mapToDouble(values -> values[at])
                    .sum();
            json.writeStartObject();
            json.writeStringProperty("from", time(bins.from(bin)));
            json.writeStringProperty("to", time(bins.to(bin)));
            json.writeNumberProperty("cards_used", used / (bins.to(bin) - bins.from(bin)));
            number("share_busy", part(measured.getOrDefault(bin, -1.0)));
            seconds("mean_wait_seconds", report.waits.mean(bin));
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
