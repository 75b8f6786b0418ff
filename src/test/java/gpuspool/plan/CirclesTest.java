package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who waits for whom, round and round. */
class CirclesTest {
    /** {@code a:b,c} = a waits for b and for c. */
    private static Map<String, Set<String>> graph(String text) {
        Map<String, Set<String>> graph = new HashMap<>();
        for (String job : text.split(" ", -1)) {
            String[] parts = job.split(":", -1);
            graph.put(parts[0], Set.copyOf(Arrays.asList(parts[1].split(",", -1))));
        }
        return graph;
    }

    private static List<List<String>> find(Map<String, Set<String>> graph, Set<String> starts) {
        return Circles.find(starts, job -> graph.getOrDefault(job, Set.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "a:a, a, a after a",
        "a:b b:a, a, a after b after a",
        "a:b b:c c:a, b, b after c after a after b",
        "a:b b:c c:b, a, b after c after b",
        "'a:x,b b:y,a', a, a after b after a",
    })
    void circle_isFoundFromWhateverLeadsThere(String text, String start, String words) {
        List<List<String>> circles = find(graph(text), Set.of(start));
        assertEquals(1, circles.size());
        assertEquals(words, Circles.tell(circles.get(0), words.substring(0, 1)));
    }

    @ParameterizedTest
    @CsvSource({"a:b, a", "'a:b,c b:d c:d d:e', a", "a:b b:c c:b, c0"})
    void noCircleOrNoneThatTheStartLeadsTo_nothing(String text, String start) {
        assertEquals(List.of(), find(graph(text), Set.of(start)));
    }

    @Test
    void longCircle_isToldInPart() {
        List<String> circle = IntStream.range(0, 50).mapToObj(i -> "j" + i).toList();
        String words = Circles.tell(circle, "j49");
        assertTrue(words.startsWith("j49 after j0 after j1 "), words);
        assertTrue(words.endsWith(" after j18 after … (30 more) after j49"), words);
    }

    @Test
    void manyJobsInOneRow_takeNoTimeToSpeakOf() {
        Map<String, Set<String>> graph = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            graph.put("j" + i, Set.of("j" + (i + 1)));
        }
        Assertions.assertTimeout(Duration.ofSeconds(20), () -> {
            assertEquals(List.of(), find(graph, graph.keySet()));
            graph.put("j50000", Set.of("j0"));
            assertEquals(50_001, find(graph, Set.of("j7")).get(0).size());
            graph.replaceAll((job, unused) -> Set.of(job));
            assertEquals(50_001, find(graph, graph.keySet()).size());
        });
    }

    /** Nobody is left who could wait for ever: without those that are refused, and those that wait for them, no circle is left. */
    @Test
    void randomGraphs_eachCircleIsOneAndNoneIsLeft() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            int size = 2 + random.nextInt(9);
            Map<String, Set<String>> graph = new HashMap<>();
            for (int i = 0; i < size; i++) {
                Set<String> jobs = new HashSet<>();
                for (int k = random.nextInt(3); k > 0; k--) {
                    jobs.add("j" + random.nextInt(size));
                }
                graph.put("j" + i, jobs);
            }
            Set<String> seen = new HashSet<>();
            for (List<String> circle : find(graph, graph.keySet())) {
                for (int i = 0; i < circle.size(); i++) {
                    String next = circle.get((i + 1) % circle.size());
                    assertTrue(graph.get(circle.get(i)).contains(next), "seed " + seed + ": " + circle);
                    assertTrue(seen.add(circle.get(i)), "seed " + seed + ": twice");
                }
            }
            Map<String, Set<String>> rest = new HashMap<>(graph);
            List<String> refused = new ArrayList<>(seen);
            while (!refused.isEmpty()) {
                rest.keySet().removeAll(refused);
                refused = rest.keySet().stream()
                        .filter(job -> rest.get(job).stream()
                                .anyMatch(other -> graph.containsKey(other) && !rest.containsKey(other)))
                        .toList();
            }
            assertEquals(List.of(), find(rest, rest.keySet()), "seed " + seed);
        }
    }
}
