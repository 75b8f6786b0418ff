package gpuspool.spool;

import gpuspool.job.UsageSample;
import gpuspool.job.UsageSummary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a job uses of its cards, as lines that are only ever appended ({@code spool-layout.md}, section 1.7).
 *
 * @param totals bytes that each of its cards has; none where no line tells
 */
public record UsageFile(List<OptionalLong> totals, List<UsageSample> samples) {
    /** Keys of the summary, in {@code status} and in the record. */
    public static final String UTILISATION = "gpu_util";

    public static final String PEAK = "gpu_mem_peak";
    public static final String TOTAL = "gpu_mem_total";

    /** Far above what years of samples make. */
    private static final int LARGEST = 1 << 20;

    private static final String HEAD = "total";
    private static final String UNKNOWN = "-";
    private static final UsageFile NONE = new UsageFile(List.of(), List.of());

    /** How large the cards are: the first line. */
    public static String head(List<OptionalLong> totals) {
        StringBuilder line = new StringBuilder(HEAD);
        totals.forEach(total -> line.append('\t').append(number(total)));
        return line.append('\n').toString();
    }

    public static String line(UsageSample sample) {
        StringBuilder line = new StringBuilder().append(sample.seconds());
        for (UsageSample.OfCard card : sample.cards()) {
            line.append('\t')
                    .append(card.utilisation().isPresent() ? card.utilisation().getAsInt() : UNKNOWN)
                    .append('\t')
                    .append(number(card.bytes()));
        }
        return line.append('\n').toString();
    }

    private static String number(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : UNKNOWN;
    }

    /** Of a job directory; empty of all where there is no such file. */
    public static UsageFile read(JobDir dir, Fs fs) throws IOException {
        Path file = dir.file(JobDir.USAGE);
        boolean there = fs.look(file).filter(facts -> facts.isRegular()).isPresent();
        byte[] content = there ? fs.read(file, LARGEST) : new byte[0];
        return isOurs(content) ? parse(content) : NONE;
    }

    /** What is no line of ours is passed over, and so is a last one that is torn. */
    public static UsageFile parse(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        List<OptionalLong> totals = List.of();
        List<UsageSample> samples = new ArrayList<>();
        int from = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
            String[] words = text.substring(from, end).split("\t", -1);
            from = end + 1;
            if (words[0].equals(HEAD) && areNumbers(words, 1)) {
                totals = numbers(words);
            } else if (words.length % 2 == 1 && !words[0].equals(UNKNOWN) && areNumbers(words, 0)) {
                samples.add(sample(words));
            }
        }
        return new UsageFile(totals, List.copyOf(samples));
    }

    private static boolean areNumbers(String[] words, int from) {
        return Arrays.stream(words, from, words.length)
                .allMatch(word -> word.equals(UNKNOWN) || word.matches("[0-9]{1,18}"));
    }

    /** Whether nobody but a watcher wrote this. */
    public static boolean isOurs(byte[] content) {
        return content.length == 0 || new String(content, StandardCharsets.UTF_8).startsWith(HEAD + "\t");
    }

    private static List<OptionalLong> numbers(String[] words) {
        List<OptionalLong> numbers = new ArrayList<>();
        for (int i = 1; i < words.length; i++) {
            numbers.add(number(words[i]));
        }
        return List.copyOf(numbers);
    }

    private static OptionalLong number(String word) {
        return word.equals(UNKNOWN) ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(word));
    }

    private static UsageSample sample(String[] words) {
        List<UsageSample.OfCard> cards = new ArrayList<>();
        for (int i = 1; i < words.length; i += 2) {
            OptionalLong percent = number(words[i]);
            cards.add(new UsageSample.OfCard(
                    percent.isPresent()
                            ? OptionalInt.of((int) Math.min(100, percent.getAsLong()))
                            : OptionalInt.empty(),
                    number(words[i + 1])));
        }
        return new UsageSample(Long.parseLong(words[0]), cards);
    }

    public UsageSummary summary() {
        return UsageSummary.of(samples, totals);
    }

    /** What {@code status} says of it at the end. */
    static StatusFile.Lines facts(UsageSummary summary) {
        StatusFile.Lines lines = new StatusFile.Lines();
        summary.utilisation().ifPresent(percent -> lines.add(UTILISATION, percent));
        summary.peak().ifPresent(bytes -> lines.add(PEAK, bytes));
        summary.total().ifPresent(bytes -> lines.add(TOTAL, bytes));
        return lines;
    }
}
