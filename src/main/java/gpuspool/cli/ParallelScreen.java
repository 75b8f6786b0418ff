package gpuspool.cli;

import gpuspool.parallel.Screen;
import gpuspool.view.TerminalText;
import gpuspool.view.Words;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/** The terminal, or whatever else stdout and stderr lead to, of {@code gpuspool parallel}. */
final class ParallelScreen implements Screen {
    private static final Duration PACE = Duration.ofMillis(500);

    private final Invocation call;
    private final OutputStream out;
    private final OutputStream err;
    private final ProgressLine line;

    ParallelScreen(Invocation call) {
        this.call = call;
        out = call.outIsTerminal() ? new TerminalText(call.out()) : call.out();
        err = call.errIsTerminal() ? new TerminalText(call.err()) : call.err();
        line = new ProgressLine(call, System::nanoTime);
    }

    @Override
    public OutputStream out() {
        return out;
    }

    @Override
    public Optional<IOException> lost() {
        return StandardOut.lost();
    }

    @Override
    public OutputStream err() {
        return err;
    }

    @Override
    public void say(String text) {
        call.err().println(Words.line("gpuspool parallel: " + text));
    }

    @Override
    public void tell(String text) {
        call.err().println(Words.line(text));
    }

    @Override
    public void progress(long done, long whole, String words) {
        line.show(done, whole, () -> words);
    }

    @Override
    public void clearProgress() {
        line.close();
    }

    @Override
    public Optional<Duration> pace() {
        return call.errIsTerminal() ? Optional.of(PACE) : Optional.empty();
    }
}
