package gpuspool.foreground;

import gpuspool.gpu.Device;
import gpuspool.gpu.GpuId;
import gpuspool.job.Printable;
import gpuspool.plan.CardState;
import gpuspool.posix.Lock;
import gpuspool.posix.Locks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The locks of cards, where no watcher takes them for us. */
final class LockedCards {
    private static final int MOST_SHOWN = 200;

    private final Locks locks;
    private final String spoolId;

    /** @param spoolId whose simulated cards are meant */
    LockedCards(Locks locks, String spoolId) {
        this.locks = locks;
        this.spoolId = spoolId;
    }

    /** Cards whose lock somebody has, and who that is as far as he says. */
    Map<GpuId, CardState> taken(List<Device> cards) throws IOException {
        Map<GpuId, CardState> taken = new HashMap<>();
        for (Device card : cards) {
            Optional<Lock> lock = locks.tryLock(card.id().lockName(spoolId));
            if (lock.isEmpty()) {
                taken.put(card.id(), new CardState(CardState.Kind.LOCKED, holder(card.id())));
            } else {
                lock.get().close();
            }
        }
        return taken;
    }

    private String holder(GpuId card) throws IOException {
        // Anybody of this host may have written it.
        return locks.holderOf(card.lockName(spoolId))
                .map(line -> "used by " + Printable.cut(Printable.escape(line), MOST_SHOWN))
                .orElse("locked by somebody else");
    }

    /**
     * Locks them in the order of the locks' names, all or none.
     *
     * @param note who has them, for whoever finds them locked
     */
    Optional<List<Lock>> lock(List<Device> cards, String note) throws IOException {
        List<Lock> held = new ArrayList<>();
        List<String> names = cards.stream()
                .map(card -> card.id().lockName(spoolId))
                .sorted(Comparator.naturalOrder())
                .toList();
        try {
            for (String name : names) {
                Optional<Lock> lock = locks.tryLock(name);
                if (lock.isEmpty()) {
                    held.forEach(Lock::close);
                    return Optional.empty();
                }
                held.add(lock.get());
            }
            for (Lock lock : held) {
                lock.note(note);
            }
            return Optional.of(held);
        } catch (IOException e) {
            held.forEach(Lock::close);
            throw e;
        }
    }
}
