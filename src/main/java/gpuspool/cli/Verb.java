package gpuspool.cli;

import gpuspool.config.HostName;
import gpuspool.config.Settings;
import gpuspool.config.SettingsRead;
import gpuspool.config.SpoolPlace;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.DiskFs;
import gpuspool.spool.Fs;
import gpuspool.spool.JobRefs;
import gpuspool.spool.Layout;
import gpuspool.spool.Looker;
import gpuspool.spool.NearNames;
import gpuspool.spool.Spool;
import gpuspool.spool.Where;
import gpuspool.view.Words;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all verbs share: their caller, the spool, and how they speak. */
abstract class Verb implements Callable<Integer> {
    final Invocation call;
    final Fs fs = new DiskFs();

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--spool",
            paramLabel = "DIR",
            order = 90,
            description = "the spool (default: $$GPUSPOOL_SPOOL, else ./spool)")
    private Path spool;

    @SuppressWarnings("UnusedVariable") // The parser acts on it by itself.
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = 99,
            description = "show this help and exit")
    private boolean help;

    Verb(Invocation call) {
        this.call = call;
    }

    /** The options, with what was given of them. */
    CommandSpec parsed() {
        return spec;
    }

    /** The one that was named. */
    Optional<Path> namedSpool() {
        return Optional.ofNullable(spool);
    }

    Path place() {
        return SpoolPlace.find(Optional.ofNullable(spool), call.environment());
    }

    Spool open() throws IOException {
        return Spool.open(place());
    }

    Looker looker() throws IOException {
        return new Looker(HostName.of(new Layout(place()).settings(), call.environment()), ProcFiles.bootId());
    }

    /** What a watcher that is started here without options would hold to; says what keeps it from starting. */
    Settings settings() throws IOException {
        SettingsRead read = SpoolSettings.read(new Layout(place()), call.environment());
        read.mistakes().stream()
                .findFirst()
                .ifPresent(
                        mistake -> say("note: " + mistake.text() + "; see: gpuspool check --settings" + spoolOption()));
        return read.settings();
    }

    /** {@code  --spool DIR} as it was given, to be part of a line to paste. */
    String spoolOption() {
        return spool == null ? "" : " --spool " + spool;
    }

    /** Where the jobs lie that may be named; completion offers those. */
    Set<Where> jobsMeant() {
        return Set.of(Where.values());
    }

    /** One line on stderr. */
    void say(String line) {
        call.err().println(Words.safe("gpuspool " + spec.name() + ": " + line));
    }

    void out(String line) {
        call.out().println(Words.safe(line));
    }

    ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** The job that is probably meant; empty after saying that there is none. */
    Optional<JobRefs.Job> newest(Spool opened, String reference) throws IOException {
        List<JobRefs.Job> found = new JobRefs(opened.places()).find(reference);
        if (found.isEmpty()) {
            sayNoSuchJob(reference);
        }
        return found.stream().findFirst();
    }

    void sayAmbiguous(String reference, List<? extends JobRefs.Job> meant) {
        List<String> names = new ArrayList<>();
        for (JobRefs.Job job : meant) {
            if (job instanceof JobRefs.Queued queued) {
                boolean alone = meant.stream()
                        .noneMatch(other -> other != job
                                && other instanceof JobRefs.Queued file
                                && file.fileName().equals(queued.fileName()));
                names.add((alone ? "" : queued.where().word() + "/") + queued.fileName());
            } else {
                names.add(((JobRefs.Run) job).id().toString());
            }
        }
        say(reference + " could be any of " + String.join(", ", names) + "; name one of them");
    }

    void sayNoSuchJob(String reference) throws IOException {
        Optional<String> meant = NearNames.of(new Layout(place()), reference);
        say("no job " + reference + " in " + place()
                + meant.map(name -> "; did you mean " + name + "?").orElse("; see: gpuspool status" + spoolOption()));
    }
}
