package gpuspool.gpu;

import gpuspool.job.Pin;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the settings say of cards; {@code spool-layout.md}, section 10.
 *
 * @param minFreeMemory bytes that must be free on a card before a job gets it
 * @param ignore processes that do not make a card busy
 * @param keepIdle how many free cards are left to others
 * @param collision what becomes of a job on whose card a stranger turned up
 * @param pin how jobs are told their cards, unless they say
 * @param hold how a card is kept while its job is not on it yet
 * @param holdPercent with {@link Hold#FRACTION}: of the free memory, 1 to 95
 * @param pickLock a lock of other programs that is held as well while cards are picked
 */
public record GpuRules(
        long minFreeMemory,
        List<IgnoreRule> ignore,
        int keepIdle,
        Collision collision,
        Pin pin,
        Hold hold,
        int holdPercent,
        Optional<Path> pickLock) {

    public static final GpuRules DEFAULTS =
            new GpuRules(0, List.of(), 0, Collision.KEEP, Pin.UUID, Hold.LOCK, 25, Optional.empty());

    /** The job runs on, or is stopped and queued again. */
    public enum Collision {
        KEEP,
        REQUEUE
    }

    /** By its lock alone, by an open context besides, by that and some of its memory. */
    public enum Hold {
        LOCK,
        CONTEXT,
        FRACTION
    }
}
