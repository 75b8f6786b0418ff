package gpuspool.config;

import gpuspool.gpu.GpuRules;
import gpuspool.job.Output;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@code spool.toml}, the environment and options may set, with everything filled in; {@code spool-layout.md}, section 9.
 *
 * @param devices which cards, as {@code --devices} takes them; counts at the start of a watcher only
 * @param gpus what holds for cards
 * @param queue who goes first, and what becomes of jobs that fail
 * @param settle how long a file must be unchanged where a lease proves that nobody has it open for writing
 * @param settleNoLease the same where there are no leases
 * @param settleNfs the same on NFS
 * @param maxFileSize largest job file taken, in bytes
 * @param shell program and options for job files that name none; empty: what this machine has
 * @param cwd where jobs run that name no directory; empty: the directory that holds the spool
 * @param dropEnv names of variables that jobs do not get from the watcher; one that ends in {@code *} stands for all that begin so
 * @param grace how long a job that is stopped may take to end by itself
 * @param minFreeDisk bytes free on the spool's file system below which nothing new starts; 0 never stops
 * @param keep how long filed jobs are kept; empty: for ever
 * @param logSize bytes at which watcher.log is rotated
 * @param logKeep how many rotated logs are kept
 * @param historySize bytes at which history.jsonl is rotated
 * @param lockDir where locks live; counts at the start only; empty: see {@code spool-layout.md}, section 2
 * @param host what this host is called in ids; counts at the start only; empty: the first label of its name
 */
public record Settings(
        Optional<String> devices,
        GpuRules gpus,
        QueueRules queue,
        Duration settle,
        Duration settleNoLease,
        Duration settleNfs,
        long maxFileSize,
        Durability durability,
        List<String> shell,
        Optional<Path> cwd,
        List<String> dropEnv,
        Output output,
        Duration grace,
        long minFreeDisk,
        Optional<Duration> keep,
        long logSize,
        int logKeep,
        long historySize,
        Optional<Path> lockDir,
        Optional<String> host) {

    /** The most bytes that a {@code spool.toml} may have. */
    public static final int LARGEST_FILE = 1 << 20;

    /** What holds where nobody says anything. */
    public static final Settings DEFAULTS = new Settings(
            Optional.empty(),
            GpuRules.DEFAULTS,
            QueueRules.DEFAULTS,
            Duration.ofMillis(100),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            1 << 20,
            Durability.FULL,
            List.of(),
            Optional.empty(),
            List.of(),
            Output.MERGED,
            Duration.ofSeconds(30),
            1L << 30,
            Optional.empty(),
            64L << 20,
            5,
            64L << 20,
            Optional.empty(),
            Optional.empty());

    /** Whether fsyncs stand between a claim and its start. */
    public enum Durability {
        FULL,
        FAST;

        /** As written in {@code spool.toml}: {@code full}, {@code fast}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** As written in {@code spool.toml}. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** A value as people would write it; for what is not set, the words of the table. */
    public String shown(SettingKey key) {
        return SettingsFields.shown(key, this);
    }

    /** These, with the keys that count at the start of a watcher as they were then. */
    public Settings startedWith(Settings start) {
        return new Settings(
                start.devices,
                gpus,
                queue,
                settle,
                settleNoLease,
                settleNfs,
                maxFileSize,
                durability,
                shell,
                cwd,
                dropEnv,
                output,
                grace,
                minFreeDisk,
                keep,
                logSize,
                logKeep,
                historySize,
                start.lockDir,
                start.host);
    }
}
