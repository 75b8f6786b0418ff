package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final long DAY = Duration.ofDays(1).toMillis();

    private static Retention days(int age) {
        return new Retention(NOW, Duration.ofDays(age), OptionalLong.empty());
    }

    @Test
    void recordAsOldAsTheAge_goes() {
        assertTrue(days(30).isOver(NOW - 30 * DAY));
        assertTrue(days(30).isOver(0));
        assertFalse(days(30).isOver(NOW - 30 * DAY + 1));
    }

    @Test
    void timeInTheFuture_isNotOld() {
        assertFalse(days(30).isOver(NOW + 40 * DAY));
        assertFalse(days(0).isOver(NOW + 1));
        assertTrue(days(0).isOver(NOW));
    }

    @Test
    void newest_stayWhateverTheirAge() {
        Retention retention = new Retention(NOW, Duration.ofDays(30), OptionalLong.of(NOW - 50 * DAY));
        assertFalse(retention.isOver(NOW - 40 * DAY));
        assertFalse(retention.isOver(NOW - 50 * DAY));
        assertTrue(retention.isOver(NOW - 50 * DAY - 1));
    }

    @Test
    void newestTimes_tellTheEarliestOfTheLatestFew() {
        long[] times = new Random(7).longs(1000, 0, 500).toArray();
        for (int most : new int[] {1, 3, 999, 1000}) {
            NewestTimes newest = new NewestTimes(most);
            LongStream.of(times).forEach(newest::add);
            long expected = LongStream.of(times).sorted().toArray()[1000 - most];
            assertEquals(OptionalLong.of(expected), newest.earliest());
        }
    }

    @Test
    void newestTimesOfNone_haveNoEarliest() {
        NewestTimes none = new NewestTimes(0);
        none.add(5);
        assertEquals(OptionalLong.empty(), none.earliest());
        assertEquals(OptionalLong.empty(), new NewestTimes(3).earliest());
    }

    @Test
    void moreAskedForThanThereAre_allStay() {
        NewestTimes newest = new NewestTimes(10);
        newest.add(3);
        newest.add(2);
        assertEquals(OptionalLong.of(2), newest.earliest());
    }
}
