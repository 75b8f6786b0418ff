package gpuspool.cli;

import gpuspool.config.Settings;
import gpuspool.config.SettingsRead;
import gpuspool.job.BadValueException;
import gpuspool.job.JobDefaults;
import gpuspool.job.JobFile;
import gpuspool.job.JobKey;
import gpuspool.job.JobSpec;
import gpuspool.job.JobWords;
import gpuspool.job.Problem;
import gpuspool.job.Slurm;
import gpuspool.spool.Layout;
import gpuspool.view.Json;
import gpuspool.view.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JsonGenerator;

/** {@code gpuspool check}: tells what is wrong with job files, without submitting them, or with the settings. */
final class CheckVerb extends Verb {
    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description = "job files: NAME.toml is TOML, anything else a script; with --explain: keys")
    private List<Path> files = List.of();

    @Option(
            names = "--settings",
            description = "check spool.toml instead: what holds, where it comes from, and what may be written")
    private boolean settings;

    @Option(
            names = "--explain",
            completionCandidates = Candidates.Keys.class,
            description = "tell what the keys of job files do and how they are written: all, or those named")
    private boolean explain;

    @Option(names = "--example", description = "with --settings: print a spool.toml to start from")
    private boolean example;

    @Option(names = "--json", description = "print one JSON array, an object for each file, instead of lines")
    private boolean json;

    @Mixin
    private PagerOption pager;

    CheckVerb(Invocation call) {
        super(call);
    }

    private record Checked(Path file, JobFile result, JobDefaults defaults) {
        boolean isValid() {
            return result instanceof JobFile.Valid;
        }

        List<String> asked() {
            return result instanceof JobFile.Valid valid ? JobWords.asked(valid.spec(), defaults) : List.of();
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (explain) {
            return explainKeys();
        }
        if (settings || example) {
            return checkSettings();
        }
        if (files.isEmpty()) {
            throw usage("which files? Write: gpuspool check FILE..., or gpuspool check --settings");
        }
        Settings held = settings();
        List<Checked> checked = new ArrayList<>();
        for (Path file : files) {
            Path found = call.directory().resolve(file);
            if (!Files.exists(found) || Files.isDirectory(found)) {
                throw usage("there is no file " + file + "; name job files that are there");
            }
            byte[] bytes = Files.readAllBytes(found);
            JobFile result = Defaults.read(file.getFileName().toString(), bytes, held);
            checked.add(new Checked(file, result, Defaults.of(held)));
        }
        if (json) {
            Json.print(call.out(), out -> write(out, checked));
        } else {
            checked.forEach(this::print);
        }
        return checked.stream().allMatch(Checked::isValid) ? ExitStatus.OK.code : ExitStatus.FAILED.code;
    }

    private int explainKeys() throws IOException, InterruptedException {
        if (settings || example) {
            throw usage("--explain is about the keys of job files; leave out --settings and --example");
        }
        List<JobKey> keys = new ArrayList<>();
        try {
            files.forEach(word -> keys.add(
                    JobKey.named(word.toString().replaceFirst("^--", "").replace('-', '_'))));
        } catch (BadValueException bad) {
            throw usage("--explain: " + bad.getMessage());
        }
        KeysPage page = new KeysPage(keys.isEmpty() ? JobKey.forPeople() : keys);
        if (json) {
            Json.print(call.out(), page::write);
        } else {
            pager.show(call, out -> out.print(page.text()));
        }
        return ExitStatus.OK.code;
    }

    private int checkSettings() throws IOException {
        if (!files.isEmpty() || !settings) {
            throw usage("--settings is about spool.toml; leave the files out, and use --example only together with it");
        }
        if (example) {
            call.out().print(Packed.text("/samples/spool.toml"));
            return ExitStatus.OK.code;
        }
        Layout places = new Layout(place());
        SettingsRead read = SpoolSettings.read(places, call.environment());
        SettingsPage page = new SettingsPage(places.settings(), read);
        if (json) {
            Json.print(call.out(), page::write);
        } else {
            call.out().print(Words.safe(page.text()));
        }
        return read.mistakes().isEmpty() ? ExitStatus.OK.code : ExitStatus.FAILED.code;
    }

    private void print(Checked checked) {
        String file = checked.file().toString();
        if (checked.result() instanceof JobFile.Invalid invalid) {
            invalid.problems().forEach(problem -> out(problem.at(file)));
        } else if (checked.result() instanceof JobFile.Valid valid) {
            out(file + ": ok: " + String.join(", ", checked.asked()) + ": "
                    + valid.spec().command());
            if (!ignored(valid.spec()).isEmpty()) {
                out(file + ": ignored #SBATCH options: " + String.join(", ", ignored(valid.spec())));
            }
        }
    }

    /** What its {@code #SBATCH} lines ask for in vain. */
    private static List<String> ignored(JobSpec spec) {
        return spec.slurm().map(Slurm::ignored).orElse(List.of());
    }

    private static void write(JsonGenerator out, List<Checked> files) {
        out.writeStartArray();
        for (Checked checked : files) {
            out.writeStartObject();
            out.writeStringProperty("file", checked.file().toString());
            out.writeBooleanProperty("ok", checked.isValid());
            Optional<JobSpec> spec =
                    checked.result() instanceof JobFile.Valid valid ? Optional.of(valid.spec()) : Optional.empty();
            Json.string(out, "command", spec.map(JobSpec::command));
            Json.number(
                    out,
                    "gpus",
                    spec.map(JobSpec::gpus).map(java.util.OptionalInt::of).orElse(java.util.OptionalInt.empty()));
            Json.strings(out, "asked", checked.asked());
            Json.strings(out, "ignored", spec.map(CheckVerb::ignored).orElse(List.of()));
            out.writeName("problems");
            out.writeStartArray();
            if (checked.result() instanceof JobFile.Invalid invalid) {
                invalid.problems().forEach(problem -> write(out, problem));
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void write(JsonGenerator out, Problem problem) {
        out.writeStartObject();
        out.writeNumberProperty("line", problem.line());
        out.writeNumberProperty("column", problem.column());
        out.writeStringProperty("what", problem.what());
        out.writeStringProperty("todo", problem.todo());
        out.writeEndObject();
    }
}
