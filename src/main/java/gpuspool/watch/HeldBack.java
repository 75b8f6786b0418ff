package gpuspool.watch;

import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.TreeSet;

/** Files that are not to be taken yet, by the time at which each is looked at again. That time must not change while it is here. */
final class HeldBack {
    private final TreeSet<Entry> byTime = new TreeSet<>(
            Comparator.comparingLong((Entry entry) -> entry.lookAgainAt).thenComparing(entry -> entry.file.path()));

    void add(Entry entry) {
        byTime.add(entry);
    }

    void remove(Entry entry) {
        byTime.remove(entry);
    }

    /** Takes out the one that is due longest. */
    Optional<Entry> pollDue(long now) {
        boolean due = !byTime.isEmpty() && now - byTime.first().lookAgainAt >= 0;
        return due ? Optional.ofNullable(byTime.pollFirst()) : Optional.empty();
    }

    /** When the next one is due; empty when there is none. */
    Optional<Long> nextLook() {
        return byTime.isEmpty() ? Optional.empty() : Optional.of(byTime.first().lookAgainAt);
    }

    Collection<Entry> all() {
        return Collections.unmodifiableCollection(byTime);
    }
}
