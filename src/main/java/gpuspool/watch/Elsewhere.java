package gpuspool.watch;

import gpuspool.gpu.GpuId;
import gpuspool.job.Printable;
import gpuspool.plan.CardState;
import gpuspool.posix.Locks;
import java.io.IOException;

/** What is said of a card whose lock somebody else has: the line its holder left there, if any. */
final class Elsewhere {
    private static final int MOST_SHOWN = 200;

    private Elsewhere() {}

    static CardState has(GpuId card, String spoolId, Locks locks) throws IOException {
        // Anybody of this host may have written it.
        String who = locks.holderOf(card.lockName(spoolId))
                .map(line -> "used by " + Printable.cut(Printable.escape(line), MOST_SHOWN))
                .orElse("locked by another spool or user");
        return new CardState(CardState.Kind.LOCKED, who);
    }
}
