package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ScreenLogTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final CountDownLatch reader = new CountDownLatch(1);

    /** A terminal that takes nothing until somebody reads. */
    private final PrintStream stopped = new PrintStream(
            new OutputStream() {
                @Override
                public void write(int b) {
                    try {
                        reader.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    synchronized (printed) {
                        printed.write(b);
                    }
                }
            },
            true,
            StandardCharsets.UTF_8);

    private List<String> lines() {
        synchronized (printed) {
            return printed.toString(StandardCharsets.UTF_8).lines().toList();
        }
    }

    @Test
    @Timeout(60)
    void nobodyReads_nobodyWaitsAndWhatIsLostIsCounted() throws Exception {
        ScreenLog log = new ScreenLog(stopped);
        for (int i = 0; i < ScreenLog.MOST_LINES + 500; i++) {
            log.accept("line " + i);
        }
        log.awaitPrinted();
        assertEquals(List.of(), lines());
        reader.countDown();
        Awaitility.await("the count of lost lines")
                .atMost(Duration.ofSeconds(30))
                .until(() -> lines().stream().anyMatch(line -> line.startsWith("attention: ")));
        List<String> lines = lines();
        assertEquals("line 0", lines.get(0));
        assertEquals("line 9999", lines.get(9999));
        assertTrue(
                lines.get(lines.size() - 1).matches("attention: (499|500) lines lost here: nobody read them in time"),
                lines.get(lines.size() - 1));
    }

    @Test
    @Timeout(60)
    void read_allIsThereInOrderAndOnOneLineEach() throws Exception {
        reader.countDown();
        ScreenLog log = new ScreenLog(stopped);
        log.accept("one\ntwo");
        log.accept("three");
        log.awaitPrinted();
        assertEquals(List.of("one\\u{a}two", "three"), lines());
    }
}
