package gpuspool.plan;

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
    /** An owner, what is left of their jobs of the priority that is read, and what was read of them. */
    private static final class Turn<R extends Comparable<? super R>> implements Comparable<Turn<R>> {
        private final int owner;
        /** Not null while it stands among the others. */
        private R first;

        private Iterator<R> others;
        /** GPUs of what was read; a job without one counts as one. */
        private int chosen;

        private double share;

        Turn(int owner) {
            this.owner = owner;
        }

        @Override
        public int compareTo(Turn<R> other) {
            int byShare = Double.compare(share, other.share);
            return byShare != 0 ? byShare : first.compareTo(other.first);
        }
    }

    private final Iterator<R> askedFor;
    private final Iterator<Map<Integer, SortedSet<R>>> lowerPriorities;
    private final Supplier<Optional<FairShare>> source;
    private final Map<Integer, Turn<R>> turns = new HashMap<>();
    private final PriorityQueue<Turn<R>> owners = new PriorityQueue<>();
    private final Set<Integer> leftOut = new HashSet<>();

    private Optional<FairShare> shares = Optional.empty();
    private boolean over;
    /** Null where it is still to be found. */
    private R next;

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
        if (next == null) {
            next = find();
        }
        return next != null;
    }

    @Override
    public R next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        R job = next;
        next = null;
        return job;
    }

    @Override
    public void leaveOut(int owner) {
        leftOut.add(owner);
        if (next != null && next.owner() == owner) {
            next = null;
        }
    }

    private R find() {
        while (askedFor.hasNext()) {
            R job = askedFor.next();
            if (!leftOut.contains(job.owner())) {
                turn(job.owner()).chosen += Math.max(1, job.gpus());
                return job;
            }
        }
        while (!owners.isEmpty() || begin()) {
            Turn<R> turn = owners.element();
            if (leftOut.contains(turn.owner)) {
                owners.remove();
            } else {
                return take(turn);
            }
        }
        return null;
    }

    private Turn<R> turn(int owner) {
        return turns.computeIfAbsent(owner, Turn::new);
    }

    /** The first of the owner whose turn it is. One who is alone keeps their place: this is what a long line of one user costs. */
    private R take(Turn<R> turn) {
        boolean alone = owners.size() == 1;
        if (!alone) {
            owners.remove();
        }
        R job = turn.first;
        turn.chosen += Math.max(1, job.gpus());
        if (turn.others.hasNext()) {
            turn.first = turn.others.next();
            if (!alone) {
                turn.share = share(turn);
                owners.add(turn);
            }
        } else if (alone) {
            owners.clear();
        }
        return job;
    }

    /** Takes up the next lower priority that has anything to give; false where there is none. */
    private boolean begin() {
        while (owners.isEmpty() && lowerPriorities.hasNext() && !over) {
            Map<Integer, SortedSet<R>> jobs = lowerPriorities.next();
            long rivals = jobs.keySet().stream()
                    .filter(owner -> !leftOut.contains(owner))
                    .limit(2)
                    .count();
            if (rivals > 1 && shares.isEmpty()) {
                shares = source.get();
                over = shares.isEmpty();
            }
            if (!over) {
                jobs.forEach(this::add);
            }
        }
        return !owners.isEmpty();
    }

    private void add(int owner, SortedSet<R> jobs) {
        if (!leftOut.contains(owner)) {
            Turn<R> turn = turn(owner);
            turn.others = jobs.iterator();
            turn.first = turn.others.next();
            turn.share = share(turn);
            owners.add(turn);
        }
    }

    /** Of no weight where nobody was asked: then the owner is alone. */
    private double share(Turn<R> turn) {
        return shares.isPresent() ? shares.get().of(turn.owner, turn.chosen) : 0;
    }
}
