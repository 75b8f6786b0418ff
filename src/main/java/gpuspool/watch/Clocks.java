package gpuspool.watch;

import gpuspool.posix.ProcFiles;
import java.io.IOException;
import java.time.InstantSource;

/** The three clocks a watcher reads, each for its own purpose. */
public interface Clocks {
    /** Monotonic, in nanoseconds: settle times, grace times, retries. */
    long nanos();

    /** Milliseconds since boot, time asleep included: a job's {@code time}, which must survive restarts of the watcher. */
    long uptimeMillis() throws IOException;

    /** The calendar: for people only. */
    InstantSource calendar();

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
