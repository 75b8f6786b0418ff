package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {
    private static final long HOUR = 3_600_000;
    private static final long NOW = 1_800_000_000_000L;
    private static final double CLOSE = 0.5;

    /**
     * By hand: a GPU that was used from a hours ago to b hours ago is 86400 / ln 2 × (2^(-b/24) − 2^(-a/24)) seconds, and 86400 / ln 2
     * is 124,648.9.
     */
    @ParameterizedTest
    @CsvSource({
        "1, 24, 0, 62324.5",
        "1, 48, 24, 31162.2",
        "2, 24, 0, 124648.9",
        "1, 1, 0, 3548.5",
        "1, 25, 24, 1774.2",
        "4, 169, 168, 110.9",
        "0, 24, 0, 0",
        "1, 24, 24, 0"
    })
    void secondsOfYesterday_countHalf(int gpus, long from, long to, double expected) {
        Spent spent = new Spent(7, gpus, NOW - from * HOUR, NOW - to * HOUR);
        assertEquals(expected, Usage.of(spent, NOW), CLOSE);
    }

    @Test
    void addedPiecesAndHours_agreeWithTheWhole() {
        Usage usage = new Usage();
        for (int hour = 30; hour > 0; hour--) {
            // Told of when each ended, as a watcher that lives does.
            usage.add(new Spent(7, 3, NOW - hour * HOUR, NOW - (hour - 1) * HOUR), NOW - (hour - 1) * HOUR);
        }
        assertEquals(
                Usage.of(new Spent(7, 3, NOW - 30 * HOUR, NOW), NOW),
                usage.at(NOW).get(7),
                CLOSE);
    }

    @Test
    void order_inWhichItIsTold_doesNotMatter() {
        Spent old = new Spent(7, 1, NOW - 50 * HOUR, NOW - 40 * HOUR);
        Spent late = new Spent(7, 2, NOW - 5 * HOUR, NOW - HOUR);
        Usage one = new Usage();
        one.add(old, NOW - 40 * HOUR);
        one.add(late, NOW - HOUR);
        Usage other = new Usage();
        other.add(late, NOW);
        other.add(old, NOW);
        assertEquals(one.at(NOW).get(7), other.at(NOW).get(7), CLOSE);
    }

    @Test
    void endInTheFuture_countsAsNow() {
        Spent spent = new Spent(7, 1, NOW + 100 * HOUR, NOW + 124 * HOUR);
        assertEquals(62324.5, Usage.of(spent, NOW), CLOSE);
    }

    @Test
    void calendarSetBack_letsNothingGrow() {
        Usage usage = new Usage();
        usage.add(new Spent(7, 1, NOW - 24 * HOUR, NOW), NOW);
        assertEquals(62324.5, usage.at(NOW - 48 * HOUR).get(7), CLOSE);
        usage.add(new Spent(8, 1, NOW - 72 * HOUR, NOW - 48 * HOUR), NOW - 48 * HOUR);
        assertTrue(usage.at(NOW - 48 * HOUR).get(8) > 0);
        assertEquals(62324.5, usage.at(NOW).get(7), CLOSE);
    }

    @Test
    void whoUsedNothingForWeeks_isForgotten() {
        Usage usage = new Usage();
        usage.add(new Spent(7, 8, NOW - 24 * HOUR, NOW), NOW);
        assertEquals(Map.of(), usage.at(NOW + 40 * 24 * HOUR));
    }
}
