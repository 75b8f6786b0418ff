package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private long now;

    private ProgressLine line(boolean isTerminal) {
        PrintStream err = new PrintStream(shown, true, StandardCharsets.UTF_8);
        return new ProgressLine(
                new Invocation(
                        System.out, err, InputStream.nullInputStream(), true, isTerminal, Map.of(), Path.of("/")),
                () -> now);
    }

    private String taken() {
        String text = shown.toString(StandardCharsets.UTF_8);
        shown.reset();
        return text;
    }

    @Test
    void workOfMoreThanASecond_isShownNowAndThen() {
        try (ProgressLine line = line(true)) {
            now = ProgressLine.PATIENCE - 1;
            line.show(1, 10, () -> "1 of 10");
            assertEquals("", taken());
            now = ProgressLine.PATIENCE;
            line.show(5, 10, () -> "5 of 10, much");
            assertEquals("\r[##########          ] 5 of 10, much, about 1s left", taken());
            now += ProgressLine.REFRESH - 1;
            line.show(6, 10, () -> "6");
            assertEquals("", taken());
            now += 1;
            line.show(10, 10, () -> "10 of 10");
            assertEquals("\r[####################] 10 of 10" + " ".repeat(20), taken(), "what was longer is wiped");
        }
        assertEquals("\r" + " ".repeat(31) + "\r", taken(), "nothing is left behind");
    }

    @Test
    void timeLeft_followsFromTheTimeItTookSoFar() {
        try (ProgressLine line = line(true)) {
            now = 10 * ProgressLine.PATIENCE;
            line.show(1000, 100_000, () -> "x");
            assertEquals("\r[" + " ".repeat(20) + "] x, about 16m30s left", taken());
        }
    }

    @Test
    void elsewhere_itIsSilent() {
        try (ProgressLine line = line(false)) {
            now = 10 * ProgressLine.PATIENCE;
            line.show(1, 2, () -> "1 of 2");
        }
        assertEquals("", taken());
    }

    @Test
    void whatGrewMeanwhile_doesNotBreakTheBar() {
        try (ProgressLine line = line(true)) {
            now = ProgressLine.PATIENCE;
            line.show(12, 10, () -> "x".repeat(200));
            assertEquals("\r[####################] " + "x".repeat(79 - 23), taken());
            now += ProgressLine.REFRESH;
            line.show(0, 0, () -> "");
            assertEquals("\r[" + " ".repeat(20) + "] " + " ".repeat(79 - 23), taken());
        }
    }
}
