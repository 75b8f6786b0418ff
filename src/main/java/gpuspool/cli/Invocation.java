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
 * @param errIsTerminal whether somebody may be watching what {@code err} shows
 * @param directory the caller's working directory, absolute
 */
record Invocation(
        PrintStream out,
        PrintStream err,
        InputStream in,
        boolean inIsTerminal,
        boolean errIsTerminal,
        Map<String, String> environment,
        Path directory) {

    /** This process's own. */
    static Invocation ofProcess() {
        return new Invocation(
                System.out,
                System.err,
                System.in,
                isTerminal(0, true),
                isTerminal(2, false),
                System.getenv(),
                Path.of("").toAbsolutePath());
    }

    /** Whether {@code out} is a character device, as every terminal is; also where that cannot be found out. */
    boolean outIsTerminal() {
        return out == System.out && isCharacterDevice(Path.of("/proc/self/fd/1"));
    }

    private static boolean isCharacterDevice(Path file) {
        try {
            int mode = (Integer) Files.getAttribute(file, "unix:mode");
            return (mode & 0170000) == 0020000;
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean isTerminal(int fd, boolean whereUnknown) {
        try {
            // System.console() would ask about stdout as well, and that is no terminal in job=$(gpuspool add ...).
            String file = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
        } catch (IOException e) {
            return whereUnknown;
        }
    }
}
