package gpuspool.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** The program's verbs for tests of other rooms: in this process, with words for arguments and a status for an answer. */
public final class Verbs {
    private Verbs() {}

    /** What a verb ended with, and all that it said. */
    public record Answer(int status, String said) {}

    /** The same where it matters what was said to whom. */
    public record Outcome(int status, String out, String err) {}

    /** Runs {@code gpuspool ARGS} with this input, which is no terminal; the environment has what is said and nothing else. */
    public static Outcome run(Path directory, Map<String, String> environment, byte[] input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Main.run(
                args,
                new Invocation(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new ByteArrayInputStream(input),
                        false,
                        false,
                        Map.copyOf(environment),
                        directory));
        return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Runs {@code gpuspool ARGS}; the environment has what {@code environment} says and nothing else. */
    public static Answer run(Path directory, Map<String, String> environment, String... args) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(said, true, StandardCharsets.UTF_8);
        Invocation call = new Invocation(
                both, both, new ByteArrayInputStream(new byte[0]), true, false, Map.copyOf(environment), directory);
        int status = Main.run(args, call);
        return new Answer(status, said.toString(StandardCharsets.UTF_8));
    }
}
