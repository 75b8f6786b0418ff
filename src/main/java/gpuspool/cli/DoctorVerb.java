package gpuspool.cli;

import gpuspool.config.HostName;
import gpuspool.config.Settings;
import gpuspool.doctor.Doctor;
import gpuspool.doctor.Finding;
import gpuspool.doctor.Patient;
import gpuspool.posix.ProcFiles;
import gpuspool.posix.ProcessFacts;
import gpuspool.spool.Layout;
import gpuspool.spool.Looker;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;

/** {@code gpuspool doctor}: what may be wrong with the spool and this machine. It only reads, but for probes it takes away again. */
final class DoctorVerb extends Verb {
    private static final String TODO = "         → ";

    @Option(names = "--json", description = "print one JSON object instead of lines")
    private boolean json;

    DoctorVerb(Invocation call) {
        super(call);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
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

    private List<Finding> examine() throws IOException, InterruptedException {
        Optional<Finding> blind = Doctor.blind();
        if (blind.isPresent()) {
            return List.of(blind.get());
        }
        long user = ProcessFacts.user(ProcessHandle.current().pid()).orElseThrow();
        return Doctor.examine(
                new Patient(
                        call.directory().resolve(place()),
                        call.environment(),
                        user,
                        new Looker(HostName.current(), ProcFiles.bootId()),
                        Main.version(),
                        Settings.DEFAULTS),
                () -> SpoolSettings.read(new Layout(place()), call.environment()));
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
