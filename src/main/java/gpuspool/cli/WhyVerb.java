package gpuspool.cli;

import gpuspool.posix.FileFacts;
import gpuspool.spool.Escapes;
import gpuspool.spool.HostNote;
import gpuspool.spool.JobDir;
import gpuspool.spool.JobRefs;
import gpuspool.spool.RunLook;
import gpuspool.spool.Spool;
import gpuspool.spool.StatusFile;
import gpuspool.spool.Where;
import gpuspool.view.Json;
import gpuspool.view.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gpuspool why}: the one thing that would have to change for a job, or what became of it. */
final class WhyVerb extends Verb {
    /** A job that moves on at each of our looks moves at most from the queue to running, and from there to its end. */
    private static final int MOST_LOOKS = 4;

    @Parameters(paramLabel = "JOB", arity = "1..*", description = "exp1 (its newest run, or the queued file), exp1.2")
    private List<String> jobs;

    @Option(names = "--json", description = "print one JSON object a job, a line each")
    private boolean json;

    private Spool spool;

    WhyVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException {
        spool = open();
        int status = ExitStatus.OK.code;
        for (String job : jobs) {
            Optional<Told> told = find(job);
            if (told.isEmpty()) {
                sayNoSuchJob(job);
                status = ExitStatus.FAILED.code;
            } else if (json) {
                print(told.get());
            } else {
                out(told.get().answer().text());
            }
        }
        return status;
    }

    private record Told(String job, String state, WhyWords.Answer answer) {}

    private void print(Told told) throws IOException {
        Json.print(call.out(), writer -> {
            writer.writeStartObject();
            writer.writeStringProperty("job", told.job());
            writer.writeStringProperty("state", told.state());
            writer.writeStringProperty("why", told.answer().why());
            Json.string(writer, "todo", Optional.of(told.answer().todo()).filter(text -> !text.isEmpty()));
            writer.writeEndObject();
        });
    }

    private Optional<Told> find(String job) throws IOException {
        for (int look = 0; look < MOST_LOOKS; look++) {
            List<JobRefs.Job> found = new JobRefs(spool.places()).find(job);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Optional<Told> told =
                    found.get(0) instanceof JobRefs.Queued queued ? tell(queued) : tell((JobRefs.Run) found.get(0));
            if (told.isPresent()) {
                return told;
            }
            // It has just moved on; another look finds it where it is now.
        }
        return Optional.empty();
    }

    private Optional<Told> tell(JobRefs.Queued queued) throws IOException {
        Optional<FileFacts> facts = fs.look(queued.file());
        if (facts.isEmpty()) {
            return Optional.empty();
        }
        long now = System.currentTimeMillis();
        long waited = now - facts.get().changed().toMillis();
        String file = queued.fileName();
        if (queued.where() == Where.HELD) {
            return Optional.of(new Told(queued.name(), "held", WhyWords.held(file, waited, spoolOption())));
        }
        List<WhyWords.Word> words = new ArrayList<>();
        for (HostNote host : HostNote.readAll(spool.places(), looker())) {
            HostNote.Reasons reasons = host.reasons();
            words.add(new WhyWords.Word(
                    host.host(),
                    WhyWords.Watch.valueOf(host.life().name()),
                    Optional.ofNullable(reasons.byName().get(file)),
                    reasons.asOf().isPresent()
                            ? OptionalLong.of(now - reasons.asOf().getAsLong())
                            : reasons.asOf()));
        }
        return Optional.of(
                new Told(queued.name(), "queued", WhyWords.queued(file, waited, words, stopped(), spoolOption())));
    }

    /** What lies in {@code control/} and keeps everything from starting. */
    private Optional<String> stopped() throws IOException {
        for (String request : List.of("drain", "pause")) {
            if (fs.look(spool.places().control().resolve(request)).isPresent()) {
                return Optional.of(request);
            }
        }
        return Optional.empty();
    }

    private Optional<Told> tell(JobRefs.Run run) throws IOException {
        Optional<RunLook> found = RunLook.at(run.path(), run.id(), run.where(), looker(), fs);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        RunLook look = found.get();
        OptionalLong millis = look.elapsed(looker(), System.currentTimeMillis());
        StatusFile status = look.contents().status();
        WhyWords.Answer answer = look.ending().isPresent()
                ? WhyWords.ended(
                        run.name(),
                        look.ending().get(),
                        look.isInForeground(),
                        millis,
                        lines(look, JobDir.REASON),
                        lastWords(look),
                        status.get(StatusFile.AGAIN).orElse("").equals("handed"),
                        spoolOption())
                : WhyWords.running(
                        run.name(),
                        look.state(),
                        Words.cards(status.words("devices"), status.words("indices")),
                        millis,
                        told(look),
                        left(status, millis));
        return Optional.of(new Told(run.name(), look.state(), answer));
    }

    private static OptionalLong left(StatusFile status, OptionalLong millis) {
        OptionalLong time = status.number("time");
        return time.isPresent() && millis.isPresent()
                ? OptionalLong.of(Math.max(0, time.getAsLong() - millis.getAsLong()))
                : OptionalLong.empty();
    }

    private String told(RunLook look) throws IOException {
        if (!look.note().isEmpty()) {
            return look.note();
        }
        Optional<String> told = HostNote.reason(
                HostNote.readAll(spool.places(), looker()), look.dir().id().toString());
        if (told.isPresent()) {
            return told.get();
        }
        return String.join("; ", lines(look, look.contents().has(JobDir.PROGRESS) ? JobDir.PROGRESS : JobDir.REASON));
    }

    private List<String> lines(RunLook look, String name) throws IOException {
        if (!look.contents().has(name)) {
            return List.of();
        }
        try {
            byte[] text = fs.read(look.dir().file(name), StatusFile.LARGEST);
            return new String(text, StandardCharsets.UTF_8)
                    .lines()
                    .map(Escapes::forPeople)
                    .toList();
        } catch (NoSuchFileException e) {
            // Removed by hand since it was seen.
            return List.of();
        }
    }

    private String lastWords(RunLook look) throws IOException {
        for (String log : List.of(JobDir.STDERR, JobDir.OUTPUT, JobDir.STDOUT)) {
            Path file = look.dir().file(log);
            if (look.contents().has(log)) {
                String last = lastLine(file);
                if (!last.isEmpty()) {
                    return last;
                }
            }
        }
        return "";
    }

    private static String lastLine(Path file) throws IOException {
        List<byte[]> lines;
        try {
            lines = Tail.last(file, 20);
        } catch (NoSuchFileException e) {
            // Cleaned away since it was seen.
            return "";
        }
        for (int i = lines.size() - 1; i >= 0; i--) {
            String line = new String(lines.get(i), StandardCharsets.UTF_8).strip();
            if (!line.isEmpty()) {
                return Words.line(line.length() > 200 ? line.substring(0, 200) + "…" : line);
            }
        }
        return "";
    }
}
