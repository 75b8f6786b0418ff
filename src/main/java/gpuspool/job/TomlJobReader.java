package gpuspool.job;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Reads a TOML job file. */
final class TomlJobReader {

    private final String fileName;
    private final Problems problems = new Problems();
    private final JobDefaults defaults;
    private final JobFields fields;
    private Optional<Value> command = Optional.empty();

    TomlJobReader(String fileName, JobDefaults defaults) {
        this.fileName = fileName;
        this.defaults = defaults;
        fields = new JobFields(problems, defaults);
    }

    JobFile read(byte[] bytes) {
        Optional<Program> program = Toml.read(bytes, problems).flatMap(this::readTree);
        fields.compare(true);
        if (!problems.isEmpty()) {
            return new JobFile.Invalid(problems.inFileOrder(), fields.member());
        }
        Program own = program.orElseThrow();
        if (fields.sweepAt().isPresent()) {
            // It runs nothing itself: its members are made of all that the file says.
            own = new Program(own.interpreter(), Script.of(bytes), own.command());
        }
        return new JobFile.Valid(
                fields.with(own, fields.isMember() ? SbatchJob.saidIn(own.script(), defaults) : Optional.empty()));
    }

    /** After a file was read that is in order: what is needed to write its members, where it is a sweep. */
    Optional<SweepFile> sweepFile(JobSpec spec) {
        return fields.sweepFile(command.orElseThrow(), spec);
    }

    private Optional<Program> readTree(Value.Table root) {
        for (Value.Entry entry : root.entries()) {
            try {
                JobKey key = JobKey.named(entry.name());
                if (key == JobKey.COMMAND) {
                    command = Optional.of(entry.value());
                } else {
                    fields.set(key, entry.at(), entry.value());
                }
            } catch (BadValueException bad) {
                problems.add(entry.at(), bad);
            }
        }
        if (command.isEmpty()) {
            problems.add(Place.START, "has no command", "write for example command = \"python train.py\"");
        }
        return command.flatMap(this::program);
    }

    private Optional<Program> program(Value command) {
        try {
            return command instanceof Value.Array array
                    ? arguments(array)
                    : shellText(Values.text(JobKey.COMMAND, command), command.at());
        } catch (BadValueException bad) {
            problems.add(command.at(), bad);
            return Optional.empty();
        }
    }

    private Optional<Program> arguments(Value.Array array) {
        fields.refuseShell("command is an array, which runs without one");
        Optional<List<String>> arguments = Values.words(JobKey.COMMAND, array, problems);
        arguments.ifPresent(TomlJobReader::checkProgram);
        return arguments.map(Program::ofArguments);
    }

    private static void checkProgram(List<String> arguments) {
        if (arguments.isEmpty()) {
            throw new BadValueException("command is empty", Values.write(JobKey.COMMAND));
        }
        if (arguments.get(0).isEmpty() || arguments.get(0).startsWith("-")) {
            throw new BadValueException("command does not begin with a program", "write its name or path first");
        }
    }

    private Optional<Program> shellText(String command, Place at) {
        String whole = command.endsWith("\n") ? command : command + "\n";
        ScriptText text = new ScriptText(whole);
        List<Problem> faults = text.problems(fileName);
        faults.forEach(fault -> problems.add(at, fault.what(), fault.todo()));
        if (text.hasShebang()) {
            fields.refuseShell("the #! line names the interpreter");
        }
        boolean hasOptions = text.lines().stream().limit(text.headLength()).anyMatch(OptionLine::isOptionLine);
        // In a member they have been read: it was made of a script.
        if (hasOptions && !fields.isMember()) {
            problems.add(at, "#GPUSPOOL lines are not read in a TOML file", "write their keys as TOML");
        }
        if (!faults.isEmpty()) {
            return Optional.empty();
        }
        Script script = Script.of(whole.getBytes(StandardCharsets.UTF_8));
        return Optional.of(new Program(fields.interpreterOf(text), script, text.commandLine()));
    }
}
