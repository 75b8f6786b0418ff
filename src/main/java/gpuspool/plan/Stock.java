package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import gpuspool.job.CardWish;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The cards that can be given out while a plan is made: those that are free, and those that are kept for the first job that waits. */
final class Stock {
    private final List<Device> all;
    private final Links links;
    private final int keepIdle;
    /** Both in the order of their indices. */
    private final List<Device> free = new ArrayList<>();

    private final List<Device> freeAndKept = new ArrayList<>();
    private final Set<GpuId> kept;

    Stock(Placement.Cards cards) {
        all = cards.all();
        links = cards.links();
        keepIdle = cards.keepIdle();
        kept = cards.kept();
        for (Device card : all) {
            boolean isFree = !cards.states().containsKey(card.id());
            if (isFree) {
                free.add(card);
            }
            if (isFree || kept.contains(card.id())) {
                freeAndKept.add(card);
            }
        }
    }

    /**
     * Cards of which a job may choose: all that it may have and that need not be left to others; empty where it cannot start.
     *
     * @param withKept whether it may have those that are kept
     */
    List<Device> offer(int gpus, CardWish wish, boolean withKept) {
        List<Device> there = withKept ? freeAndKept : free;
        List<Device> allowed = Wishes.allowed(wish, all);
        // Without a wish all that is there may be had; else most of what it may have is not there.
        List<Device> fit = allowed.size() == all.size() ? there : both(there, allowed);
        if (fit.size() < gpus || there.size() - gpus < keepIdle) {
            return List.of();
        }
        List<Device> rest = without(fit, lastOf(there, keepIdle));
        return rest.size() >= gpus
                ? rest
                // Those it may not have are left first; it would wait for nothing otherwise.
                : fit.subList(0, fit.size() - Math.max(0, keepIdle - (there.size() - fit.size())));
    }

    /** Takes the best of those offered out of the stock. */
    List<Device> take(List<Device> offered, int gpus) {
        List<Device> chosen = CardChoice.of(offered, gpus, links);
        free.removeAll(chosen);
        freeAndKept.removeAll(chosen);
        return chosen;
    }

    /** Cards that a job that cannot start yet should keep, those that are kept already among them as long as they will do. */
    List<Device> gather(int gpus, CardWish wish) {
        List<Device> fit = both(freeAndKept, Wishes.allowed(wish, all));
        int most = Math.min(gpus, obtainable(fit));
        if (gpus < 2 || most == 0) {
            return List.of();
        }
        List<Device> already = fit.stream()
                .filter(card -> kept.contains(card.id()))
                .limit(most)
                .toList();
        return CardChoice.of(fit, already, most, links).cards();
    }

    /** Free cards that it may have, but that are left to others even so; with them fewer than asked for would be free. */
    List<Device> leftIdle(CardWish wish) {
        List<Device> fit = both(freeAndKept, Wishes.allowed(wish, all));
        List<Device> open = both(fit, free);
        int usable = Math.max(0, obtainable(fit) - (fit.size() - open.size()));
        return lastOf(open, Math.max(0, open.size() - usable));
    }

    private int obtainable(List<Device> fit) {
        return Math.min(fit.size(), Math.max(0, freeAndKept.size() - keepIdle));
    }

    private static List<Device> lastOf(List<Device> cards, int count) {
        return cards.subList(Math.max(0, cards.size() - count), cards.size());
    }

    private static List<Device> both(List<Device> cards, List<Device> others) {
        Set<GpuId> ids = ids(others);
        return cards.stream().filter(card -> ids.contains(card.id())).toList();
    }

    private static List<Device> without(List<Device> cards, List<Device> others) {
        Set<GpuId> ids = ids(others);
        return cards.stream().filter(card -> !ids.contains(card.id())).toList();
    }

    private static Set<GpuId> ids(Collection<Device> cards) {
        Set<GpuId> ids = new HashSet<>();
        cards.forEach(card -> ids.add(card.id()));
        return ids;
    }
}
