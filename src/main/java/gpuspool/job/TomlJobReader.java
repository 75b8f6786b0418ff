package gpuspool.job;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * Reads a TOML job file. The parser only makes a tree of it, which is walked here: unlike binding it to a class, that
 * keeps every value's own type and finds all mistakes at once.
 */
final class TomlJobReader {

    private static final TomlMapper MAPPER = new TomlMapper();

    private final String fileName;
    private final JobDefaults defaults;
    private final Problems problems = new Problems();
    private final JobFields fields = new JobFields(problems);

    TomlJobReader(String fileName, JobDefaults defaults) {
        this.fileName = fileName;
        this.defaults = defaults;
    }

    JobFile read(byte[] bytes) {
        Optional<Program> program = decode(bytes).flatMap(this::readText);
        if (!problems.isEmpty()) {
            return new JobFile.Invalid(problems.inFileOrder());
        }
        return new JobFile.Valid(fields.with(program.orElseThrow()));
    }

    private Optional<String> decode(byte[] bytes) {
        CharBuffer text = CharBuffer.allocate(bytes.length);
        boolean malformed = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes), text, true)
                .isError();
        String decoded = text.flip().toString();
        if (malformed) {
            List<String> lines = List.of(decoded.split("\n", -1));
            String last = lines.get(lines.size() - 1);
            problems.add(Place.inLine(lines.size(), last, last.length()), "is not UTF-8 here", "save it as UTF-8");
            return Optional.empty();
        }
        return Optional.of(decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded);
    }

    private Optional<Program> readText(String text) {
        return parse(text).flatMap(tree -> readTree(TomlValues.of(tree, text)));
    }

    private Optional<JsonNode> parse(String text) {
        try {
            return Optional.of(MAPPER.readTree(text));
        } catch (JacksonException e) {
            problems.add(TomlSyntax.problem(text, e));
        } catch (RuntimeException | StackOverflowError e) {
            // A parser that gives up on odd input is no reason for a watcher to end.
            problems.add(Place.START, "is not readable as TOML", "write it anew, in a simpler form");
        }
        return Optional.empty();
    }

    private Optional<Program> readTree(Value.Table root) {
        Optional<Value> command = Optional.empty();
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
        if (text.lines().stream().limit(text.headLength()).anyMatch(OptionLine::isOptionLine)) {
            problems.add(at, "#GPUSPOOL lines are not read in a TOML file", "write their keys as TOML");
        }
        if (!faults.isEmpty()) {
            return Optional.empty();
        }
        Script script = Script.of(whole.getBytes(StandardCharsets.UTF_8));
        return Optional.of(new Program(fields.interpreterOf(text, defaults), script, text.commandLine()));
    }
}
