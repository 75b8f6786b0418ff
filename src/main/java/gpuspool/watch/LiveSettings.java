package gpuspool.watch;

import gpuspool.config.Settings;

/** The settings of a watcher, which may change while it runs. */
public interface LiveSettings {
    /** The settings as they stand now. */
    Settings now();

    /**
     * Looks whether they changed; called at each scan, and when due.
     *
     * @param now the monotonic clock
     * @return when to call again; {@link Engine#NEVER} when the next scan does
     */
    default long look(long now) {
        return Engine.NEVER;
    }
}
