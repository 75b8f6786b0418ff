package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import gpuspool.job.CardWish;
import gpuspool.job.Durations;
import gpuspool.job.Sizes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Why a job waits, for people: what would have to change, who has it and since when. Nothing in it changes while nothing else does. */
public final class WaitWords {
    private WaitWords() {}

    /**
     * One sentence, without a full stop.
     *
     * @param cards as they stand now
     */
    public static String of(Wait wait, Placement.Cards cards) {
        if (wait instanceof Wait.NeedsCards needs) {
            return needs(needs.gpus(), needs.wish(), cards)
                    + needs.passable()
                            .map(most -> "; others may pass it until it has waited " + Durations.write(most)
                                    + " (max_bypass)")
                            .orElse("");
        } else if (wait instanceof Wait.Behind behind) {
            return "behind " + behind.name() + ", which waits for " + gpus(behind.gpus());
        } else if (wait instanceof Wait.BehindWithoutTime behind) {
            return gathers(behind.name(), behind.gpus()) + "; a job without time does not pass it";
        } else if (wait instanceof Wait.BehindForUnknown behind) {
            return gathers(behind.name(), behind.gpus()) + "; nobody knows when it has them"
                    + behind.holder()
                            .map(job -> ", for " + named(job) + " and nothing says how much longer")
                            .orElse("");
        } else if (wait instanceof Wait.BehindForLong behind) {
            return gathers(behind.name(), behind.gpus()) + "; with its time and grace, "
                    + Durations.write(behind.takes()) + ", this one might run longer than until it has them";
        } else if (wait instanceof Wait.OverUserLimit over) {
            return limit(over);
        } else if (wait instanceof Wait.AboveUserLimit above) {
            return "needs " + gpus(above.gpus()) + ", max_gpus_per_user is " + above.most()
                    + ": it cannot start while that stands";
        } else if (wait instanceof Wait.NoSlot none) {
            return "waits for another job without GPU to end; cpu_slots is " + none.slots();
        }
        return "starts next";
    }

    /** The same for many at once: without what tells one of them from another. */
    public static String ofMany(Wait wait) {
        if (wait instanceof Wait.NeedsCards needs) {
            return "needs " + gpus(needs.gpus()) + wished(needs.wish());
        } else if (wait instanceof Wait.BehindForLong behind) {
            return gathers(behind.name(), behind.gpus()) + "; might run longer than until it has them";
        }
        return of(wait, new Placement.Cards(List.of(), Map.of(), Set.of(), Links.UNKNOWN, 0));
    }

    /** What a running job does to a card, to follow {@code GPU 3:}. */
    public static String used(String job, Optional<Instant> since) {
        return "used by " + job + since.map(WaitWords::since).orElse("");
    }

    private static String gathers(String name, int gpus) {
        return "behind " + name + (gpus == 1 ? ", which waits for 1 GPU" : ", which gathers " + gpus(gpus));
    }

    private static String limit(Wait.OverUserLimit over) {
        String one = over.limit() == Wait.Limit.JOBS ? "job" : "GPU";
        String key = over.limit() == Wait.Limit.JOBS ? "max_jobs_per_user" : "max_gpus_per_user";
        String has = over.limit() == Wait.Limit.JOBS ? " running" : " in use";
        return "its owner has " + over.now() + " " + one + (over.now() == 1 ? "" : "s") + has + ", " + key + " is "
                + over.most()
                + over.holder().map(job -> "; longest: " + named(job)).orElse("");
    }

    /** {@code exp1.1, which runs since 2026-03-01T08:30:00Z}. */
    private static String named(Running job) {
        return job.name() + ", which runs" + job.since().map(WaitWords::since).orElse("");
    }

    /** To follow what a job does: {@code  since 2026-03-01T08:30:00Z}. */
    public static String since(Instant time) {
        return " since " + time.truncatedTo(ChronoUnit.SECONDS);
    }

    private static String wished(CardWish wish) {
        String room = wish.memory().isPresent()
                ? " with room for " + Sizes.about(wish.memory().getAsLong())
                : "";
        return Wishes.words(wish) + room;
    }

    private static String gpus(int count) {
        return count + (count == 1 ? " GPU" : " GPUs");
    }

    /** What a job needs, what is free, who has the rest of what it may have. */
    private static String needs(int gpus, CardWish wish, Placement.Cards cards) {
        String needs = "needs " + gpus(gpus) + wished(wish);
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
