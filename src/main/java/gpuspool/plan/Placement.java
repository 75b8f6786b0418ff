package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import gpuspool.job.CardWish;
import java.util.ArrayList;
import java.util.Iterator;
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
    }

    /**
     * The cards now.
     *
     * @param all every card there is, in order
     * @param states of those that are not free; a card without one is free
     * @param kept cards that are locked already for the first job that waits for cards; they stand in {@code states} too
     * @param links how close they are to each other
     * @param keepIdle how many free ones are left to others
     */
    public record Cards(List<Device> all, Map<GpuId, CardState> states, Set<GpuId> kept, Links links, int keepIdle) {
        List<Device> free() {
            return all.stream().filter(card -> !states.containsKey(card.id())).toList();
        }
    }

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
        List<Device> free = new ArrayList<>(cards.free());
        while (gpuJobs.hasNext()) {
            R job = gpuJobs.next();
            if (job.gpus() > free.size()) {
                return new Plan<>(starts, Optional.of(job), List.of());
            }
            if (starts.size() >= most) {
                break;
            }
            List<Device> own = free.subList(0, job.gpus());
            starts.add(new Start<>(job, List.copyOf(own)));
            own.clear();
        }
        return new Plan<>(starts, Optional.empty(), List.of());
    }

    /** Why this job can never run on these cards; empty when it can. */
    public static Optional<String> impossible(int gpus, CardWish wish, List<Device> all) {
        if (gpus <= all.size()) {
            return Optional.empty();
        }
        String has = all.isEmpty() ? "none" : all.size() + " (" + Device.labels(all) + ")";
        return Optional.of("it needs " + gpus + " GPUs; this watcher has " + has + "; ask for fewer");
    }

    /** Why the first blocked job waits: what it needs, what is free, who has the rest. */
    public static String why(int gpus, CardWish wish, Cards cards) {
        StringBuilder why = new StringBuilder("needs ")
                .append(gpus)
                .append(gpus == 1 ? " GPU, " : " GPUs, ")
                .append(cards.free().size())
                .append(" free");
        for (Device card : cards.all()) {
            if (cards.states().containsKey(card.id())) {
                why.append("; GPU ")
                        .append(card.label())
                        .append(": ")
                        .append(cards.states().get(card.id()).why());
            }
        }
        return why.toString();
    }
}
