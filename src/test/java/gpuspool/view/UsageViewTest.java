package gpuspool.view;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gpuspool.job.UsageSample;
import gpuspool.spool.StatusFile;
import gpuspool.spool.UsageFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UsageViewTest {
    private static final long GIB = 1L << 30;
    private static final String WHOLE = "devices = GPU-1\n";

    private static UsageView view(String status, String usage, boolean runs) {
        return UsageView.of(
                StatusFile.parse(status.getBytes(StandardCharsets.UTF_8)),
                UsageFile.parse(usage.getBytes(StandardCharsets.UTF_8)),
                runs);
    }

    private static String sentence(String status, String usage) {
        return view(status, usage, false).sentence().orElseThrow();
    }

    private static String usage(int cards) {
        return "total" + ("\t" + 80 * GIB).repeat(cards) + "\n10" + ("\t23\t" + 11 * GIB).repeat(cards) + "\n";
    }

    @Test
    void wholeCard_isComparedWithWhatItUsed() {
        assertEquals(
                "asked for a whole 80 GiB card, used 11 GiB at most, 23 % busy on average", sentence(WHOLE, usage(1)));
        assertEquals(
                "asked for a whole 80 GiB card, used 11 GiB at most, 23 % busy on average, so far",
                view(WHOLE, usage(1), true).sentence().orElseThrow());
    }

    @Test
    void severalCards_andSharedOnes_areNamedAsSuch() {
        assertEquals(
                "asked for 2 whole 80 GiB cards, used 11 GiB of one at most, 23 % busy on average",
                sentence("devices = GPU-1 GPU-2\n", usage(2)));
        assertEquals(
                "asked for 18 GiB of one 80 GiB card, used 11 GiB at most; the card was 23 % busy on average",
                sentence(WHOLE + "gpu_mem = " + 18 * GIB + "\n", usage(1)));
    }

    @Test
    void whatIsNotKnown_isNotMadeUp() {
        assertEquals(Optional.empty(), view(WHOLE, "", false).sentence());
        assertEquals(
                "asked for a whole card, its memory there is not told, 5 % busy on average",
                sentence(WHOLE, "total\t-\n2\t5\t-\n"));
    }

    @Test
    void samplesAreGone_theSummaryStillTells() {
        assertEquals(
                "asked for a whole 80 GiB card, used 11 GiB at most, 23 % busy on average",
                sentence(
                        WHOLE + "gpu_util = 23\ngpu_mem_peak = " + 11 * GIB + "\ngpu_mem_total = " + 80 * GIB + "\n",
                        ""));
    }

    private static String line(int width, boolean utf8, int... percents) {
        List<UsageSample> samples = IntStream.range(0, percents.length)
                .mapToObj(i -> new UsageSample(
                        10L * (i + 1),
                        List.of(new UsageSample.OfCard(
                                percents[i] < 0 ? OptionalInt.empty() : OptionalInt.of(percents[i]),
                                OptionalLong.empty()))))
                .toList();
        return Sparkline.of(
                samples,
                sample -> sample.cards().get(0).utilisation().isPresent()
                        ? OptionalDouble.of(sample.cards().get(0).utilisation().getAsInt() / 100.0)
                        : OptionalDouble.empty(),
                width,
                utf8);
    }

    @Test
    void sparkline_hasACellForEachSample_orTheMostOfSeveral() {
        assertEquals("▁▄█ ", line(40, true, 0, 40, 100, -1));
        assertEquals("_-# ", line(40, false, 0, 40, 100, -1));
        assertEquals("▄█", line(2, true, 0, 40, 100, -1));
        assertEquals("", line(40, true));
    }

    @Test
    void page_hasTheSentenceAndTwoLines() {
        Table page = new Table();
        view(WHOLE, usage(1) + "20\t100\t" + 80 * GIB + "\n", false).add(page, false);
        assertEquals("""
                used    asked for a whole 80 GiB card, used 80 GiB at most, 62 % busy on average
                busy    |.#| of 100 %
                memory  |.#| of 80 GiB
                """, page.toString());
    }
}
