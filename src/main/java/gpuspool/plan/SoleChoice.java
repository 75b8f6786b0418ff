package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import gpuspool.job.CardWish;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which cards a program gets that nobody queues for: whole ones, of those that are free now. Values in, values out. */
public final class SoleChoice {
    /** More cards than these are only counted. */
    private static final int MOST_SHOWN = 8;

    private SoleChoice() {}

    /** What comes of choosing. */
    public sealed interface Answer {
        /** In the order of their indices. */
        record Chosen(List<Device> cards) implements Answer {}

        /** Not now; {@code why}: for people, card by card. */
        record NotNow(String why) implements Answer {}

        /** With these cards never; {@code why}: for people. */
        record Never(String why) implements Answer {}
    }

    /**
     * Chooses.
     *
     * @param gpus how many
     * @param all in the order of their indices
     * @param taken those that are not free, and why
     * @param keepIdle so many free cards are left to others, those of the highest index
     */
    public static Answer of(
            int gpus, CardWish wish, List<Device> all, Map<GpuId, CardState> taken, Links links, int keepIdle) {
        Optional<String> impossible = Wishes.impossible(gpus, wish, all, "this machine has");
        if (impossible.isPresent()) {
            return new Answer.Never(impossible.get());
        }
        if (gpus > all.size() - keepIdle) {
            return new Answer.Never("it needs " + gpus + " of " + all.size() + " GPUs, and keep_idle leaves " + keepIdle
                    + " of them to others; ask for fewer");
        }
        List<Device> allowed = Wishes.allowed(wish, all);
        List<Device> free =
                allowed.stream().filter(card -> !taken.containsKey(card.id())).toList();
        long left = all.stream().filter(card -> !taken.containsKey(card.id())).count() - keepIdle;
        if (gpus <= Math.min(free.size(), left)) {
            return new Answer.Chosen(CardChoice.of(free, gpus, links));
        }
        return new Answer.NotNow(words(gpus, wish, allowed, taken, free.size(), keepIdle));
    }

    private static String words(
            int gpus, CardWish wish, List<Device> allowed, Map<GpuId, CardState> taken, int free, int keepIdle) {
        List<String> busy = new ArrayList<>();
        for (Device card : allowed) {
            if (taken.containsKey(card.id()) && busy.size() < MOST_SHOWN) {
                busy.add("GPU " + card.label() + ": " + taken.get(card.id()).why());
            }
        }
        int more = allowed.size() - free - busy.size();
        return "needs " + gpus + (gpus == 1 ? " GPU" : " GPUs") + Wishes.words(wish) + ", " + free + " free"
                + (keepIdle > 0 ? " of which " + keepIdle + " are left idle (keep_idle)" : "")
                + (busy.isEmpty() ? "" : "; " + String.join("; ", busy))
                + (more > 0 ? "; and " + more + " more" : "");
    }
}
