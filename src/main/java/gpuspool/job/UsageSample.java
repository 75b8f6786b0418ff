package gpuspool.job;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a job was seen to use of its cards.
 *
 * @param seconds since its start
 * @param cards in the order of its {@code devices}
 */
public record UsageSample(long seconds, List<OfCard> cards) {

    /**
     * Of one card.
     *
     * @param utilisation percent, 0 to 100; the card's, whoever keeps it busy; empty where the driver does not tell
     * @param bytes of its memory that the job had; empty where nobody can tell
     */
    public record OfCard(OptionalInt utilisation, OptionalLong bytes) {
        public static final OfCard UNKNOWN = new OfCard(OptionalInt.empty(), OptionalLong.empty());
    }

    public UsageSample {
        cards = List.copyOf(cards);
    }
}
