package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.gpu.Links;
import gpuspool.gpu.Links.Link;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CardChoiceTest {
    private static final List<Device> EIGHT = TestCards.cards(8, "NVIDIA H200");

    private static List<Integer> indices(List<Device> cards) {
        return cards.stream().map(card -> card.index().orElseThrow()).toList();
    }

    private static Links links(Map<List<Integer>, Link> pairs) {
        Map<Set<GpuId>, Link> links = new HashMap<>();
        pairs.forEach((pair, link) -> links.put(
                Set.of(EIGHT.get(pair.get(0)).id(), EIGHT.get(pair.get(1)).id()), link));
        return new Links(links);
    }

    private static List<Integer> chosen(int count, Links links) {
        return indices(CardChoice.of(EIGHT, count, links));
    }

    @Test
    void nothingKnownOfTheirLinks_theFirstAreChosen() {
        assertEquals(List.of(0, 1, 2), chosen(3, Links.UNKNOWN));
        assertEquals(List.of(0), chosen(1, links(Map.of(List.of(6, 7), new Link(true, 0)))));
        assertEquals(List.of(), chosen(0, Links.UNKNOWN));
    }

    @Test
    void nvlink_comesBeforeAnyDistance() {
        Links links = links(Map.of(
                List.of(0, 1), new Link(false, 0),
                List.of(6, 7), new Link(true, 50)));
        assertEquals(List.of(6, 7), chosen(2, links));
        assertEquals(List.of(0, 6, 7), chosen(3, links));
    }

    @Test
    void noNvlink_theNearestAreChosen() {
        Links links = links(Map.of(
                List.of(0, 1), new Link(false, 40),
                List.of(2, 3), new Link(false, 10),
                List.of(4, 5), new Link(false, 10)));
        assertEquals(List.of(2, 3), chosen(2, links));
    }

    @Test
    void allHaveWhatIsAskedFor_allAreChosen() {
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7), chosen(8, TestCards.randomLinks(EIGHT, new Random(1))));
    }

    @Test
    void upToEightCards_chosenAreTheBestOfAllSets() {
        Random random = new Random(20260704);
        for (int round = 0; round < 1000; round++) {
            List<Device> cards = EIGHT.subList(0, 1 + random.nextInt(8));
            Links links = TestCards.randomLinks(cards, random);
            int count = 1 + random.nextInt(cards.size());
            List<Device> fixed = cards.stream()
                    .filter(card -> random.nextInt(6) == 0)
                    .limit(count)
                    .toList();
            List<Device> best = best(cards, fixed, count, links);
            assertEquals(
                    indices(best),
                    indices(CardChoice.of(cards, fixed, count, links).cards()),
                    () -> count + " with " + indices(fixed) + " of " + links);
        }
    }

    private static List<Device> best(List<Device> cards, List<Device> fixed, int count, Links links) {
        List<List<Device>> sets = new ArrayList<>();
        for (int bits = 0; bits < 1 << cards.size(); bits++) {
            List<Device> set = new ArrayList<>();
            for (int i = 0; i < cards.size(); i++) {
                if ((bits >> i & 1) == 1) {
                    set.add(cards.get(i));
                }
            }
            if (set.size() == count && set.containsAll(fixed)) {
                sets.add(set);
            }
        }
        // One digit is enough to compare indices below ten.
        return sets.stream()
                .min(Comparator.comparing((List<Device> set) -> -nvlinks(set, links))
                        .thenComparing(set -> distances(set, links))
                        .thenComparing(set -> indices(set).toString()))
                .orElseThrow();
    }

    private static long nvlinks(List<Device> set, Links links) {
        return pairs(set, links).stream().filter(Link::nvlink).count();
    }

    private static int distances(List<Device> set, Links links) {
        return pairs(set, links).stream().mapToInt(Link::distance).sum();
    }

    private static List<Link> pairs(List<Device> set, Links links) {
        List<Link> pairs = new ArrayList<>();
        for (int i = 0; i < set.size(); i++) {
            for (int j = 0; j < i; j++) {
                pairs.add(links.between(set.get(i).id(), set.get(j).id()));
            }
        }
        return pairs;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 8, 32, 60, 62, 63, 64})
    void sixtyFourCards_workStaysSmall(int count) {
        List<Device> cards = TestCards.cards(64, "NVIDIA H200");
        for (int seed = 0; seed < 5; seed++) {
            CardChoice.Outcome outcome =
                    CardChoice.of(cards, List.of(), count, TestCards.randomLinks(cards, new Random(seed)));
            assertEquals(count, Set.copyOf(outcome.cards()).size());
            assertTrue(outcome.looks() <= 64 * 64 * 64, "looked at " + outcome.looks() + " pairs");
        }
    }

    @Test
    void severalIslandsOfNvlink_largeSetIsGrownWithinOneThatIsLargeEnough() {
        List<Device> cards = TestCards.cards(64, "NVIDIA H200");
        Map<Set<GpuId>, Link> pairs = new HashMap<>();
        join(pairs, cards.subList(0, 4));
        join(pairs, cards.subList(20, 36));
        join(pairs, cards.subList(40, 46));
        assertEquals(indices(cards.subList(20, 36)), indices(CardChoice.of(cards, 16, new Links(pairs))));
    }

    private static void join(Map<Set<GpuId>, Link> pairs, List<Device> cards) {
        for (Device one : cards) {
            for (Device other : cards) {
                if (!one.equals(other)) {
                    pairs.put(Set.of(one.id(), other.id()), new Link(true, 10));
                }
            }
        }
    }
}
