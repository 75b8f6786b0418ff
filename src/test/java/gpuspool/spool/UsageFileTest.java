package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.UsageSample;
import gpuspool.job.UsageSummary;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class UsageFileTest {
    private static final UsageSample SAMPLE = new UsageSample(
            20,
            List.of(
                    new UsageSample.OfCard(OptionalInt.of(97), OptionalLong.of(5)),
                    new UsageSample.OfCard(OptionalInt.empty(), OptionalLong.empty())));

    private static UsageFile parse(String text) {
        return UsageFile.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static UsageSummary summary(long mean, long peak, long total) {
        return new UsageSummary(OptionalInt.of((int) mean), OptionalLong.of(peak), OptionalLong.of(total));
    }

    @Test
    void lines_comeBackAsTheyWere() {
        String text = UsageFile.head(List.of(OptionalLong.of(80), OptionalLong.empty())) + UsageFile.line(SAMPLE);
        assertEquals("total\t80\t-\n20\t97\t5\t-\t-\n", text);
        assertEquals(new UsageFile(List.of(OptionalLong.of(80), OptionalLong.empty()), List.of(SAMPLE)), parse(text));
    }

    @Test
    void whatIsNoLine_isPassedOver() {
        UsageFile file = parse("total\t80\n2\t1\n-\t1\t2\n\n10\tx\t3\n10\t4\t99999999999999999999\n20\t7\t8\n30\t9");
        assertEquals(
                List.of(new UsageSample(20, List.of(new UsageSample.OfCard(OptionalInt.of(7), OptionalLong.of(8))))),
                file.samples());
    }

    @Test
    void somebodyElsesFile_isNotOurs() {
        assertFalse(UsageFile.isOurs("usage: x\n".getBytes(StandardCharsets.UTF_8)));
        assertTrue(UsageFile.isOurs("total\t80\n".getBytes(StandardCharsets.UTF_8)));
    }

    /** 2 s at 100 %, then 8 s at 0 %, then 30 s at 40 %: 1400 of 40. */
    @Test
    void mean_countsEachLineForTheTimeSinceTheOneBefore() {
        assertEquals(
                summary(35, 30, 80),
                parse("total\t80\n2\t100\t10\n10\t0\t30\n40\t40\t20\n").summary());
    }

    @Test
    void severalCards_meanOverAll_andThePeakOfTheFullest() {
        assertEquals(
                summary(50, 30, 90),
                parse("total\t80\t90\n10\t100\t10\t0\t30\n").summary());
    }

    @Test
    void nothingKnown_isNoZero() {
        assertEquals(UsageSummary.NONE, parse("total\t-\n2\t-\t-\n").summary());
    }
}
