package gpuspool.plan;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Supplier;

/** One reading of a {@link JobQueue}: of each priority only the first of each owner is held side by side. */
final class FairLine<R extends Placement.Request & Comparable<? super R>> implements Line<R> {
    /** What is left of an owner's jobs of one priority. */
    private record Rest<R>(R first, Iterator<R> others, double share) {}

    private final Iterator<R> askedFor;
    private final Iterator<Map<Integer, SortedSet<R>>> lowerPriorities;
    private final Supplier<Optional<FairShare>> source;
    private final PriorityQueue<Rest<R>> owners =
            new PriorityQueue<>(Comparator.comparingDouble((Rest<R> rest) -> rest.share())
                    .thenComparing(Rest::first, Comparator.naturalOrder()));
    private final Set<Integer> leftOut = new HashSet<>();
    /** GPUs of what was read, by owner; a job without one counts as one. */
    private final Map<Integer, Integer> chosen = new HashMap<>();

    private Optional<FairShare> shares = Optional.empty();
    /** Whether several owners have jobs of the priority that is read. */
    private boolean shared;

    private boolean over;
    private Optional<R> next = Optional.empty();

    FairLine(
            Iterator<R> askedFor,
            Iterator<Map<Integer, SortedSet<R>>> byPriority,
            Supplier<Optional<FairShare>> source) {
        this.askedFor = askedFor;
        this.lowerPriorities = byPriority;
        this.source = source;
    }

    @Override
    public boolean hasNext() {
        if (next.isEmpty()) {
            next = find();
        }
        return next.isPresent();
    }

    @Override
    public R next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        R job = next.get();
        next = Optional.empty();
        return job;
    }

    @Override
    public void leaveOut(int owner) {
        leftOut.add(owner);
        next = next.filter(job -> job.owner() != owner);
    }

    private Optional<R> find() {
        while (askedFor.hasNext()) {
            R job = askedFor.next();
            if (!leftOut.contains(job.owner())) {
                return Optional.of(count(job));
            }
        }
        while (!owners.isEmpty() || begin()) {
            Rest<R> rest = owners.remove();
            int owner = rest.first().owner();
            if (!leftOut.contains(owner)) {
                R job = count(rest.first());
                if (rest.others().hasNext()) {
                    owners.add(new Rest<>(rest.others().next(), rest.others(), share(owner)));
                }
                return Optional.of(job);
            }
        }
        return Optional.empty();
    }

    private R count(R job) {
        chosen.merge(job.owner(), Math.max(1, job.gpus()), Integer::sum);
        return job;
    }

    /** Takes up the next lower priority that has anything to give; false where there is none. */
    private boolean begin() {
        while (owners.isEmpty() && lowerPriorities.hasNext() && !over) {
            Map<Integer, SortedSet<R>> jobs = lowerPriorities.next();
            shared = jobs.keySet().stream()
                            .filter(owner -> !leftOut.contains(owner))
                            .limit(2)
                            .count()
                    > 1;
            if (shared && shares.isEmpty()) {
                shares = source.get();
                over = shares.isEmpty();
            }
            if (!over) {
                jobs.forEach(this::take);
            }
        }
        return !owners.isEmpty();
    }

    private void take(int owner, SortedSet<R> jobs) {
        if (!leftOut.contains(owner)) {
            Iterator<R> all = jobs.iterator();
            owners.add(new Rest<>(all.next(), all, share(owner)));
        }
    }

    private double share(int owner) {
        return shared ? shares.orElseThrow().of(owner, chosen.getOrDefault(owner, 0)) : 0;
    }
}
