package gpuspool.cli;

import gpuspool.doctor.Doctor;
import gpuspool.doctor.Finding;
import gpuspool.job.BadValueException;
import gpuspool.job.Durations;
import gpuspool.spool.HistoryRebuild;
import gpuspool.spool.Layout;
import gpuspool.view.Json;
import gpuspool.view.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;

/**
 * {@code gpuspool doctor}: what may be wrong with the spool and this machine. It only reads, but for probes it takes away again, and
 * for the record where it is told to make that anew.
 */
final class DoctorVerb extends Verb {
    private static final String TODO = "         → ";

    @Option(names = "--json", description = "print one JSON object instead of lines")
    private boolean json;

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "how long a disk or file server may take to answer one question (default: 5s)")
    private String patience;

    @Option(
            names = "--rebuild-history",
            description = "instead, make this host's record anew, from the job directories and its old files")
    private boolean rebuild;

    DoctorVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (rebuild) {
            return rebuild();
        }
        List<Finding> findings = examine();
        long problems = findings.stream()
                .filter(finding -> finding.level() == Finding.Level.PROBLEM)
                .count();
        if (json) {
            Json.print(call.out(), out -> write(out, findings, problems));
        } else {
            findings.forEach(this::print);
        }
        return problems == 0 ? ExitStatus.OK.code : ExitStatus.PROBLEMS.code;
    }

    private int rebuild() throws IOException {
        if (json) {
            throw usage("--json is about what may be wrong; --rebuild-history prints a line");
        }
        Layout places = open().places();
        String host = looker().host();
        HistoryRebuild.Result result;
        try (ProgressLine progress = new ProgressLine(call, System::nanoTime)) {
            result = new HistoryRebuild(places, host, fs)
                    .run((done, whole) ->
                            progress.show(done, whole, () -> Words.number(done) + " of " + Words.count(whole, "job")));
        }
        out("the record of " + host + " is made anew: " + Words.count(result.fromTree(), "line")
                + " from job directories, " + result.kept() + " kept of jobs that are gone");
        if (result.bad() > 0) {
            say("note: left out what was no line of a record: " + Words.count(result.bad(), "line"));
        }
        if (result.unclear() > 0) {
            say("note: " + Words.count(result.unclear(), "job")
                    + " could not be read from the tree; old lines of theirs are kept");
        }
        return ExitStatus.OK.code;
    }

    private List<Finding> examine() throws IOException, InterruptedException {
        Duration limit;
        try {
            limit = Durations.parse(patience);
        } catch (BadValueException bad) {
            throw usage("--patience: " + bad.getMessage());
        }
        return Doctor.examine(call.directory().resolve(place()), call.environment(), Main.version(), limit);
    }

    private void print(Finding finding) {
        out(String.format("%-9s%s: %s", finding.level().word(), finding.check(), oneLine(finding.what())));
        finding.todo().ifPresent(todo -> out(TODO + oneLine(todo)));
    }

    private static String oneLine(String text) {
        return text.replace('\n', ' ');
    }

    private static void write(JsonGenerator out, List<Finding> findings, long problems) {
        out.writeStartObject();
        out.writeNumberProperty("problems", problems);
        out.writeName("findings");
        out.writeStartArray();
        for (Finding finding : findings) {
            out.writeStartObject();
            out.writeStringProperty("level", finding.level().word());
            out.writeStringProperty("check", finding.check());
            out.writeStringProperty("what", finding.what());
            Json.string(out, "todo", finding.todo());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}
