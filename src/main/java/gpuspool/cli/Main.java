package gpuspool.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** Where the program begins: looks at the first word and hands over to the verb it names. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String[] args) {
        if (args.length == 1 && args[0].equals("--version")) {
            System.out.println("gpuspool " + version());
            return ExitStatus.OK.code;
        }
        return new CommandLine(new WatchVerb()).execute(java.util.Arrays.copyOfRange(args, 1, args.length));
    }

    /** The version this program was built as, for example {@code 0.1.0}. */
    static String version() {
        try (InputStream in = Main.class.getResourceAsStream("/gpuspool/version.txt")) {
            if (in == null) {
                return "unknown";
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
