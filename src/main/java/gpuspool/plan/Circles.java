package gpuspool.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Jobs that wait for one another, so that none of them could ever start. */
public final class Circles {
    /** Names told of one circle: enough to see it by. */
    private static final int MOST_NAMES = 20;

    private final Map<String, Set<String>> waitsFor = new LinkedHashMap<>();
    private final Map<String, List<String>> waiters = new HashMap<>();

    private Circles(Set<String> starts, Function<String, Collection<String>> next) {
        Deque<String> open = new ArrayDeque<>(starts);
        while (!open.isEmpty()) {
            String job = open.pop();
            if (!waitsFor.containsKey(job)) {
                Set<String> jobs = new LinkedHashSet<>(next.apply(job));
                waitsFor.put(job, jobs);
                jobs.forEach(other -> waiters.computeIfAbsent(other, unused -> new ArrayList<>())
                        .add(job));
                open.addAll(jobs);
            }
        }
    }

    /**
     * Finds circles. Each job is in at most one of them; one that is in several, or only waits for a circle, is not lost by that: once
     * those of its circle are refused, so is it. Takes time in proportion to what the starts lead to.
     *
     * @param starts at these jobs it begins; a circle to which none of them leads is not found
     * @param next the jobs that a job waits for
     * @return each circle as the jobs in it, in the order in which they wait
     */
    public static List<List<String>> find(Set<String> starts, Function<String, Collection<String>> next) {
        Circles graph = new Circles(starts, next);
        List<List<String>> circles = new ArrayList<>();
        graph.remove(graph.waitsFor.keySet().stream()
                .filter(job -> graph.waitsFor.get(job).isEmpty())
                .toList());
        while (!graph.waitsFor.isEmpty()) {
            List<String> circle = graph.walk();
            circles.add(circle);
            graph.remove(circle);
        }
        return circles;
    }

    /** Takes these out, then those that waited for them alone, and so on: who is left waits for somebody who is left. */
    private void remove(List<String> jobs) {
        Deque<String> gone = new ArrayDeque<>(jobs);
        jobs.forEach(waitsFor::remove);
        while (!gone.isEmpty()) {
            String job = gone.pop();
            for (String waiter : waiters.getOrDefault(job, List.of())) {
                Set<String> on = waitsFor.getOrDefault(waiter, Set.of());
                if (!on.isEmpty() && on.remove(job) && on.isEmpty()) {
                    waitsFor.remove(waiter);
                    gone.add(waiter);
                }
            }
        }
    }

    /** From one to the next until somebody comes a second time. */
    private List<String> walk() {
        Set<String> way = new LinkedHashSet<>();
        String job = waitsFor.keySet().iterator().next();
        while (way.add(job)) {
            job = waitsFor.get(job).iterator().next();
        }
        List<String> all = List.copyOf(way);
        return all.subList(all.indexOf(job), all.size());
    }

    /** The circle in words, as one of its jobs sees it: {@code a after b after a}. */
    public static String tell(List<String> circle, String from) {
        int at = circle.indexOf(from);
        List<String> names = new ArrayList<>(circle.subList(at, circle.size()));
        names.addAll(circle.subList(0, at));
        if (names.size() > MOST_NAMES) {
            names.subList(MOST_NAMES, names.size()).clear();
            names.add("… (" + (circle.size() - MOST_NAMES) + " more)");
        }
        names.add(from);
        return String.join(" after ", names);
    }
}
