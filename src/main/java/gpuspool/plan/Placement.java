package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import gpuspool.job.CardWish;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which jobs start now, and on which cards: in order, no job passing one that waits for cards. Jobs without a GPU take a slot
 * each and wait for no card.
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
     * @param rooms of each card that a sharing job could be put on now: those that are free, and those that such jobs share
     */
    public record Cards(
            List<Device> all,
            Map<GpuId, CardState> states,
            Set<GpuId> kept,
            Links links,
            int keepIdle,
            Optional<String> unknown,
            Map<GpuId, Room> rooms) {

        /** Cards of which none has room for a sharing job. */
        public Cards(
                List<Device> all,
                Map<GpuId, CardState> states,
                Set<GpuId> kept,
                Links links,
                int keepIdle,
                Optional<String> unknown) {
            this(all, states, kept, links, keepIdle, unknown, Map.of());
        }

        /** Cards that are known. */
        public Cards(List<Device> all, Map<GpuId, CardState> states, Set<GpuId> kept, Links links, int keepIdle) {
            this(all, states, kept, links, keepIdle, Optional.empty());
        }

        /** Free cards that are left to people who do not use the queue, as long as no job asks for one of them by name or type. */
        public Map<GpuId, CardState> leftIdle() {
            return leftIdle(CardWish.ANY);
        }

        private Map<GpuId, CardState> leftIdle(CardWish wish) {
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
     * @param gather cards that it could have now and should keep until it has all; empty where nothing blocks
     */
    public record Plan<R>(List<Start<R>> starts, Optional<R> blocked, List<Device> gather) {}

    /**
     * Plans.
     *
     * @param gpuJobs jobs that need cards, first in the queue first; read no further than needed
     * @param cpuJobs jobs that need none
     * @param slots how many jobs without a GPU may start
     * @param most how many starts at most: each round costs one shared fsync batch
     */
    public static <R extends Request> Plan<R> plan(
            Iterator<R> gpuJobs, Iterator<R> cpuJobs, Cards cards, int slots, int most) {
        List<Start<R>> starts = new ArrayList<>();
        while (cpuJobs.hasNext() && starts.size() < Math.min(slots, most)) {
            starts.add(new Start<>(cpuJobs.next(), List.of()));
        }
        Stock stock = new Stock(cards);
        boolean first = true;
        while (gpuJobs.hasNext()) {
            R job = gpuJobs.next();
            List<Device> offered = stock.offer(job.gpus(), job.wish(), first);
            if (offered.isEmpty() && !first) {
                // It is the first to wait: what is kept is for it.
                offered = stock.offer(job.gpus(), job.wish(), true);
            }
            first = false;
            if (offered.isEmpty()) {
                return new Plan<>(starts, Optional.of(job), stock.gather(job.gpus(), job.wish()));
            }
            if (starts.size() >= most) {
                break;
            }
            starts.add(new Start<>(job, stock.take(offered, job.gpus())));
        }
        return new Plan<>(starts, Optional.empty(), List.of());
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

    /** Why the first blocked job waits: what it needs, what is free, who has the rest of what it may have. */
    public static String why(int gpus, CardWish wish, Cards cards) {
        String needs = "needs " + gpus + (gpus == 1 ? " GPU" : " GPUs") + Wishes.words(wish);
        if (cards.unknown().isPresent()) {
            return needs + "; GPUs not known: "
                    + FreedomWords.driver(cards.unknown().get());
        }
        Map<GpuId, CardState> left = cards.leftIdle(wish);
        StringBuilder others = new StringBuilder();
        int free = 0;
        int kept = 0;
        for (Device card : Wishes.allowed(wish, cards.all())) {
            CardState state = cards.states().getOrDefault(card.id(), left.get(card.id()));
            if (cards.kept().contains(card.id())) {
                kept++;
            } else if (state == null) {
                free++;
            } else {
                others.append("; GPU ").append(card.label()).append(": ").append(state.why());
            }
        }
        return needs + (kept > 0 ? ", " + kept + " kept for it" : "") + ", " + free + " free" + others;
    }
}
