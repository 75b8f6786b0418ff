package gpuspool.watch;

import gpuspool.posix.ProcFiles;
import gpuspool.spool.Times;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;

/** The three clocks a watcher reads, each for its own purpose. */
public interface Clocks {
    /** Monotonic, in nanoseconds: settle times, grace times, retries. */
    long nanos();

    /** Milliseconds since boot, time asleep included: a job's {@code time}, which must survive restarts of the watcher. */
    long uptimeMillis() throws IOException;

    /**
     * The calendar, which anybody may set: for people, and for what is asked for or was written down by it, such as {@code begin}, how
     * long a retry is kept back, and how long ago somebody used a card.
     */
    InstantSource calendar();

    /** The calendar's time as it stands in the tree. */
    default String stamp() {
        return Times.format(Instant.ofEpochMilli(calendar().millis()));
    }

    /** The machine's. */
    static Clocks system() {
        return new Clocks() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public long uptimeMillis() throws IOException {
                return ProcFiles.uptimeMillis();
            }

            @Override
            public InstantSource calendar() {
                return InstantSource.system();
            }
        };
    }
}
