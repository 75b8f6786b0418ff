package gpuspool.watch;

import java.util.Iterator;

/** One iterator after another, read only as far as needed. */
final class Chain<T> implements Iterator<T> {
    private final Iterator<? extends T> first;
    private final Iterator<? extends T> second;

    Chain(Iterator<? extends T> first, Iterator<? extends T> second) {
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
}
