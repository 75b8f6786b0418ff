package gpuspool.cli;

import gpuspool.config.Settings;
import gpuspool.job.BadValueException;
import gpuspool.job.JobFile;
import gpuspool.job.JobSpec;
import gpuspool.job.KeyText;
import gpuspool.job.Stem;
import gpuspool.spool.HostNote;
import gpuspool.spool.Spool;
import gpuspool.spool.Submission;
import gpuspool.view.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
            names = "--name",
            paramLabel = "NAME",
            description = "what to call it (default: from the file or the command)")
    private String name;

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
        try {
            return submit(job(JobOptions.settings(parsed(), call.directory(), this::usage)));
        } catch (BadValueException bad) {
            throw usage(bad.getMessage());
        }
    }

    private int submit(NewJob given) throws IOException {
        if (name != null
                && !Stem.of((name + ".job").getBytes(StandardCharsets.UTF_8)).equals(name)) {
            throw usage("--name " + name
                    + ": write 1 to 64 letters, digits, '.', '_' or '-', not beginning with '.' or '-'");
        }
        Spool spool = open();
        String wanted = name != null ? name : given.name();
        Settings settings = settings();
        JobFile read = Defaults.read(wanted + given.ending(), given.content().bytes(), settings);
        if (read instanceof JobFile.Invalid invalid) {
            invalid.problems().forEach(problem -> say(given.message(problem)));
            return ExitStatus.NEVER.code;
        }
        JobSpec spec = ((JobFile.Valid) read).spec();
        // Where nothing else is said a job runs where the settings say, or in the directory that holds the spool.
        Path elsewhere = settings.cwd().orElse(spool.root().getParent());
        boolean placed = spec.cwd().isPresent() || call.directory().toRealPath().equals(elsewhere);
        NewJob job = placed ? given : given.runningIn(call.directory());
        Optional<String> never = neverRuns(spec, spool);
        if (never.isPresent()) {
            say(never.get());
            return ExitStatus.NEVER.code;
        }
        call.out()
                .println(new Submission(spool.places(), fs)
                        .put(wanted, job.ending(), job.content().bytes()));
        return ExitStatus.OK.code;
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
            return script("job", "stdin", call.in().readAllBytes(), settings);
        }
        if (files.isEmpty()) {
            throw usage("what is to run? Write: gpuspool add [OPTIONS] -- COMMAND, or name a script file");
        }
        Path file = call.directory().resolve(files.get(0));
        if (files.size() > 1 || !Files.exists(file) || Files.isDirectory(file)) {
            String missing = files.size() > 1 ? "" : "there is no file " + files.get(0) + "; ";
            throw usage(missing + "to run a command, put -- before it: gpuspool add -- " + String.join(" ", files));
        }
        if (file.toString().endsWith(".toml") && !settings.isEmpty()) {
            throw usage(files.get(0) + ": options do not go together with a TOML file; write them into it");
        }
        return script(file.getFileName().toString(), files.get(0), Files.readAllBytes(file), settings);
    }

    private NewJob script(String fileName, String shown, byte[] script, Map<String, String> settings) {
        Map<String, Integer> own = settings.isEmpty() ? Map.of() : KeyText.given(script);
        for (String name : settings.keySet()) {
            if (own.containsKey(name)) {
                throw usage(name + " is given here and in " + shown + ", line " + own.get(name)
                        + "; leave one of the two out");
            }
        }
        return NewJob.ofScript(fileName, shown, script, settings);
    }

    /** Why the job can never run; says on stderr what else is worth knowing. */
    private Optional<String> neverRuns(JobSpec spec, Spool spool) throws IOException {
        if (spec.cwd().isPresent() && !Files.isDirectory(Path.of(spec.cwd().get()))) {
            return Optional.of("there is no directory " + spec.cwd().get() + "; make it, or name another with --cwd");
        }
        List<HostNote> watchers = HostNote.readAll(spool.places(), looker()).stream()
                .filter(host -> host.life() != HostNote.Life.GONE)
                .toList();
        int most = watchers.stream()
                .mapToInt(host -> host.knowsDevices() ? host.devices().size() : Integer.MAX_VALUE)
                .max()
                .orElse(Integer.MAX_VALUE);
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
