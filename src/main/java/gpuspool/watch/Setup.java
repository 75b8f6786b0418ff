package gpuspool.watch;

import gpuspool.config.Settings;
import gpuspool.gpu.GpuId;
import gpuspool.job.JobSpec;
import gpuspool.spool.Snapshot;
import gpuspool.spool.Spool;
import gpuspool.supervise.JobEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What one watcher works with, fixed for its life.
 *
 * @param host this host's name as it stands in ids
 * @param cards the cards it may use, in order
 * @param slots how many jobs without a GPU may run at once
 * @param settleLeased how long a file must be unchanged where a lease proves that nobody writes
 * @param settleUnleased the same where there are no leases
 * @param defaultCwd where jobs run that name no directory
 * @param liveSettings the settings as they stand when it is asked
 * @param attention what the operator should know now
 * @param log takes one line per event
 */
public record Setup(
        Spool spool,
        String host,
        List<GpuId> cards,
        int slots,
        Snapshot snapshot,
        Duration settleLeased,
        Duration settleUnleased,
        Path defaultCwd,
        JobEnvironment environment,
        Supplier<Settings> liveSettings,
        Attention attention,
        Consumer<String> log) {

    /** The settings as they stand now. */
    Settings settings() {
        return liveSettings.get();
    }

    /** Where a job runs. */
    Path cwdOf(JobSpec spec) {
        return spec.cwd().map(Path::of).orElse(defaultCwd);
    }

    void say(String line) {
        log.accept(line);
    }
}
