package gpuspool.web;

import gpuspool.gpu.BadDeviceListException;
import gpuspool.view.CardLook;
import gpuspool.view.Snapshot;
import gpuspool.view.SnapshotReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One snapshot for all who ask within a second. Nothing is read while nobody asks, and the GPU driver is let go of half a minute
 * after the last one did.
 */
final class SharedSnapshot implements AutoCloseable {
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final Duration LAST_ASKED = Duration.ofSeconds(30);

    private final Cards cards;
    private final Reader reader;
    private final Deadlines deadlines;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<CardLook> look = Optional.empty();
    private Optional<Snapshot> last = Optional.empty();
    private long readAt;
    private Optional<ScheduledFuture<?>> rest = Optional.empty();

    /** Where the cards are looked at. */
    interface Cards {
        CardLook open() throws IOException;
    }

    /** Makes a snapshot of the tree and these cards. */
    interface Reader {
        SnapshotReader of(SnapshotReader.Cards cards) throws IOException;
    }

    SharedSnapshot(Cards cards, Reader reader, Deadlines deadlines) {
        this.cards = cards;
        this.reader = reader;
        this.deadlines = deadlines;
    }

    /** At most a second old. */
    Snapshot get() throws IOException, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (last.isEmpty() || System.nanoTime() - readAt > FRESH.toNanos()) {
                last = Optional.of(read());
                readAt = System.nanoTime();
            }
            return last.get();
        } finally {
            lock.unlock();
        }
    }

    private Snapshot read() throws IOException, InterruptedException {
        rest.ifPresent(timer -> timer.cancel(false));
        rest = Optional.of(deadlines.later(LAST_ASKED, this::rest));
        if (look.isEmpty()) {
            look = Optional.of(cards.open());
        }
        try {
            return reader.of(look.get()::look).read();
        } catch (BadDeviceListException e) {
            throw new IOException("cannot tell which GPUs there are: " + e.getMessage(), e);
        }
    }

    private void rest() {
        if (!lock.tryLock()) {
            // Somebody reads, perhaps from a disk that hangs: the one thread that ends what takes too long must not
            // wait for that.
            ScheduledFuture<?> unused = deadlines.later(LAST_ASKED, this::rest);
            return;
        }
        try {
            look.ifPresent(CardLook::close);
            look = Optional.empty();
            last = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        rest();
    }
}
