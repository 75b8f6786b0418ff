package gpuspool.plan;

import gpuspool.job.CardWish;
import java.time.Duration;
import java.util.Optional;

/** Why a job that could start does not; {@link WaitWords} says it in a sentence. */
public sealed interface Wait {
    /** Settings that limit what one owner may have at once. */
    enum Limit {
        GPUS,
        JOBS
    }

    /**
     * Too few of the cards that will do are free.
     *
     * @param passable how long others may still pass it; empty: not any more, or it is not the first that lacks cards
     */
    record NeedsCards(int gpus, CardWish wish, Optional<Duration> passable) implements Wait {}

    /** There are no cards for it besides those that {@code name}, which was before it, waits for. */
    record Behind(String name, int gpus) implements Wait {}

    /** It could start, but does not say how long it runs, so that {@code name}, which gathers cards, might have to wait for it. */
    record BehindWithoutTime(String name, int gpus) implements Wait {}

    /** It could start, but nobody knows when {@code name} can have its cards; {@code holder} has one of them and no {@code time}. */
    record BehindForUnknown(String name, int gpus, Optional<Running> holder) implements Wait {}

    /**
     * It could start, but might run longer than until {@code name} can have its cards.
     *
     * @param takes its own time, with its grace
     */
    record BehindForLong(String name, int gpus, Duration takes) implements Wait {}

    /**
     * With it its owner would have more than one owner may have.
     *
     * @param now what the owner has, starts of this very plan included
     * @param holder the job of the owner's that runs longest; empty where none was running yet
     */
    record OverUserLimit(Limit limit, int most, int now, Optional<Running> holder) implements Wait {}

    /** It alone asks for more cards than one owner may have: it holds up nobody, and never starts while that limit stands. */
    record AboveUserLimit(int gpus, int most) implements Wait {}

    /** All slots for jobs without a GPU are taken. */
    record NoSlot(int slots) implements Wait {}

    /** Nothing: the next round starts it. */
    record Next() implements Wait {}
}
