package gpuspool.watch;

import gpuspool.plan.Line;

/** One line after another, read only as far as needed. */
final class Chain<T> implements Line<T> {
    private final Line<? extends T> first;
    private final Line<? extends T> second;

    Chain(Line<? extends T> first, Line<? extends T> second) {
        this.first = first;
        this.second = second;
    }

    @Override
    public boolean hasNext() {
        return first.hasNext() || second.hasNext();
    }

    @Override
    public T next() {
        return first.hasNext() ? first.next() : second.next();
    }

    @Override
    public void leaveOut(int owner) {
        first.leaveOut(owner);
        second.leaveOut(owner);
    }
}
