package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import gpuspool.job.CardWish;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The cards that can be given out while a plan is made: those that are free, those that are kept for the first job that waits, and
 * for jobs that share what is left on those that are shared.
 */
final class Stock {
    private final List<Device> all;
    private final Links links;
    private final int keepIdle;
    /** Both in the order of their indices. */
    private final List<Device> free = new ArrayList<>();

    private final List<Device> freeAndKept = new ArrayList<>();
    private final Set<GpuId> kept;
    private final Map<GpuId, Placement.Room> rooms;
    private final int maxJobsPerGpu;
    /** Looked up once for each wish: many jobs have the same. */
    private final Map<CardWish, List<Device>> allowed = new HashMap<>();

    Stock(Placement.Cards cards) {
        all = cards.all();
        rooms = new HashMap<>(cards.rooms());
        maxJobsPerGpu = cards.maxJobsPerGpu();
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
        if (there.size() < gpus) {
            return List.of();
        }
        List<Device> may = allowed(wish);
        // Without a wish all that is there may be had; else most of what it may have is not there.
        List<Device> fit = may.size() == all.size() ? there : both(there, may);
        if (fit.size() < gpus || there.size() - gpus < keepIdle) {
            return List.of();
        }
        List<Device> rest = without(fit, lastOf(there, keepIdle));
        return rest.size() >= gpus
                ? rest
                // Those it may not have are left first; it would wait for nothing otherwise.
                : fit.subList(0, fit.size() - Math.max(0, keepIdle - (there.size() - fit.size())));
    }

    /** The cards that a job may have, free or not. */
    List<Device> allowed(CardWish wish) {
        boolean any = wish.devices().isEmpty() && wish.type().isEmpty();
        return any ? all : allowed.computeIfAbsent(wish, unused -> Wishes.allowed(wish, all));
    }

    /** Takes the best of those offered out of the stock. */
    List<Device> take(List<Device> offered, int gpus) {
        List<Device> chosen = CardChoice.of(offered, gpus, links);
        remove(chosen);
        Device.ids(chosen).forEach(rooms::remove);
        return chosen;
    }

    private void remove(List<Device> chosen) {
        free.removeAll(chosen);
        freeAndKept.removeAll(chosen);
    }

    /**
     * Cards of which a job that shares may choose, those that suit it best first: such as are shared already, then those that it
     * would leave the least room on.
     *
     * @param gpus how many it needs
     * @param bytes that it declares for each of them
     * @param before cards that come before all others
     * @param withKept whether it may have those that are kept
     */
    List<Device> offerRoom(int gpus, CardWish wish, long bytes, Set<GpuId> before, boolean withKept) {
        List<Device> there = withKept ? freeAndKept : free;
        List<Device> may = allowed(wish);
        List<Device> offered = new ArrayList<>();
        for (Device card : may) {
            if (isShared(card) && hasRoom(card, bytes)) {
                offered.add(card);
            }
        }
        List<Device> fit = both(there, may).stream()
                .filter(card -> !rooms.containsKey(card.id()) || hasRoom(card, bytes))
                .toList();
        List<Device> rest = without(fit, lastOf(there, keepIdle));
        // Those it may not have are left first where it needs the last.
        boolean enough = rest.size() >= gpus - offered.size();
        offered.addAll((enough ? rest : fit)
                .stream().limit(Math.max(0, there.size() - keepIdle)).toList());
        offered.sort(Comparator.comparing((Device card) -> !before.contains(card.id()))
                .thenComparing(card -> !isShared(card))
                .thenComparing(card ->
                        rooms.containsKey(card.id()) ? rooms.get(card.id()).bytes() : Long.MAX_VALUE));
        return offered;
    }

    /** Whether a card has room for one more job that declares so many bytes; a free one of which that is not known has not. */
    boolean hasRoom(Device card, long bytes) {
        Placement.Room room = rooms.get(card.id());
        return room != null && room.bytes() >= bytes && room.jobs() < maxJobsPerGpu;
    }

    private boolean isShared(Device card) {
        Placement.Room room = rooms.get(card.id());
        return room != null && room.jobs() > 0;
    }

    /** Takes so much of these cards, which are no longer free; on those of which nobody knows how much there is, all. */
    void share(List<Device> chosen, long bytes) {
        remove(chosen);
        for (Device card : chosen) {
            rooms.computeIfPresent(
                    card.id(), (unused, room) -> new Placement.Room(room.bytes() - bytes, room.jobs() + 1));
        }
    }

    /** Those that are free or kept, in the order of their indices. */
    List<Device> there() {
        return freeAndKept;
    }

    /** Whether nothing can be given to anybody. */
    boolean isEmpty() {
        return freeAndKept.isEmpty() && rooms.isEmpty();
    }

    /** Whether it has rooms, which a job that shares may get where others get nothing. */
    boolean hasRooms() {
        return !rooms.isEmpty();
    }

    /** Cards that a job that cannot start yet should keep, those that are kept already among them as long as they will do. */
    List<Device> gather(int gpus, CardWish wish) {
        List<Device> fit = both(freeAndKept, allowed(wish));
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
        List<Device> fit = both(freeAndKept, allowed(wish));
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
