package gpuspool.posix;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Map;

/** Runs a program that has the terminal for itself, such as a pager, and gives it something to show. */
public final class Shown {
    private Shown() {}

    /**
     * Runs it to its end; until then Ctrl-C is its own affair.
     *
     * @param words the program, looked for in PATH, and its arguments
     * @param more variables that it gets besides our own environment
     * @return its exit status; 127 and 126 as a shell has them where {@code words} are a shell's
     * @throws IOException if it could not be started
     */
    public static int through(List<String> words, Map<String, String> more, byte[] text)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectOutput(Redirect.INHERIT).redirectError(Redirect.INHERIT);
        more.forEach(builder.environment()::put);
        Process process = builder.start();
        // After its start: what is ignored before, it would ignore, too.
        Interrupts.leaveToOthers();
        try (OutputStream in = process.getOutputStream()) {
            in.write(text);
        } catch (IOException e) {
            // Who has seen enough reads no further.
            return process.waitFor();
        }
        return process.waitFor();
    }
}
