package gpuspool.watch;

import gpuspool.gpu.GpuId;
import gpuspool.posix.Lock;
import gpuspool.posix.Locks;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Locks of cards that several jobs have at once. Only who holds a card's {@code share.lock} lets a job onto it that shares, and no job
 * inherits that: so all who share a card are of one watcher. Each job has a lock of its own on the card, which keeps everybody out who
 * wants the card alone.
 */
final class SharedLocks {
    private final String spoolId;
    private final Locks locks;
    private final Map<GpuId, Lock> rights = new HashMap<>();

    SharedLocks(String spoolId, Locks locks) {
        this.spoolId = spoolId;
        this.locks = locks;
    }

    /** Whether a job may be put on this card besides those that share it. */
    boolean mayJoin(GpuId card) {
        return rights.containsKey(card);
    }

    /** Has the right to these cards, which jobs of ours share, as far as it is to be had; and gives back that to others. */
    void retain(Set<GpuId> shared) throws IOException {
        Set<GpuId> others = new HashSet<>(rights.keySet());
        others.removeAll(shared);
        others.forEach(card -> rights.remove(card).close());
        for (GpuId card : shared) {
            if (!mayJoin(card)) {
                locks.tryLock(card.shareLockName(spoolId)).ifPresent(right -> rights.put(card, right));
            }
        }
    }

    /**
     * Takes a card for the first job that shares it.
     *
     * @param kept its lock, where we have it already
     * @return empty when it, or the right to share it, is somebody else's
     */
    Optional<Lock> begin(GpuId card, Optional<Lock> kept) throws IOException {
        Optional<Lock> right = named(card);
        Optional<Lock> lock = kept;
        boolean had = false;
        try {
            if (right.isPresent() && lock.isEmpty()) {
                // Alone first: so nobody has it, neither alone nor with others.
                lock = locks.tryLock(card.lockName(spoolId));
            }
            had = right.isPresent() && lock.isPresent() && lock.get().share();
        } finally {
            if (had) {
                rights.put(card, right.orElseThrow());
            } else {
                lock.ifPresent(Lock::close);
                right.ifPresent(Lock::close);
                rights.remove(card);
            }
        }
        return had ? lock : Optional.empty();
    }

    /** Takes a card for one more job, besides others of ours. */
    Optional<Lock> join(GpuId card) throws IOException {
        if (mayJoin(card) && !rights.get(card).isNamed()) {
            // The lock directory was emptied: it keeps nobody out any more.
            rights.remove(card).close();
        }
        return mayJoin(card) ? locks.tryShare(card.lockName(spoolId)) : Optional.empty();
    }

    /** The right to a card by its name, as it is now. */
    private Optional<Lock> named(GpuId card) throws IOException {
        Lock held = rights.get(card);
        if (held != null && held.isNamed()) {
            return Optional.of(held);
        }
        Optional<Lock> right = locks.tryLock(card.shareLockName(spoolId));
        if (held != null) {
            held.close();
            rights.remove(card);
        }
        return right;
    }

    /** Gives all rights back. */
    void release() {
        rights.values().forEach(Lock::close);
        rights.clear();
    }
}
