package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import gpuspool.job.CardWish;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Which jobs start now, and on which cards: in order; one that waits for cards is passed only as {@code spool-layout.md}, section
 * 11.2, says. Jobs without a GPU take a slot each and wait for no card.
 */
public final class Placement {
    private Placement() {}

    /** A job as far as placing it matters. */
    public interface Request {
        /** How people call it. */
        String name();

        /** Whole cards it needs; 0 = none. */
        int gpus();

        /** Which of them will do. */
        CardWish wish();

        /** Higher goes first. */
        default int priority() {
            return 0;
        }

        /** Uid of the owner of its file. */
        default int owner() {
            return 0;
        }

        /** It does not run longer than that; empty: nobody knows. */
        default Optional<Duration> time() {
            return Optional.empty();
        }

        /** How much longer it may take once its time is up. */
        default Duration grace() {
            return Duration.ZERO;
        }

        /** Monotonic time, nanoseconds, at which it was first found to lack cards as the first to do so; empty: it was not yet. */
        default OptionalLong blockedSince() {
            return OptionalLong.empty();
        }
    }

    /**
     * The cards now.
     *
     * @param all every card there is, in the order of their indices
     * @param states of those that are not free; a card without one is free
     * @param kept cards that are locked already for the first job that waits for cards; they stand in {@code states} too
     * @param links how close they are to each other
     * @param keepIdle how many free ones are left to others
     * @param unknown why it is not known which cards there are; empty when it is
     * @param rooms of each card that a job which shares may be put on now, free or shared already: what it has for one more
     * @param maxJobsPerGpu how many jobs may share a card
     */
    public record Cards(
            List<Device> all,
            Map<GpuId, CardState> states,
            Set<GpuId> kept,
            Links links,
            int keepIdle,
            Optional<String> unknown,
            Map<GpuId, Room> rooms,
            int maxJobsPerGpu) {

        /** Cards that are known, and that nobody shares. */
        public Cards(List<Device> all, Map<GpuId, CardState> states, Set<GpuId> kept, Links links, int keepIdle) {
            this(all, states, kept, links, keepIdle, Optional.empty());
        }

        /** Cards that nobody shares. */
        public Cards(
                List<Device> all,
                Map<GpuId, CardState> states,
                Set<GpuId> kept,
                Links links,
                int keepIdle,
                Optional<String> unknown) {
            this(all, states, kept, links, keepIdle, unknown, Map.of(), 1);
        }

        /** Free cards that are left to people who do not use the queue, as long as no job asks for one of them by name or type. */
        public Map<GpuId, CardState> leftIdle() {
            return leftIdle(CardWish.ANY);
        }

        Map<GpuId, CardState> leftIdle(CardWish wish) {
            Map<GpuId, CardState> left = new LinkedHashMap<>();
            CardState state = new CardState(CardState.Kind.LEFT_IDLE, "left idle (keep_idle is " + keepIdle + ")");
            new Stock(this).leftIdle(wish).forEach(card -> left.put(card.id(), state));
            return left;
        }
    }

    /**
     * What a card has for one more job that shares it.
     *
     * @param bytes of memory that it can still be promised
     * @param jobs that share it already; 0 where it is free
     */
    public record Room(long bytes, int jobs) {}

    /** {@code cards} in the order of their indices. */
    public record Start<R>(R request, List<Device> cards) {}

    /**
     * What to start, and the first job that has to wait for cards.
     *
     * @param gather cards that it could have now and should keep until it has all; empty where nothing blocks, or others may still
     *     pass
     * @param reasons why the others wait
     */
    public record Plan<R>(List<Start<R>> starts, Optional<R> blocked, List<Device> gather, Reasons reasons) {}

    /**
     * Plans.
     *
     * @param gpuJobs jobs that need cards, first in the queue first; read no further than needed
     * @param cpuJobs jobs that need none
     */
    public static <R extends Request> Plan<R> plan(Line<R> gpuJobs, Line<R> cpuJobs, Cards cards, Rules rules) {
        return new Pass<>(gpuJobs, cpuJobs, cards, rules).plan();
    }

    /** Why this job can never run on these cards; empty when it can. */
    public static Optional<String> impossible(int gpus, CardWish wish, List<Device> all, int keepIdle) {
        Optional<String> wrong = Wishes.impossible(gpus, wish, all);
        boolean tooMany = gpus > 0 && gpus > all.size() - keepIdle;
        if (wrong.isPresent() || !tooMany) {
            return wrong;
        }
        return Optional.of("it needs " + gpus + (gpus == 1 ? " GPU" : " GPUs") + "; this watcher has " + all.size()
                + " and leaves " + keepIdle + " to others (keep_idle); ask for fewer");
    }

    /** Whether a job may have all of these cards. */
    public static boolean suits(CardWish wish, List<Device> cards, List<Device> all) {
        return cards.isEmpty() || Wishes.allowed(wish, all).containsAll(cards);
    }
}
