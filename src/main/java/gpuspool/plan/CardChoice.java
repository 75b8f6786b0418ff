package gpuspool.plan;

import gpuspool.gpu.Device;
import gpuspool.gpu.Links;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Which of several cards belong together best: those that most pairs of are joined by NVLink, then those with the least sum of
 * distances, then those that come first. The best there is where there are few sets to compare, else one that was grown card by
 * card; a choice among 64 cards takes about a millisecond.
 */
final class CardChoice {
    /** All sets are compared where no more costs than this have to be looked at for it. */
    private static final long MOST_LOOKS = 500_000;

    /** What a missing NVLink weighs: more than all distances together. */
    private static final long NO_NVLINK = 1L << 32;

    private final List<Device> cards;
    private final long[][] cost;
    private final int[] chosen;
    private int[] best;
    private long bestCost = Long.MAX_VALUE;
    private long looks;

    private CardChoice(List<Device> cards, int count, Links links) {
        this.cards = cards;
        chosen = new int[count];
        best = new int[count];
        cost = new long[cards.size()][cards.size()];
        for (int i = 0; i < cards.size(); i++) {
            for (int j = 0; j < i; j++) {
                Links.Link link = links.between(cards.get(i).id(), cards.get(j).id());
                cost[i][j] = link.distance() + (link.nvlink() ? 0 : NO_NVLINK);
                cost[j][i] = cost[i][j];
            }
        }
    }

    /** The cards, in the order in which they were given, and how many costs of pairs were looked at to find them. */
    record Outcome(List<Device> cards, long looks) {}

    /**
     * Chooses.
     *
     * @param from cards in the order of their indices
     * @param count at most as many as there are
     */
    static List<Device> of(List<Device> from, int count, Links links) {
        return of(from, List.of(), count, links).cards();
    }

    /**
     * Chooses some besides others.
     *
     * @param fixed those of {@code from} that are chosen already, at most {@code count}
     */
    static Outcome of(List<Device> from, List<Device> fixed, int count, Links links) {
        if (count == from.size()
                || fixed.isEmpty() && (count <= 1 || links.pairs().isEmpty())) {
            return new Outcome(List.copyOf(from.subList(0, count)), 0);
        }
        List<Device> ordered = new ArrayList<>(fixed);
        Set<Device> known = Set.copyOf(fixed);
        from.stream().filter(card -> !known.contains(card)).forEach(ordered::add);
        CardChoice choice = new CardChoice(ordered, count, links);
        choice.choose(fixed.size());
        Set<Device> best = Set.copyOf(choice.best());
        return new Outcome(from.stream().filter(best::contains).toList(), choice.looks);
    }

    private void choose(int fixed) {
        long before = 0;
        for (int i = 0; i < fixed; i++) {
            chosen[i] = i;
            before += added(i, i);
        }
        if (looks(cards.size() - fixed, chosen.length - fixed) <= MOST_LOOKS) {
            compare(fixed, fixed, before);
        } else if (fixed > 0) {
            grow(fixed, before);
        } else {
            for (int first = 0; first < cards.size(); first++) {
                chosen[0] = first;
                grow(1, 0);
            }
        }
    }

    /** Goes through all sets in order; of equal ones the first stays. */
    private void compare(int size, int next, long sum) {
        if (sum >= bestCost) {
            return;
        }
        if (size == chosen.length) {
            bestCost = sum;
            best = chosen.clone();
            return;
        }
        for (int card = next; card <= cards.size() - (chosen.length - size); card++) {
            chosen[size] = card;
            compare(size + 1, card + 1, sum + added(size, card));
        }
    }

    /** Adds the card that costs least, again and again. */
    private void grow(int from, long before) {
        long[] each = new long[cards.size()];
        boolean[] taken = new boolean[cards.size()];
        for (int i = 0; i < from; i++) {
            take(chosen[i], each, taken);
        }
        long sum = before;
        for (int size = from; size < chosen.length; size++) {
            int cheapest = -1;
            for (int card = 0; card < cards.size(); card++) {
                if (!taken[card] && (cheapest < 0 || each[card] < each[cheapest])) {
                    cheapest = card;
                }
            }
            sum += each[cheapest];
            chosen[size] = cheapest;
            take(cheapest, each, taken);
        }
        if (sum < bestCost) {
            bestCost = sum;
            best = chosen.clone();
        }
    }

    private void take(int card, long[] each, boolean[] taken) {
        taken[card] = true;
        for (int other = 0; other < each.length; other++) {
            each[other] += cost[card][other];
        }
        looks += each.length;
    }

    private long added(int size, int card) {
        long sum = 0;
        for (int i = 0; i < size; i++) {
            sum += cost[chosen[i]][card];
        }
        looks += size;
        return sum;
    }

    private List<Device> best() {
        return Arrays.stream(best).mapToObj(cards::get).toList();
    }

    /** At most so many costs are looked at to compare all sets of {@code count}; or some number above {@link #MOST_LOOKS}. */
    private long looks(int of, int count) {
        long each = (long) chosen.length * (chosen.length - 1) / 2;
        long sets = 1;
        for (int i = 1; i <= Math.min(count, of - count) && sets * each <= MOST_LOOKS; i++) {
            sets = sets * (of - i + 1) / i;
        }
        return sets * each;
    }
}
