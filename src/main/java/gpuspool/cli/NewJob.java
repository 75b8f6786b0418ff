package gpuspool.cli;

import gpuspool.job.KeyText;
import gpuspool.job.Problem;
import gpuspool.job.Script;
import gpuspool.job.Stem;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A job file about to be submitted.
 *
 * @param name its stem
 * @param ending {@code .job} or {@code .toml}
 * @param shown what messages call it
 * @param added how many lines of ours stand in a script, at its beginning or behind its {@code #!} line
 */
record NewJob(String name, String ending, String shown, Script content, int added) {
    private static final List<String> SCRIPT_ENDINGS =
            List.of(".py", ".sh", ".bash", ".R", ".jl", ".pl", ".rb", ".lua", ".js");

    /**
     * A script: its bytes, and behind a {@code #!} line the settings, as lines of ours.
     *
     * @throws gpuspool.job.BadValueException if no such line can hold one of them
     */
    static NewJob ofScript(String fileName, String shown, byte[] script, Map<String, String> settings) {
        boolean toml = fileName.endsWith(".toml");
        return new NewJob(
                stem(fileName),
                toml ? ".toml" : ".job",
                shown,
                Script.of(settings.isEmpty() ? script : withOptions(script, settings)),
                settings.size());
    }

    /** What to say of a problem: its place is that in the file as it was given, and what came from an option has none. */
    String message(Problem problem) {
        int first = hasInterpreter(content.bytes()) ? 2 : 1;
        if (problem.line() < first || added == 0) {
            return problem.at(shown);
        }
        return problem.line() < first + added
                ? problem.what() + "; " + problem.todo()
                : new Problem(problem.line() - added, problem.column(), problem.what(), problem.todo()).at(shown);
    }

    private static boolean hasInterpreter(byte[] script) {
        return script.length > 1 && script[0] == '#' && script[1] == '!';
    }

    /** The same, to run in this directory. */
    NewJob runningIn(Path directory) {
        String cwd = directory.toString();
        byte[] bytes = content.bytes();
        byte[] whole = ending.equals(".toml") ? withFirstLine(bytes, cwd) : withOptions(bytes, Map.of("cwd", cwd));
        return new NewJob(name, ending, shown, Script.of(whole), added);
    }

    private static byte[] withFirstLine(byte[] toml, String cwd) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(("cwd = " + KeyText.tomlString(cwd) + "\n").getBytes(StandardCharsets.UTF_8));
        // A byte order mark may only stand at the very beginning.
        boolean marked =
                toml.length > 2 && (toml[0] & 0xff) == 0xef && (toml[1] & 0xff) == 0xbb && (toml[2] & 0xff) == 0xbf;
        whole.write(toml, marked ? 3 : 0, toml.length - (marked ? 3 : 0));
        return whole.toByteArray();
    }

    private static byte[] withOptions(byte[] script, Map<String, String> settings) {
        int head = 0;
        if (hasInterpreter(script)) {
            while (head < script.length && script[head++] != '\n') {
                // On to the end of the line.
            }
        }
        StringBuilder lines = new StringBuilder(head > 0 && script[head - 1] != '\n' ? "\n" : "");
        settings.forEach((key, value) -> lines.append(KeyText.line(key, value)).append('\n'));
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.write(script, 0, head);
        whole.writeBytes(lines.toString().getBytes(StandardCharsets.UTF_8));
        whole.write(script, head, script.length - head);
        return whole.toByteArray();
    }

    /** A command, word for word. */
    static NewJob ofCommand(List<String> command, Map<String, String> settings) {
        StringBuilder toml = new StringBuilder("command = [");
        for (int i = 0; i < command.size(); i++) {
            toml.append(i == 0 ? "" : ", ").append(KeyText.tomlString(command.get(i)));
        }
        toml.append("]\n");
        toml.append(KeyText.toml(settings));
        byte[] content = toml.toString().getBytes(StandardCharsets.UTF_8);
        return new NewJob(nameOf(command), ".toml", "the command", Script.of(content), 0);
    }

    /** What to call a job that runs a command. */
    static String nameOf(List<String> command) {
        return stem(telling(command));
    }

    /** What the command is about: its program, or the script that an interpreter is given. */
    private static String telling(List<String> command) {
        for (String word : command) {
            for (String ending : SCRIPT_ENDINGS) {
                if (word.endsWith(ending) && !word.startsWith("-")) {
                    return lastName(word);
                }
            }
        }
        return lastName(command.get(0));
    }

    private static String lastName(String word) {
        Path last = Path.of(word).getFileName();
        return last == null ? "job" : last.toString();
    }

    private static String stem(String fileName) {
        String bare = fileName;
        for (String ending : SCRIPT_ENDINGS) {
            if (bare.endsWith(ending) && bare.length() > ending.length()) {
                bare = bare.substring(0, bare.length() - ending.length());
                break;
            }
        }
        return Stem.of(bare.getBytes(StandardCharsets.UTF_8));
    }
}
