package gpuspool.job;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What runs and by what; the parts of {@link JobSpec} of the same names. */
record Program(List<String> interpreter, Script script, String command) {

    private static final int COMMAND_CHARACTERS = 200;

    Program {
        command = Printable.cut(Printable.escape(command.strip()), COMMAND_CHARACTERS);
    }

    /** A program and its arguments, run without a shell looking at them: each is quoted, and sh replaces itself. */
    static Program ofArguments(List<String> arguments) {
        String script = "#!/bin/sh\nexec " + ShellWords.quote(arguments) + "\n";
        return new Program(
                List.of("/bin/sh"), Script.of(script.getBytes(StandardCharsets.UTF_8)), ShellWords.display(arguments));
    }
}
