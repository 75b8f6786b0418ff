package gpuspool.cli;

import gpuspool.job.Durations;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One line on a terminal that tells how far work has come which takes longer than a second. On anything else it stays silent, and it
 * leaves nothing behind.
 */
final class ProgressLine implements AutoCloseable {
    static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);
    static final long REFRESH = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int BAR = 20;
    /** A line that is longer would be wrapped, and could not be taken back. */
    private static final int WIDEST = 79;

    private final PrintStream terminal;
    private final boolean speaks;
    private final LongSupplier nanos;
    private final long began;
    private long next;
    private int shown;

    ProgressLine(Invocation call, LongSupplier nanos) {
        terminal = call.err();
        speaks = call.errIsTerminal();
        this.nanos = nanos;
        began = nanos.getAsLong();
        next = began + PATIENCE;
    }

    /** The words behind the bar, asked for only when they are shown. */
    interface Words {
        String words();
    }

    /** Shows that so much of the whole is done, unless it was shown a moment ago. */
    void show(long done, long whole, Words words) {
        if (speaks && nanos.getAsLong() - next >= 0) {
            long part = whole <= 0 ? 0 : Math.min(BAR, done * BAR / whole);
            String bar = "[" + "#".repeat((int) part) + " ".repeat((int) (BAR - part)) + "] ";
            draw(bar + words.words() + left(done, whole));
            next = nanos.getAsLong() + REFRESH;
        }
    }

    /** How long the rest takes if it goes on like this, in whole seconds; empty where nobody can tell. */
    private String left(long done, long whole) {
        if (done <= 0 || done >= whole) {
            return "";
        }
        double nanosLeft = (double) (nanos.getAsLong() - began) / done * (whole - done);
        long seconds = Math.max(1, Math.round(nanosLeft / TimeUnit.SECONDS.toNanos(1)));
        return ", about " + Durations.format(Duration.ofSeconds(seconds)).replace(".0s", "s") + " left";
    }

    private void draw(String line) {
        String fitting = line.substring(0, Math.min(WIDEST, line.length()));
        terminal.print("\r" + fitting + " ".repeat(Math.max(0, shown - fitting.length())));
        terminal.flush();
        shown = fitting.length();
    }

    @Override
    public void close() {
        if (shown > 0) {
            terminal.print("\r" + " ".repeat(shown) + "\r");
            terminal.flush();
            shown = 0;
        }
    }
}
