package gpuspool.watch;

import gpuspool.posix.Flock;
import gpuspool.posix.Lock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The setting {@code pick_lock}: a lock of other programs, held from the choice of cards until the jobs on them are started. */
final class PickLock {
    private static final long ASK_AGAIN = Duration.ofMillis(100).toNanos();

    private final Setup setup;
    private Optional<Lock> held = Optional.empty();
    private Optional<Long> askAgain = Optional.empty();

    PickLock(Setup setup) {
        this.setup = setup;
    }

    /** A round of starts begins, which may pick no card. */
    void beginRound() {
        askAgain = Optional.empty();
    }

    /** Takes it, where one is set; whether cards may be picked. */
    boolean take(long now) throws IOException {
        Optional<Path> file = setup.settings().gpus().pickLock();
        if (file.isEmpty()) {
            return true;
        }
        held = Flock.tryLock(file.get());
        if (held.isEmpty()) {
            askAgain = Optional.of(now + ASK_AGAIN);
        }
        return held.isPresent();
    }

    void release() {
        held.ifPresent(Lock::close);
        held = Optional.empty();
    }

    /** Why nothing is picked; empty when it is not for that. */
    Optional<String> busy() {
        return askAgain.map(time -> "another program is picking GPUs: it has "
                + setup.settings().gpus().pickLock().map(Path::toString).orElse("") + " locked");
    }

    /** When it is asked for again; empty when nobody waits for it. */
    Optional<Long> nextAsk() {
        return askAgain;
    }
}
