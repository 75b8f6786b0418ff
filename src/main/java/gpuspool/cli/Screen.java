package gpuspool.cli;

import gpuspool.posix.TerminalSize;
import gpuspool.view.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What stdout leads to, and so how pages are shown there. */
final class Screen {
    /** Of the terminal, as the launcher found it: 0 where it does not know how wide it is, absent where it did not look. */
    private static final String COLUMNS = "gpuspool.columns";

    private Screen() {}

    /** Without the C library: what the launcher saw. */
    static Style quick(Invocation call) {
        String told = call.outIsTerminal() ? System.getProperty(COLUMNS) : null;
        int columns = told == null ? 0 : number(told);
        boolean terminal = columns > 0 || told != null || call.outIsTerminal() && isTerminal();
        return new Style(columns > 0 ? columns : Style.WHOLE, Style.isColoured(terminal, call.environment()));
    }

    /** As the system tells now, and as somebody wants it. */
    static Style of(Invocation call, Style.When when) {
        Optional<TerminalSize> size = size(call);
        boolean terminal = size.isPresent() || call.outIsTerminal() && isTerminal();
        return new Style(
                size.isPresent() ? size.get().columns() : Style.WHOLE,
                Style.isColoured(when, terminal, call.environment()));
    }

    /** Of the terminal that stdout leads to; empty where it leads elsewhere, or where it is not known. */
    static Optional<TerminalSize> size(Invocation call) {
        return call.outIsTerminal() ? TerminalSize.of(1) : Optional.empty();
    }

    private static int number(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static boolean isTerminal() {
        try {
            String file = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
        } catch (IOException e) {
            // Where nobody can tell, pages are plain.
            return false;
        }
    }
}
