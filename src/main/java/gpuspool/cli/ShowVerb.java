package gpuspool.cli;

import gpuspool.posix.FailureText;
import gpuspool.posix.FileFacts;
import gpuspool.spool.JobDir;
import gpuspool.spool.JobRefs;
import gpuspool.spool.RunLook;
import gpuspool.spool.Spool;
import gpuspool.spool.UsageFile;
import gpuspool.spool.Where;
import gpuspool.view.Encoding;
import gpuspool.view.Ink;
import gpuspool.view.Reasons;
import gpuspool.view.Table;
import gpuspool.view.TerminalText;
import gpuspool.view.UsageView;
import gpuspool.view.Users;
import gpuspool.view.Words;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gpuspool show}: all that is known of one job. */
final class ShowVerb extends Verb {
    /** A job that moves on at each of our looks moves at most from the queue to running, and from there to its end. */
    private static final int MOST_LOOKS = 4;

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

    @Option(names = "--raw", description = "print those lines as they are; else control characters in them are escaped")
    private boolean raw;

    @Mixin
    private ColourOption colour;

    @Mixin
    private PagerOption pager;

    private Spool spool;

    ShowVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        spool = open();
        for (int look = 0; look < MOST_LOOKS; look++) {
            List<JobRefs.Job> found = new JobRefs(spool.places()).find(job);
            if (!found.isEmpty() && show(found.get(0))) {
                return ExitStatus.OK.code;
            }
            // It may just have moved on; another look finds it where it is now.
        }
        sayNoSuchJob(job);
        return ExitStatus.FAILED.code;
    }

    /** Whether it was there to be shown; else nothing was printed. */
    private boolean show(JobRefs.Job found) throws IOException, InterruptedException {
        try {
            return found instanceof JobRefs.Queued queued ? show(queued) : show((JobRefs.Run) found);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private boolean show(JobRefs.Queued queued) throws IOException, InterruptedException {
        Optional<FileFacts> facts = fs.look(queued.file());
        if (facts.isEmpty()) {
            return false;
        }
        String reason = reasons().ofQueued(queued.fileName());
        String state = queued.where() == Where.HELD ? "held" : "queued";
        String waited =
                Words.time(System.currentTimeMillis() - facts.get().changed().toMillis());
        if (json) {
            RunFacts.print(
                    call.out(),
                    queued.name(),
                    state,
                    queued.file(),
                    Optional.empty(),
                    Optional.empty(),
                    reason,
                    Map.of());
            return true;
        }
        Table page = new Table().row("job", queued.name()).row("state", state + " for " + waited);
        page.row("user", new Users().name(OptionalInt.of(facts.get().owner())));
        page.row("file", Words.line(queued.file().toString()));
        boolean held = queued.where() == Where.HELD;
        String silent = held ? "move it to incoming/ to have it run" : "no watcher has looked at it yet";
        page.row("why", held || reason.isEmpty() ? silent : reason);
        List<byte[]> text = facts.get().isRegular() ? Tail.first(queued.file(), lines) : List.of();
        pager.show(call, out -> {
            out.print(page.text(colour.style(call)));
            if (facts.get().isRegular()) {
                printLines(out, "text", text);
            }
        });
        return true;
    }

    private Reasons reasons() throws IOException {
        return new Reasons(spool.places(), looker(), fs);
    }

    private boolean show(JobRefs.Run run) throws IOException, InterruptedException {
        Optional<RunLook> found = RunLook.at(run.path(), run.id(), run.where(), looker(), fs);
        if (found.isEmpty()) {
            return false;
        }
        RunLook look = found.get();
        String why = reasons().of(look);
        Map<String, String> facts = look.contents().status().facts();
        UsageView usage = UsageView.of(
                look.contents().status(),
                UsageFile.read(look.dir(), fs),
                !look.where().isEnd());
        if (json) {
            RunFacts.print(
                    call.out(),
                    run.name(),
                    look.state(),
                    run.path(),
                    Optional.of(look),
                    Optional.of(usage),
                    why,
                    facts);
            return true;
        }
        Table page =
                new Table().inked(1).row("job", run.name()).row("id", run.id().toString());
        String ended = look.ending()
                .map(end -> look.where().word() + ": " + end.describe())
                .orElse("");
        page.row(Ink.ofJob(look.state()), "state", ended.isEmpty() ? look.state() : ended);
        if (!why.isEmpty()) {
            page.row("why", why.strip().replace("\n", "\n     "));
        }
        page.row("ran", Words.time(look.elapsed(looker(), System.currentTimeMillis())));
        page.row("directory", run.path().toString());
        RunFacts.add(page, look.contents().status());
        usage.add(page, Encoding.isUtf8(call.environment()));
        pager.show(call, out -> {
            out.print(page.text(colour.style(call)));
            for (String log : List.of(JobDir.OUTPUT, JobDir.STDOUT, JobDir.STDERR)) {
                if (look.contents().has(log)) {
                    printLast(out, log, look.dir().file(log));
                }
            }
        });
        return true;
    }

    private void printLast(PrintStream out, String log, Path file) throws IOException {
        List<byte[]> text;
        try {
            text = Tail.last(file, lines);
        } catch (NoSuchFileException e) {
            String moved = "(filed or removed meanwhile; to see: gpuspool show " + job + spoolOption() + ")";
            text = List.of(moved.getBytes(StandardCharsets.UTF_8));
        } catch (AccessDeniedException e) {
            String closed = "(" + FailureText.of(e) + Denied.words(file) + ")";
            text = List.of(closed.getBytes(StandardCharsets.UTF_8));
        }
        printLines(out, log, text);
    }

    private void printLines(PrintStream out, String title, List<byte[]> text) throws IOException {
        out.println("--- " + title);
        for (byte[] line : text) {
            out.write(raw ? line : TerminalText.of(line));
            out.println();
        }
    }
}
