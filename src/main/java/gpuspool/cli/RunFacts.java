package gpuspool.cli;

import gpuspool.job.Durations;
import gpuspool.job.Ending;
import gpuspool.job.Sizes;
import gpuspool.spool.Escapes;
import gpuspool.spool.Lineage;
import gpuspool.spool.RunLook;
import gpuspool.spool.StatusFile;
import gpuspool.view.Json;
import gpuspool.view.Table;
import gpuspool.view.Users;
import gpuspool.view.Words;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What {@code gpuspool show} says of a job directory's {@code status}, as rows and as JSON. */
final class RunFacts {
    /** Facts shown as they stand in {@code status}; the others are for watchers. */
    private static final List<String> FACTS = List.of(
            "command",
            "job_name",
            "ignored",
            "gpus",
            "cwd",
            "output",
            "log",
            "error_log",
            "queued",
            "claimed",
            "started",
            "ended",
            "pid",
            "job_pid",
            "previous",
            "retry",
            "retries",
            "retry_on",
            "on_interrupt",
            "interruption",
            "again",
            "members",
            "group",
            "member",
            "notify",
            "overrun",
            "collision");

    private RunFacts() {}

    static void add(Table page, StatusFile status) throws IOException {
        page.row("user", new Users().name(status.owner()));
        List<String> cards = status.words("devices");
        page.row("cards", Words.cards(cards, status.words("indices")));
        for (int i = 0; i < cards.size(); i++) {
            Optional<String> told = status.get("gpu." + i);
            if (told.isPresent()) {
                page.row(i == 0 ? "GPUs" : "", Escapes.forPeople(told.get()) + "; " + cards.get(i));
            }
        }
        status.words(StatusFile.FOREGROUND).stream()
                .findFirst()
                .ifPresent(pid -> page.row("foreground", "of process " + pid));
        for (String key : FACTS) {
            status.get(key).ifPresent(value -> page.row(key, Escapes.forPeople(value)));
        }
        status.number("gpu_mem").ifPresent(bytes -> page.row("gpu_mem", Sizes.format(bytes)));
        for (String key : List.of("time", "grace")) {
            status.number(key).ifPresent(millis -> page.row(key, Words.time(millis)));
        }
        Lineage.runs(status)
                .signal()
                .ifPresent(signal -> page.row(
                        "signal",
                        signal.name() + ", " + Durations.format(signal.before()) + " before its time is over"));
    }

    static void print(
            PrintStream out,
            String name,
            String state,
            Path path,
            Optional<RunLook> look,
            String why,
            Map<String, String> facts)
            throws IOException {
        Json.print(out, json -> {
            json.writeStartObject();
            json.writeStringProperty("job", name);
            Json.string(json, "id", look.map(at -> at.dir().id().toString()));
            json.writeStringProperty("state", state);
            Json.string(json, "ending", look.flatMap(RunLook::ending).map(Ending::word));
            Json.number(
                    json,
                    "exit",
                    look.map(at -> at.contents().mark().exitCode()).orElse(OptionalInt.empty()));
            Json.string(json, "reason", Optional.of(why.strip()).filter(text -> !text.isEmpty()));
            json.writeStringProperty("path", path.toString());
            json.writeName("status");
            json.writeStartObject();
            facts.forEach(json::writeStringProperty);
            json.writeEndObject();
            json.writeEndObject();
        });
    }
}
