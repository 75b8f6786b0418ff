package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the first job that lacks cards is promised: the earliest moment at which it is proven to have them. Others pass it only where
 * that moment stays. It rests on the {@code time} of jobs that run; a card of which nobody knows when it comes never does.
 */
final class Reservation {
    /** How a job may pass. */
    enum Pass {
        /** It ends before the moment: with any cards. */
        IN_TIME,
        /** It may run longer: only with cards that are too many at that moment, or that are never the first job's. */
        LONG,
        /** Nobody knows how long it runs: only with cards that are never the first job's. */
        UNKNOWN
    }

    private final Placement.Request first;
    private final long now;
    private final int keepIdle;
    /** Cards that it may have, free or not. */
    private final Set<GpuId> its;
    /** Cards that are proven to be free at the moment, its and others. */
    private final Set<GpuId> proven = new HashSet<>();

    private OptionalLong moment = OptionalLong.empty();
    private Optional<Running> holder = Optional.empty();

    /**
     * Promises.
     *
     * @param stock what is there
     * @param running what runs, jobs that are started now included
     */
    Reservation(Placement.Request first, Stock stock, Placement.Cards cards, Collection<Running> running, long now) {
        this.first = first;
        this.now = now;
        keepIdle = cards.keepIdle();
        its = new HashSet<>(Device.ids(stock.allowed(first.wish())));
        for (Device card : stock.there()) {
            proven.add(card.id());
        }
        if (first.wish().memory().isPresent()) {
            long bytes = first.wish().memory().getAsLong();
            stock.allowed(first.wish()).stream()
                    .filter(card -> stock.hasRoom(card, bytes))
                    .forEach(card -> proven.add(card.id()));
        }
        find(ends(cards, running));
    }

    /** When each card that is not there is free at the latest, where that is known. */
    private Map<GpuId, Long> ends(Placement.Cards cards, Collection<Running> running) {
        Map<GpuId, Long> ends = new HashMap<>();
        Set<GpuId> never = new HashSet<>();
        for (Running job : running) {
            // One that should have ended already has something left that nobody knows the end of.
            boolean known = job.end().isPresent() && job.end().getAsLong() - now >= 0;
            for (GpuId card : job.cards()) {
                if (known) {
                    ends.merge(card, job.end().getAsLong() - now, Math::max);
                } else {
                    never.add(card);
                    holder = holder.isEmpty() && its.contains(card) ? Optional.of(job) : holder;
                }
            }
        }
        for (Device card : cards.all()) {
            CardState state = cards.states().get(card.id());
            boolean ours = state == null
                    || state.kind() == CardState.Kind.USED
                    || state.kind() == CardState.Kind.KEPT
                    || cards.rooms().containsKey(card.id());
            if (!ours) {
                never.add(card.id());
            }
        }
        ends.keySet().removeAll(never);
        ends.keySet().removeAll(proven);
        return ends;
    }

    private void find(Map<GpuId, Long> ends) {
        for (long end : ends.values().stream().sorted().distinct().toList()) {
            ends.forEach((card, free) -> {
                if (free == end) {
                    proven.add(card);
                }
            });
            if (isEnough(0, 0)) {
                moment = OptionalLong.of(now + end);
                return;
            }
        }
    }

    /** Whether it could start at the moment if others had so many of the proven cards then, so many of these being its. */
    private boolean isEnough(int taken, int takenOfIts) {
        long fit = proven.stream().filter(its::contains).count();
        return fit - takenOfIts >= first.gpus() && proven.size() - taken - first.gpus() >= keepIdle;
    }

    boolean isProven() {
        return moment.isPresent();
    }

    /** A job that has one of its cards for nobody knows how long; empty where that is nobody's fault. */
    Optional<Running> holder() {
        return holder;
    }

    /** How this job may pass. */
    Pass of(Placement.Request job) {
        OptionalLong takes = Lengths.of(job);
        if (takes.isEmpty()) {
            return Pass.UNKNOWN;
        }
        return isProven() && takes.getAsLong() <= moment.getAsLong() - now ? Pass.IN_TIME : Pass.LONG;
    }

    /** Whether nothing that is there now could be given to anybody who passes. */
    boolean leavesNothing(Stock stock) {
        return !isProven() && !stock.hasRooms() && stock.there().stream().allMatch(card -> its.contains(card.id()));
    }

    /**
     * Of these cards those of which a job may choose any in order to pass; empty where it may not.
     *
     * @param offered cards that it could have otherwise
     */
    List<Device> allow(Pass pass, int gpus, List<Device> offered, Stock stock) {
        List<Device> others =
                offered.stream().filter(card -> !its.contains(card.id())).toList();
        if (pass == Pass.IN_TIME) {
            return others.size() >= gpus ? others : offered;
        }
        // Cards that are left to others are so whoever takes the rest: these must be none of its.
        if (others.size() >= gpus && (keepIdle == 0 || notIts(stock) - gpus >= keepIdle)) {
            return others;
        }
        return pass == Pass.LONG && isProven() ? spare(gpus, offered) : List.of();
    }

    private long notIts(Stock stock) {
        return stock.there().stream().filter(card -> !its.contains(card.id())).count();
    }

    /** All that are none of its, or not proven to be free at the moment anyway, and as many others as would be too many then. */
    private List<Device> spare(int gpus, List<Device> offered) {
        if (!isEnough(gpus, 0)) {
            return List.of();
        }
        int[] more = {0};
        return offered.stream()
                .filter(card -> !its.contains(card.id())
                        || !proven.contains(card.id())
                        || isEnough(gpus, more[0] + 1) && ++more[0] > 0)
                .toList();
    }

    /** Somebody passes with these cards. */
    void passes(Pass pass, List<Device> cards) {
        if (pass != Pass.IN_TIME) {
            Device.ids(cards).forEach(proven::remove);
        }
    }
}
