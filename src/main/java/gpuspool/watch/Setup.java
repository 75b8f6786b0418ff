package gpuspool.watch;

import gpuspool.config.Settings;
import gpuspool.gpu.Roster;
import gpuspool.job.JobSpec;
import gpuspool.spool.DropReader;
import gpuspool.spool.Spool;
import gpuspool.supervise.JobEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What one watcher works with, fixed for its life.
 *
 * @param host this host's name as it stands in ids
 * @param cards its cards, as far as they were known at its start
 * @param slots how many jobs without a GPU may run at once
 * @param nfs whether the spool lies on NFS
 * @param home where jobs run for which neither they nor the settings name a directory
 * @param holder what holds a card by a process
 * @param liveSettings the settings, which may change
 * @param attention what the operator should know now
 * @param log takes one line per event, from any thread
 * @param news is told of each job that starts or is filed
 */
public record Setup(
        Spool spool,
        String host,
        Roster cards,
        int slots,
        DropReader snapshot,
        boolean nfs,
        Path home,
        JobEnvironment environment,
        HolderProgram holder,
        LiveSettings liveSettings,
        Attention attention,
        Consumer<String> log,
        JobNews news) {

    /** A program and its first arguments, and the watcher's own environment. */
    public record HolderProgram(List<String> command, Map<String, String> environment) {}

    /** The settings as they stand now. */
    Settings settings() {
        return liveSettings.now();
    }

    /** How long a file must be unchanged before it is taken. */
    Duration settle(boolean leased) {
        Settings now = settings();
        return leased ? now.settle() : nfs ? now.settleNfs() : now.settleNoLease();
    }

    /** Where a job runs that is read now. */
    Path cwdOf(JobSpec spec) {
        return spec.cwd().map(Path::of).or(settings()::cwd).orElse(home);
    }

    void say(String line) {
        log.accept(line);
    }
}
