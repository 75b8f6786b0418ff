package gpuspool.plan;

import java.util.HashSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/** Jobs in the order of an iterator, which is read one job ahead. */
public final class PlainLine<R extends Placement.Request> implements Line<R> {
    private final Iterator<? extends R> jobs;
    private final Set<Integer> leftOut = new HashSet<>();
    private Optional<R> next = Optional.empty();

    public PlainLine(Iterator<? extends R> jobs) {
        this.jobs = jobs;
    }

    @Override
    public boolean hasNext() {
        while ((next.isEmpty() || leftOut.contains(next.get().owner())) && jobs.hasNext()) {
            next = Optional.of(jobs.next());
        }
        return next.isPresent() && !leftOut.contains(next.get().owner());
    }

    @Override
    public R next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no more jobs in line");
        }
        R job = next.get();
        next = Optional.empty();
        return job;
    }

    @Override
    public void leaveOut(int owner) {
        leftOut.add(owner);
    }
}
