package gpuspool.job;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a job used of its cards, all in all.
 *
 * @param utilisation percent, the mean over its time and its cards
 * @param peak the most bytes that it was seen to have of one card
 * @param total how many that card has
 */
public record UsageSummary(OptionalInt utilisation, OptionalLong peak, OptionalLong total) {
    public static final UsageSummary NONE =
            new UsageSummary(OptionalInt.empty(), OptionalLong.empty(), OptionalLong.empty());

    /**
     * Of all its samples, each of which tells of the time since the one before it.
     *
     * @param totals bytes that each card has; empty where that is not known
     */
    public static UsageSummary of(List<UsageSample> samples, List<OptionalLong> totals) {
        double busy = 0;
        double time = 0;
        OptionalLong peak = OptionalLong.empty();
        OptionalLong total = OptionalLong.empty();
        long before = 0;
        for (UsageSample sample : samples) {
            // One that was taken within the first second tells something, too.
            double weight = Math.max(1, sample.seconds() - before);
            before = sample.seconds();
            for (int i = 0; i < sample.cards().size(); i++) {
                UsageSample.OfCard card = sample.cards().get(i);
                if (card.utilisation().isPresent()) {
                    busy += weight * card.utilisation().getAsInt();
                    time += weight;
                }
                if (card.bytes().isPresent() && (peak.isEmpty() || card.bytes().getAsLong() > peak.getAsLong())) {
                    peak = card.bytes();
                    total = i < totals.size() ? totals.get(i) : OptionalLong.empty();
                }
            }
        }
        OptionalInt mean = time == 0 ? OptionalInt.empty() : OptionalInt.of((int) Math.round(busy / time));
        return new UsageSummary(mean, peak, total);
    }
}
