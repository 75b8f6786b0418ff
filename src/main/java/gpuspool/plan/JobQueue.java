package gpuspool.plan;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Jobs that wait, in the order in which they are to start: those that somebody asked to have first; then by priority, the higher first;
 * of one priority, those of the owner first who has had least; of one owner, in their own order. Nothing is sorted by what changes by
 * itself: what each has had is asked when the line is read.
 *
 * @param <R> a job; its own order is that in which it stands among those of its owner and priority, and among those asked for. None of
 *     what it is ordered by may change while it is in here
 */
public final class JobQueue<R extends Placement.Request & Comparable<? super R>> {
    private final Predicate<R> isAskedFor;
    private final SortedSet<R> askedFor = new TreeSet<>();
    private final TreeMap<Integer, Map<Integer, SortedSet<R>>> byPriority = new TreeMap<>(Collections.reverseOrder());
    private int size;

    /** @param isAskedFor whether a job comes before all for which this is not so */
    public JobQueue(Predicate<R> isAskedFor) {
        this.isAskedFor = isAskedFor;
    }

    public void add(R job) {
        SortedSet<R> place = isAskedFor.test(job)
                ? askedFor
                : byPriority
                        .computeIfAbsent(job.priority(), priority -> new HashMap<>())
                        .computeIfAbsent(job.owner(), owner -> new TreeSet<>());
        if (place.add(job)) {
            size++;
        }
    }

    /** Takes a job out; false where it was not in. */
    public boolean remove(R job) {
        boolean was = isAskedFor.test(job) ? askedFor.remove(job) : removeFromOwner(job);
        if (was) {
            size--;
        }
        return was;
    }

    private boolean removeFromOwner(R job) {
        Map<Integer, SortedSet<R>> owners = byPriority.getOrDefault(job.priority(), Map.of());
        SortedSet<R> jobs = owners.get(job.owner());
        if (jobs == null || !jobs.remove(job)) {
            return false;
        }
        if (jobs.isEmpty()) {
            owners.remove(job.owner());
            if (owners.isEmpty()) {
                byPriority.remove(job.priority());
            }
        }
        return true;
    }

    /** Of one owner's jobs the one that nobody would miss first; empty where none is but such as somebody asked for. */
    public Optional<R> lastOf(int owner) {
        return byPriority.descendingMap().values().stream()
                .filter(owners -> owners.containsKey(owner))
                .map(owners -> owners.get(owner).last())
                .findFirst();
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public int size() {
        return size;
    }

    /**
     * The jobs in order, for one reading during which nothing is added or removed. Each that is read counts for its owner.
     *
     * @param shares asked once, and only where jobs of several owners have one priority; empty: it is not known yet who has had what,
     *     and the line ends where that matters
     */
    public Line<R> line(Supplier<Optional<FairShare>> shares) {
        Collection<Map<Integer, SortedSet<R>>> classes = byPriority.values();
        return new FairLine<>(askedFor.iterator(), classes.iterator(), shares);
    }
}
