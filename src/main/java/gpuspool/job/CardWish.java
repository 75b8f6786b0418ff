package gpuspool.job;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which cards a job would have, besides how many.
 *
 * @param devices only these, by index or UUID as written; empty: any
 * @param type only cards whose name contains this, in small or capital letters; empty: any
 * @param memory bytes on each card, which it shares then with jobs that say so too; empty: whole cards
 * @param pin how it is told which it has; empty: as the settings say
 */
public record CardWish(List<String> devices, Optional<String> type, OptionalLong memory, Optional<Pin> pin) {
    public static final CardWish ANY = new CardWish(List.of(), Optional.empty(), Optional.empty());

    /** Whole cards. */
    public CardWish(List<String> devices, Optional<String> type, Optional<Pin> pin) {
        this(devices, type, OptionalLong.empty(), pin);
    }

    public CardWish {
        devices = List.copyOf(devices);
    }
}
