package gpuspool.cli;

import gpuspool.job.BadValueException;
import gpuspool.job.Durations;
import gpuspool.job.JobFile;
import gpuspool.job.JobReader;
import gpuspool.job.JobSpec;
import gpuspool.job.Stem;
import gpuspool.spool.HostNote;
import gpuspool.spool.Spool;
import gpuspool.spool.Submission;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gpuspool add}: submits a command, a script file or a script from stdin. */
final class AddVerb extends Verb {
    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description = "a script or a NAME.toml; - reads a script from stdin")
    private List<String> files = List.of();

    @Option(
            names = {"-n", "-G", "--gpus"},
            paramLabel = "N",
            description = "how many GPUs, 0 to 1024 (default: 1); with 0 it sees none")
    private String gpus;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "what to call it (default: from the file or the command)")
    private String name;

    @Option(
            names = "--time",
            paramLabel = "TIME",
            description = "stop it after so long, such as 90m or 4h (default: no limit)")
    private String time;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            description = "from SIGTERM to SIGKILL when it is stopped (default: 30s)")
    private String grace;

    @Option(
            names = "--cwd",
            paramLabel = "DIR",
            description =
                    "where it starts (default: here for a command; for a script, the directory that holds the spool)")
    private Path cwd;

    @Option(
            names = "--env",
            paramLabel = "NAME=VALUE",
            description = "set a variable for it; may be given several times")
    private List<String> env = List.of();

    @Option(
            names = "--output",
            paramLabel = "KIND",
            description = "merged: one output.log; split: stdout.log and stderr.log (default: merged)")
    private String output;

    private List<String> command = List.of();

    AddVerb(Invocation call) {
        super(call);
    }

    /** Takes what stood behind {@code --}. */
    void take(List<String> words) {
        command = List.copyOf(words);
    }

    @Override
    public Integer call() throws IOException {
        NewJob job = job(settings());
        if (name != null
                && !Stem.of((name + ".job").getBytes(StandardCharsets.UTF_8)).equals(name)) {
            throw usage("--name " + name
                    + ": write 1 to 64 letters, digits, '.', '_' or '-', not beginning with '.' or '-'");
        }
        Spool spool = open();
        byte[] content = job.content().bytes();
        String wanted = name != null ? name : job.name();
        JobFile read = JobReader.read(wanted + job.ending(), content, Defaults.ofThisMachine());
        if (read instanceof JobFile.Invalid invalid) {
            invalid.problems().forEach(problem -> say(problem.at(job.shown())));
            return ExitStatus.NEVER.code;
        }
        JobSpec spec = ((JobFile.Valid) read).spec();
        Optional<String> never = neverRuns(spec, spool);
        if (never.isPresent()) {
            say(never.get());
            return ExitStatus.NEVER.code;
        }
        call.out().println(new Submission(spool.places(), fs).put(wanted, job.ending(), content));
        return ExitStatus.OK.code;
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        if (gpus != null) {
            settings.put("gpus", count());
        }
        putDuration(settings, "time", time);
        putDuration(settings, "grace", grace);
        if (cwd != null) {
            settings.put("cwd", call.directory().resolve(cwd).normalize().toString());
        }
        if (output != null) {
            if (!List.of("merged", "split").contains(output)) {
                throw usage("--output " + output + ": write merged or split");
            }
            settings.put("output", output);
        }
        for (String variable : env) {
            if (variable.indexOf('=') < 1) {
                throw usage("--env " + variable + ": write NAME=VALUE");
            }
            settings.put(
                    "env." + variable.substring(0, variable.indexOf('=')),
                    variable.substring(variable.indexOf('=') + 1));
        }
        return settings;
    }

    private String count() {
        if (gpus.contains(",") || gpus.startsWith("GPU-") || gpus.startsWith("sim:")) {
            throw usage("--gpus is how many, not which: " + gpus + "; did you mean --devices " + gpus
                    + "? (it belongs to gpuspool watch)");
        }
        if (!gpus.matches("[0-9]{1,4}") || Integer.parseInt(gpus) > JobSpec.MOST_GPUS) {
            throw usage("--gpus " + gpus + ": write a number, 0 to " + JobSpec.MOST_GPUS);
        }
        return Integer.toString(Integer.parseInt(gpus));
    }

    private void putDuration(Map<String, String> settings, String key, String value) {
        try {
            if (value != null && Durations.parse(value).isZero() && key.equals("time")) {
                throw usage("--time is zero; write for example 90m or 4h");
            }
        } catch (BadValueException bad) {
            throw usage("--" + key + ": " + bad.getMessage());
        }
        if (value != null) {
            settings.put(key, value);
        }
    }

    private NewJob job(Map<String, String> settings) throws IOException {
        if (!command.isEmpty()) {
            if (!files.isEmpty()) {
                throw usage("either a file or a command behind --, not both");
            }
            settings.putIfAbsent("cwd", call.directory().toString());
            return NewJob.ofCommand(command, settings);
        }
        boolean stdin = files.equals(List.of("-")) || files.isEmpty() && !call.inIsTerminal();
        if (stdin) {
            return NewJob.ofScript("job", "stdin", call.in().readAllBytes(), settings);
        }
        if (files.isEmpty()) {
            throw usage("what is to run? Write: gpuspool add [OPTIONS] -- COMMAND, or name a script file");
        }
        Path file = call.directory().resolve(files.get(0));
        if (files.size() > 1 || !Files.exists(file)) {
            throw usage((files.size() > 1 ? "one file at a time" : "there is no file " + files.get(0))
                    + "; to run a command, put -- before it: gpuspool add -- " + String.join(" ", files));
        }
        if (file.toString().endsWith(".toml") && !settings.isEmpty()) {
            throw usage(files.get(0) + ": options do not go together with a TOML file; write them into it");
        }
        return NewJob.ofScript(file.getFileName().toString(), files.get(0), Files.readAllBytes(file), settings);
    }

    /** Why the job can never run; says on stderr what else is worth knowing. */
    private Optional<String> neverRuns(JobSpec spec, Spool spool) throws IOException {
        if (spec.cwd().isPresent() && !Files.isDirectory(Path.of(spec.cwd().get()))) {
            return Optional.of("there is no directory " + spec.cwd().get() + "; make it, or name another with --cwd");
        }
        List<HostNote> watchers = HostNote.readAll(spool.places(), looker()).stream()
                .filter(host -> host.life() != HostNote.Life.GONE)
                .toList();
        int most =
                watchers.stream().mapToInt(host -> host.devices().size()).max().orElse(Integer.MAX_VALUE);
        if (spec.gpus() > most) {
            return Optional.of("it needs " + Words.count(spec.gpus(), "GPU") + "; the watcher of this spool has " + most
                    + "; ask for fewer");
        }
        if (watchers.isEmpty()) {
            say("note: no watcher runs; the job starts once one does: gpuspool watch" + spoolOption());
        }
        return Optional.empty();
    }
}
