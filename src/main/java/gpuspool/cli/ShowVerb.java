package gpuspool.cli;

import gpuspool.job.Ending;
import gpuspool.posix.FileFacts;
import gpuspool.spool.HostNote;
import gpuspool.spool.JobDir;
import gpuspool.spool.JobRefs;
import gpuspool.spool.RunLook;
import gpuspool.spool.Spool;
import gpuspool.spool.StatusFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gpuspool show}: all that is known of one job. */
final class ShowVerb extends Verb {
    @Parameters(paramLabel = "JOB", description = "exp1 (its newest run, or the queued file), exp1.2, or a full id")
    private String job;

    @Option(
            names = "--lines",
            paramLabel = "N",
            defaultValue = "10",
            description = "last lines of its output (default: 10)")
    private int lines;

    @Option(names = "--json", description = "print one JSON object instead of the page")
    private boolean json;

    private Spool spool;

    ShowVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException {
        spool = open();
        for (int look = 0; look < 2; look++) {
            List<JobRefs.Job> found = new JobRefs(spool.places()).find(job);
            boolean shown = !found.isEmpty()
                    && (found.get(0) instanceof JobRefs.Queued queued
                            ? show(queued)
                            : show((JobRefs.Run) found.get(0)));
            if (shown) {
                return ExitStatus.OK.code;
            }
            // It may just have moved on; a second look finds it where it is now.
        }
        sayNoSuchJob(job);
        return ExitStatus.FAILED.code;
    }

    private boolean show(JobRefs.Queued queued) throws IOException {
        Optional<FileFacts> facts = fs.look(queued.file());
        if (facts.isEmpty()) {
            return false;
        }
        String reason = reason(queued.fileName());
        String state = queued.where() == gpuspool.spool.Where.HELD ? "held" : "queued";
        String waited =
                Words.time(System.currentTimeMillis() - facts.get().changed().toMillis());
        if (json) {
            printJson(queued.name(), state, queued.file(), Optional.empty(), reason, Map.of());
            return true;
        }
        Table page = new Table().row("job", queued.name()).row("state", state + " for " + waited);
        page.row("user", new Users().name(OptionalInt.of(facts.get().owner())));
        page.row("file", queued.file().toString());
        page.row("why", reason.isEmpty() ? "not looked at yet" : reason);
        call.out().print(Words.safe(page.toString()));
        if (facts.get().isRegular()) {
            printLines("text", Tail.first(queued.file(), lines));
        }
        return true;
    }

    private String reason(String name) throws IOException {
        for (HostNote host : HostNote.readAll(spool.places(), looker())) {
            String reason = host.reasons().byName().get(name);
            if (reason != null) {
                return reason;
            }
        }
        return "";
    }

    private boolean show(JobRefs.Run run) throws IOException {
        Optional<RunLook> found = RunLook.at(run.path(), run.id(), run.where(), looker(), fs);
        if (found.isEmpty()) {
            return false;
        }
        RunLook look = found.get();
        String why = why(look);
        Map<String, String> facts = look.contents().status().facts();
        if (json) {
            printJson(run.name(), look.state(), run.path(), Optional.of(look), why, facts);
            return true;
        }
        Table page = new Table().row("job", run.name()).row("id", run.id().toString());
        page.row(
                "state",
                look.state()
                        + look.ending().map(end -> " (" + end.describe() + ")").orElse(""));
        if (!why.isEmpty()) {
            page.row("why", why.strip().replace("\n", "\n     "));
        }
        page.row("ran", Words.time(look.elapsed(looker(), System.currentTimeMillis())));
        page.row("directory", run.path().toString());
        facts.forEach((key, value) -> page.row(key, value));
        call.out().print(Words.safe(page.toString()));
        for (String log : List.of(JobDir.OUTPUT, JobDir.STDOUT, JobDir.STDERR)) {
            if (look.contents().has(log)) {
                printLines(log, Tail.last(look.dir().file(log), lines));
            }
        }
        return true;
    }

    private String why(RunLook look) throws IOException {
        if (!look.note().isEmpty()) {
            return look.note();
        }
        String told = look.where().isEnd() ? "" : reason(look.dir().id().toString());
        return told.isEmpty() && look.contents().has(JobDir.REASON)
                ? new String(fs.read(look.dir().file(JobDir.REASON), StatusFile.LARGEST), StandardCharsets.UTF_8)
                : told;
    }

    private void printLines(String title, List<String> text) {
        out("--- " + title);
        text.forEach(this::out);
    }

    private void printJson(
            String name, String state, Path path, Optional<RunLook> look, String why, Map<String, String> facts)
            throws IOException {
        Json.print(call.out(), out -> {
            out.writeStartObject();
            out.writeStringProperty("job", name);
            Json.string(out, "id", look.map(at -> at.dir().id().toString()));
            out.writeStringProperty("state", state);
            Json.string(out, "ending", look.flatMap(RunLook::ending).map(Ending::word));
            Json.number(
                    out, "exit", look.map(at -> at.contents().mark().exitCode()).orElse(OptionalInt.empty()));
            Json.string(out, "reason", Optional.of(why.strip()).filter(text -> !text.isEmpty()));
            out.writeStringProperty("path", path.toString());
            out.writeName("status");
            out.writeStartObject();
            facts.forEach(out::writeStringProperty);
            out.writeEndObject();
            out.writeEndObject();
        });
    }
}
