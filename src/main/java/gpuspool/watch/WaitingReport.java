package gpuspool.watch;

import gpuspool.spool.HostFiles;
import gpuspool.spool.Times;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * Keeps {@code hosts/<host>/waiting} true: why each queued job waits. Written when it changed, at most once a second, and less often
 * where very many wait.
 */
final class WaitingReport {
    private static final String WRITING = "waiting";
    private static final long INTERVAL = Duration.ofSeconds(1).toNanos();

    /** All that is queued is gone through: so many times as long as that took it is not done again. */
    private static final int REST = 50;

    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(10);

    private final Engine engine;
    private final HostFiles files;
    private final Clocks clocks;
    private WaitingList written = WaitingList.UNWRITTEN;
    private long nextWrite;

    WaitingReport(Engine engine, HostFiles files, Clocks clocks) {
        this.engine = engine;
        this.files = files;
        this.clocks = clocks;
        nextWrite = clocks.nanos();
    }

    /**
     * Writes the file if it is due and would say something new. It is for people only: that it cannot be written must not end
     * the service.
     *
     * @return when to call again; {@link Engine#NEVER} when only a change brings anything new
     */
    long update() {
        long now = clocks.nanos();
        if (now - nextWrite < 0) {
            return nextWrite;
        }
        try {
            writeIfNew(now);
            nextWrite = now + Math.max(INTERVAL, REST * (clocks.nanos() - now));
            engine.trouble().isOver(WRITING, "why jobs wait can be written down again");
            return Engine.NEVER;
        } catch (IOException e) {
            engine.trouble()
                    .is(
                            WRITING,
                            "attention: cannot write why jobs wait: " + e.getMessage() + ". Tried again every 10 s");
            nextWrite = now + AFTER_TROUBLE.toNanos();
            return nextWrite;
        }
    }

    private void writeIfNew(long now) throws IOException {
        WaitingList found = WaitingList.of(engine, now);
        if (!found.equals(written)) {
            files.writeWaiting(
                    Times.format(Instant.ofEpochMilli(clocks.calendar().millis())),
                    found.listed(),
                    found.more(),
                    found.counts());
            written = found;
        }
    }
}
