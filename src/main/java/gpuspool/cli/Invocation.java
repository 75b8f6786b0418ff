package gpuspool.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What one run of the program gets from whoever started it.
 *
 * @param directory the caller's working directory, absolute
 */
record Invocation(
        PrintStream out,
        PrintStream err,
        InputStream in,
        boolean inIsTerminal,
        Map<String, String> environment,
        Path directory) {

    /** This process's own. */
    static Invocation ofProcess() {
        return new Invocation(
                System.out,
                System.err,
                System.in,
                stdinIsTerminal(),
                System.getenv(),
                Path.of("").toAbsolutePath());
    }

    private static boolean stdinIsTerminal() {
        try {
            // System.console() would ask about stdout as well, and that is no terminal in job=$(gpuspool add ...).
            String file = Files.readSymbolicLink(Path.of("/proc/self/fd/0")).toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
        } catch (IOException e) {
            return true;
        }
    }
}
