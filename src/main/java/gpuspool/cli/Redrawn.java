package gpuspool.cli;

import gpuspool.gpu.BadDeviceListException;
import gpuspool.posix.TerminalSize;
import gpuspool.view.Columns;
import gpuspool.view.Words;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.ParameterException;

/** Something shown anew every so many seconds, until Ctrl-C or until nobody reads it: {@code --watch}. */
final class Redrawn {
    private static final double SHORTEST_SECONDS = 0.1;
    private static final double LONGEST_SECONDS = 86_400;
    private static final String HOME = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private final Invocation call;
    private final boolean json;

    /** @param json whether each showing is a line of its own, on a terminal too */
    Redrawn(Invocation call, boolean json) {
        this.call = call;
        this.json = json;
    }

    /** What is shown: a page for people, or one line of JSON; ends with a line feed. */
    interface Page {
        String text() throws IOException, InterruptedException, BadDeviceListException;
    }

    /** The value of {@code --watch}; empty where it was not given. */
    static Optional<Duration> interval(String watch, Function<String, ParameterException> usage) {
        if (watch == null) {
            return Optional.empty();
        }
        double seconds = watch.matches("[0-9]{1,6}(\\.[0-9]{1,3})?") ? Double.parseDouble(watch) : -1;
        if (seconds < SHORTEST_SECONDS || seconds > LONGEST_SECONDS) {
            throw usage.apply(
                    "--watch: " + watch + " is no number of seconds from 0.1 to 86400; write for example --watch 5");
        }
        return Optional.of(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    int show(Duration every, Page page) throws IOException, InterruptedException, BadDeviceListException {
        boolean first = true;
        while (true) {
            String text = page.text();
            Optional<TerminalSize> terminal = json ? Optional.empty() : Screen.size(call);
            if (terminal.isPresent()) {
                redraw(text, terminal.get());
            } else {
                call.out().print((first || json ? "" : "\n") + text);
            }
            first = false;
            // Asking flushes, too.
            if (call.out().checkError()) {
                return ExitStatus.OK.code;
            }
            Thread.sleep(every.toMillis());
        }
    }

    /** Over what stands there, so that nothing flickers; as much of it as there are lines. */
    private void redraw(String page, TerminalSize terminal) {
        List<String> lines = page.lines().toList();
        int room = terminal.rows() - 1;
        boolean fits = lines.size() <= room;
        int shown = fits ? lines.size() : Math.max(0, room - 1);
        StringBuilder screen = new StringBuilder(HOME);
        for (String line : lines.subList(0, shown)) {
            // One that was wrapped would push the others down.
            screen.append(Columns.cut(line, terminal.columns()))
                    .append(CLEAR_LINE)
                    .append('\n');
        }
        if (!fits) {
            screen.append("… and ")
                    .append(Words.count(lines.size() - shown, "line"))
                    .append(" more")
                    .append(CLEAR_LINE)
                    .append('\n');
        }
        call.out().print(screen.append(CLEAR_BELOW));
    }
}
