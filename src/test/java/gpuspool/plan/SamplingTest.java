package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.UsageSample;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SamplingTest {
    private static final long MINUTE = 60_000;
    private static final long DAY = 24 * 60 * MINUTE;

    private static List<UsageSample.OfCard> use(int percent, long bytes) {
        return List.of(new UsageSample.OfCard(OptionalInt.of(percent), OptionalLong.of(bytes)));
    }

    /** The seconds of all lines of a job that is looked at whenever it is due. */
    private static List<Long> lines(Sampling sampling, long until) {
        List<Long> seconds = new ArrayList<>();
        while (sampling.due() <= until) {
            sampling.add(sampling.due(), use(50, 1)).ifPresent(line -> seconds.add(line.seconds()));
        }
        return seconds;
    }

    @Test
    void youngJob_isToldOfEveryTenSeconds() {
        assertEquals(List.of(2L, 10L, 20L, 30L, 40L), lines(new Sampling(1, OptionalLong.empty()), 45_000));
    }

    @Test
    void olderJob_isToldOfHalfAsOftenWithEachDoubling() {
        List<Long> lines = lines(new Sampling(1, OptionalLong.empty()), 100 * MINUTE);
        assertTrue(lines.containsAll(List.of(1190L, 1200L, 1220L, 2380L, 2400L, 2440L)), lines.toString());
        assertTrue(!lines.contains(1210L) && !lines.contains(2420L), lines.toString());
    }

    @Test
    void week_makesSomeHundredLines_andALookAMinute() {
        Sampling sampling = new Sampling(1, OptionalLong.empty());
        int lines = lines(sampling, 7 * DAY).size();
        assertTrue(lines > 300 && lines < 700, lines + " lines");
        assertEquals(7 * DAY + MINUTE, sampling.due());
    }

    @Test
    void yearsOld_hasNotManyMore() {
        assertTrue(lines(new Sampling(1, OptionalLong.empty()), 3000 * DAY).size() < 1300);
    }

    @Test
    void lookBetweenTwo_countsNothing() {
        Sampling sampling = new Sampling(1, OptionalLong.empty());
        sampling.add(2_000, use(0, 5));
        assertEquals(Optional.empty(), sampling.add(9_999, use(100, 7)));
        assertEquals(use(20, 6), sampling.add(10_000, use(20, 6)).orElseThrow().cards());
    }

    @Test
    void lateLook_isTheOneThatWasDue() {
        Sampling sampling = new Sampling(1, OptionalLong.empty());
        assertEquals(17, sampling.add(17_500, use(1, 1)).orElseThrow().seconds());
        assertEquals(20_000, sampling.due());
    }

    @Test
    void line_tellsTheMeanAndTheMostOfAllLooksSinceTheLast() {
        long age = 1000 * MINUTE;
        Sampling sampling = new Sampling(1, OptionalLong.of(age));
        List<UsageSample> lines = new ArrayList<>();
        int looks = 0;
        for (; lines.isEmpty(); looks++) {
            sampling.add(sampling.due(), use(looks == 0 ? 100 : 0, looks == 1 ? 7 : 3))
                    .ifPresent(lines::add);
        }
        assertTrue(looks > 2, looks + " looks");
        assertEquals(use(Math.round(100f / looks), 7), lines.get(0).cards());
    }

    @Test
    void restart_goesOnAtTheSameTimes() {
        List<Long> whole = lines(new Sampling(1, OptionalLong.empty()), 90 * MINUTE);
        long told = whole.get(whole.size() / 2);
        List<Long> rest = lines(new Sampling(1, OptionalLong.of(told * 1000)), 90 * MINUTE);
        assertEquals(whole.subList(whole.size() / 2 + 1, whole.size()), rest);
    }

    @Test
    void unknown_staysUnknown_andIsNoZero() {
        Sampling sampling = new Sampling(2, OptionalLong.empty());
        UsageSample line = sampling.add(2_000, List.of(use(40, 9).get(0), UsageSample.OfCard.UNKNOWN))
                .orElseThrow();
        assertEquals(List.of(use(40, 9).get(0), UsageSample.OfCard.UNKNOWN), line.cards());
    }

    @Test
    void rest_isWhatNoLineTold() {
        Sampling sampling = new Sampling(1, OptionalLong.of(1000 * MINUTE));
        assertEquals(Optional.empty(), sampling.rest());
        sampling.add(sampling.due(), use(30, 4));
        assertEquals(use(30, 4), sampling.rest().orElseThrow().cards());
        assertEquals(Optional.empty(), sampling.rest());
    }
}
