package gpuspool.cli;

import gpuspool.posix.Shown;
import gpuspool.posix.TerminalSize;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --no-pager}, of verbs whose pages are read rather than glanced at: one that is longer than the terminal goes to a pager. */
final class PagerOption {
    private static final int NOT_STARTED = 126;
    private static final String USUAL = "less";
    /** Quits where all fits, keeps colours, leaves the text on the screen. */
    private static final String LESS_OPTIONS = "FRX";

    @Option(
            names = "--no-pager",
            order = 81,
            description =
                    "do not hand what is longer than the screen to $$GPUSPOOL_PAGER, else $$PAGER, else less -FRX")
    private boolean none;

    /** Writes a page. */
    interface Body {
        void write(PrintStream out) throws IOException;
    }

    void show(Invocation call, Body body) throws IOException, InterruptedException {
        Optional<TerminalSize> terminal = Screen.size(call);
        String pager = pager(call.environment());
        if (none || terminal.isEmpty() || pager.isBlank() || pager.equals("cat")) {
            body.write(call.out());
            return;
        }
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        body.write(new PrintStream(page, false, StandardCharsets.UTF_8));
        byte[] text = page.toByteArray();
        if (lines(text) < terminal.get().rows() || !shown(pager, call, text)) {
            call.out().write(text);
        }
    }

    boolean isOff() {
        return none;
    }

    static String pager(Map<String, String> environment) {
        return environment.getOrDefault("GPUSPOOL_PAGER", environment.getOrDefault("PAGER", USUAL));
    }

    private static boolean shown(String pager, Invocation call, byte[] text) throws InterruptedException {
        Map<String, String> more = call.environment().containsKey("LESS") ? Map.of() : Map.of("LESS", LESS_OPTIONS);
        try {
            int status = Shown.through(List.of("sh", "-c", pager), more, text);
            return status < NOT_STARTED || status > NOT_STARTED + 1;
        } catch (IOException e) {
            // Without one it is printed as ever.
            return false;
        }
    }

    private static long lines(byte[] text) {
        return new String(text, StandardCharsets.UTF_8).lines().count();
    }
}
