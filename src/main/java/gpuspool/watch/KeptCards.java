package gpuspool.watch;

import gpuspool.gpu.GpuId;
import gpuspool.plan.CardState;
import gpuspool.posix.Lock;
import gpuspool.posix.Locks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Cards that are locked for the first job in the queue while it waits for more. Only the one watcher of a host that has
 * {@code gather.lock} waits with cards in hand, so two can never wait for each other.
 */
final class KeptCards {
    static final String GATHER_LOCK = "gather.lock";

    private final String spoolId;
    private final Locks locks;
    private final Map<GpuId, Lock> kept = new TreeMap<>();
    private Optional<Lock> right = Optional.empty();
    private String job = "";

    KeptCards(String spoolId, Locks locks) {
        this.spoolId = spoolId;
        this.locks = locks;
    }

    Set<GpuId> cards() {
        return Set.copyOf(kept.keySet());
    }

    /** Keeps these cards for the job of this name, and no others, as far as they can be had. */
    void keep(Collection<GpuId> wanted, String forJob) throws IOException {
        job = forJob;
        List<GpuId> others = new ArrayList<>(kept.keySet());
        others.removeAll(wanted);
        others.forEach(card -> kept.remove(card).close());
        if (wanted.isEmpty()) {
            release();
            return;
        }
        if (right.isEmpty()) {
            right = locks.tryLock(GATHER_LOCK);
        }
        if (right.isEmpty()) {
            return;
        }
        for (GpuId card : wanted) {
            if (!kept.containsKey(card)) {
                Optional<Lock> lock = locks.tryLock(card.lockName(spoolId));
                lock.ifPresent(own -> kept.put(card, own));
            }
        }
    }

    /** What is said of them. */
    CardState state() {
        return new CardState(CardState.Kind.KEPT, "kept for " + job + ", which waits for more");
    }

    /** Hands out the lock of a card that is kept; it is the caller's from now on. */
    Optional<Lock> take(GpuId card) {
        return Optional.ofNullable(kept.remove(card));
    }

    /** Gives all of them back. */
    void release() {
        kept.values().forEach(Lock::close);
        kept.clear();
        right.ifPresent(Lock::close);
        right = Optional.empty();
    }
}
