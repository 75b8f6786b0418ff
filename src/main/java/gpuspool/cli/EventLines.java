package gpuspool.cli;

import gpuspool.config.Settings;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Takes one line per event of a watcher. */
interface EventLines extends Consumer<String> {
    /** Called once the settings are known, and again when another spool brings others. */
    default void obey(Supplier<Settings> settings) {}
}
