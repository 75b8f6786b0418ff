package gpuspool.cli;

import gpuspool.foreground.Teller;
import gpuspool.posix.TerminalSize;
import gpuspool.view.Columns;
import gpuspool.view.Words;
import java.io.PrintStream;

/** What {@code run} says on stderr: on a terminal one line that changes in place, else a line whenever there is something new. */
final class RunLines implements Teller {
    private static final String BEGINNING = "gpuspool run: ";
    private static final String TO_BEGINNING_AND_CLEAR = "\r\u001b[K";
    private static final int STDERR = 2;
    private static final TerminalSize USUAL = new TerminalSize(80, 24);

    private final PrintStream err;
    private final boolean isTerminal;
    private boolean standsThere;

    RunLines(Invocation call) {
        err = call.err();
        isTerminal = call.errIsTerminal();
    }

    @Override
    public synchronized void note(String line) {
        done();
        err.println(BEGINNING + Words.line(line));
    }

    @Override
    public synchronized void waits(String why) {
        String line = BEGINNING + Words.line(why);
        if (isTerminal) {
            // One that is longer would be wrapped, and could not be taken back.
            int room = TerminalSize.of(STDERR).orElse(USUAL).columns() - 1;
            err.print(TO_BEGINNING_AND_CLEAR + Columns.cut(line, room));
            err.flush();
            standsThere = true;
        } else {
            err.println(line);
        }
    }

    @Override
    public synchronized void done() {
        if (standsThere) {
            err.print(TO_BEGINNING_AND_CLEAR);
            err.flush();
            standsThere = false;
        }
    }
}
