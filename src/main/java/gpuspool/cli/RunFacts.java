package gpuspool.cli;

import gpuspool.job.Durations;
import gpuspool.job.Sizes;
import gpuspool.spool.Escapes;
import gpuspool.spool.Lineage;
import gpuspool.spool.RunLook;
import gpuspool.spool.StatusFile;
import gpuspool.view.JobJson;
import gpuspool.view.Json;
import gpuspool.view.Table;
import gpuspool.view.UsageView;
import gpuspool.view.Users;
import gpuspool.view.Words;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
            "waited_for",
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
            Optional<UsageView> usage,
            String why,
            Map<String, String> facts)
            throws IOException {
        Json.print(out, json -> JobJson.write(json, name, state, path, look, why, usage, facts));
    }
}
