package gpuspool.plan;

import gpuspool.gpu.GpuId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
    }

    /**
     * The cards now.
     *
     * @param all every card there is, in order
     * @param taken why a card cannot be had, by card: "used by exp1.1", …
     */
    public record Cards(List<GpuId> all, Map<GpuId, String> taken) {
        List<GpuId> free() {
            return all.stream().filter(card -> !taken.containsKey(card)).toList();
        }
    }

    public record Start<R>(R request, List<GpuId> cards) {}

    /** What to start, and the first job that has to wait for cards. */
    public record Plan<R>(List<Start<R>> starts, Optional<R> blocked) {}

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
        List<GpuId> free = new ArrayList<>(cards.free());
        while (gpuJobs.hasNext()) {
            R job = gpuJobs.next();
            if (job.gpus() > free.size()) {
                return new Plan<>(starts, Optional.of(job));
            }
            if (starts.size() >= most) {
                break;
            }
            List<GpuId> own = free.subList(0, job.gpus());
            starts.add(new Start<>(job, List.copyOf(own)));
            own.clear();
        }
        return new Plan<>(starts, Optional.empty());
    }

    /** Why this job can never run here; empty when it can. */
    public static Optional<String> impossible(int gpus, List<GpuId> all) {
        if (gpus <= all.size()) {
            return Optional.empty();
        }
        String has = all.isEmpty() ? "none" : all.size() + " (" + GpuId.labels(all) + ")";
        return Optional.of("it needs " + gpus + " GPUs; this watcher has " + has + "; ask for fewer");
    }

    /** Why the first blocked job waits: what it needs, what is free, who has the rest. */
    public static String why(int gpus, Cards cards) {
        StringBuilder why = new StringBuilder("needs ")
                .append(gpus)
                .append(gpus == 1 ? " GPU, " : " GPUs, ")
                .append(cards.free().size())
                .append(" free");
        for (GpuId card : cards.all()) {
            if (cards.taken().containsKey(card)) {
                why.append("; GPU ")
                        .append(card.label())
                        .append(": ")
                        .append(cards.taken().get(card));
            }
        }
        return why.toString();
    }
}
