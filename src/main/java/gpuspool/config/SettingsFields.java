package gpuspool.config;

import gpuspool.gpu.GpuRules;
import gpuspool.gpu.IgnoreRule;
import gpuspool.job.BadValueException;
import gpuspool.job.Durations;
import gpuspool.job.JobSpec;
import gpuspool.job.Output;
import gpuspool.job.Pin;
import gpuspool.job.Problems;
import gpuspool.job.Shell;
import gpuspool.job.Sizes;
import gpuspool.job.Value;
import gpuspool.job.Values;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Settings as they are read, a later value in place of an earlier one; defaults where nothing is said. */
final class SettingsFields {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    private final Map<SettingKey, String> origins = new EnumMap<>(SettingKey.class);

    private Optional<String> devices = Settings.DEFAULTS.devices();
    private long minFreeMemory = GpuRules.DEFAULTS.minFreeMemory();
    private List<IgnoreRule> ignore = GpuRules.DEFAULTS.ignore();
    private int keepIdle = GpuRules.DEFAULTS.keepIdle();
    private GpuRules.Collision collision = GpuRules.DEFAULTS.collision();
    private Pin pin = GpuRules.DEFAULTS.pin();
    private GpuRules.Hold hold = GpuRules.DEFAULTS.hold();
    private int holdPercent = GpuRules.DEFAULTS.holdPercent();
    private Optional<Path> pickLock = GpuRules.DEFAULTS.pickLock();
    private Duration maxBypass = QueueRules.DEFAULTS.maxBypass();
    private OptionalInt cpuSlots = QueueRules.DEFAULTS.cpuSlots();
    private Map<String, Double> weights = QueueRules.DEFAULTS.weights();
    private OptionalInt maxGpusPerUser = QueueRules.DEFAULTS.maxGpusPerUser();
    private OptionalInt maxJobsPerUser = QueueRules.DEFAULTS.maxJobsPerUser();
    private int maxJobsPerGpu = QueueRules.DEFAULTS.maxJobsPerGpu();
    private Duration retryDelay = QueueRules.DEFAULTS.retryDelay();
    private Duration longestRetryDelay = QueueRules.DEFAULTS.longestRetryDelay();
    private int maxSweep = QueueRules.DEFAULTS.maxSweep();
    private Optional<List<String>> tell = QueueRules.DEFAULTS.tell();
    private Duration settle = Settings.DEFAULTS.settle();
    private Duration settleNoLease = Settings.DEFAULTS.settleNoLease();
    private Duration settleNfs = Settings.DEFAULTS.settleNfs();
    private long maxFileSize = Settings.DEFAULTS.maxFileSize();
    private Settings.Durability durability = Settings.DEFAULTS.durability();
    private List<String> shell = Settings.DEFAULTS.shell();
    private Optional<Path> cwd = Settings.DEFAULTS.cwd();
    private List<String> dropEnv = Settings.DEFAULTS.dropEnv();
    private Output output = Settings.DEFAULTS.output();
    private Duration grace = Settings.DEFAULTS.grace();
    private long minFreeDisk = Settings.DEFAULTS.minFreeDisk();
    private Optional<Duration> keep = Settings.DEFAULTS.keep();
    private long logSize = Settings.DEFAULTS.logSize();
    private int logKeep = Settings.DEFAULTS.logKeep();
    private long historySize = Settings.DEFAULTS.historySize();
    private Optional<Path> lockDir = Settings.DEFAULTS.lockDir();
    private Optional<String> host = Settings.DEFAULTS.host();

    /**
     * Takes a key's value, or notes what is wrong with it.
     *
     * @param origin where it stands, for people
     */
    void set(SettingKey key, Value value, String origin, Problems problems) {
        try {
            switch (key) {
                case DEVICES -> devices = Optional.of(SettingValues.devices(key, value));
                case MIN_FREE_MEM -> minFreeMemory = SettingValues.size(key, value, 0, Sizes.LARGEST);
                case IGNORE ->
                    ignore = SettingValues.ignoreRules(key, value, problems).orElse(ignore);
                case KEEP_IDLE -> keepIdle = Values.whole(key, value, 0, JobSpec.MOST_GPUS);
                case COLLISION -> collision = Values.oneOf(key, value, GpuRules.Collision.class);
                case PIN -> pin = Values.oneOf(key, value, Pin.class);
                case HOLD -> hold = Values.oneOf(key, value, GpuRules.Hold.class);
                case HOLD_PERCENT -> holdPercent = Values.whole(key, value, 1, 95);
                case PICK_LOCK -> pickLock = Optional.of(Path.of(Values.path(key, value)));
                case MAX_BYPASS -> maxBypass = Values.duration(key, value);
                case CPU_SLOTS -> cpuSlots = OptionalInt.of(Values.whole(key, value, 1, 10_000));
                case WEIGHTS ->
                    weights = SettingValues.weights(key, value, problems).orElse(weights);
                case MAX_GPUS_PER_USER ->
                    maxGpusPerUser = OptionalInt.of(Values.whole(key, value, 1, JobSpec.MOST_GPUS));
                case MAX_JOBS_PER_USER -> maxJobsPerUser = OptionalInt.of(Values.whole(key, value, 1, 10_000));
                case MAX_JOBS_PER_GPU -> maxJobsPerGpu = Values.whole(key, value, 1, 1000);
                case RETRY_DELAY -> retryDelay = Values.duration(key, value);
                case LONGEST_RETRY_DELAY -> longestRetryDelay = Values.duration(key, value);
                case MAX_SWEEP -> maxSweep = Values.whole(key, value, 1, 99_999);
                case NOTIFY -> tell = Values.command(key, value, problems).or(() -> tell);
                case SETTLE -> settle = SettingValues.settle(key, value);
                case SETTLE_NO_LEASE -> settleNoLease = SettingValues.settle(key, value);
                case SETTLE_NFS -> settleNfs = SettingValues.settle(key, value);
                case MAX_FILE_SIZE -> maxFileSize = SettingValues.size(key, value, KIB, 64 * MIB);
                case DURABILITY -> durability = Values.oneOf(key, value, Settings.Durability.class);
                case SHELL -> shell = Shell.read(key, value, problems).orElse(shell);
                case CWD -> cwd = Optional.of(Path.of(Values.path(key, value)));
                case DROP_ENV ->
                    dropEnv = SettingValues.variables(key, value, problems).orElse(dropEnv);
                case OUTPUT -> output = Values.oneOf(key, value, Output.class);
                case GRACE -> grace = Values.duration(key, value);
                case MIN_FREE_DISK -> minFreeDisk = SettingValues.size(key, value, 0, Sizes.LARGEST);
                case KEEP -> keep = Optional.of(Values.aboveZero(key, value));
                case LOG_SIZE -> logSize = SettingValues.size(key, value, KIB, 64 * GIB);
                case LOG_KEEP -> logKeep = Values.whole(key, value, 0, SettingKey.MOST_LOGS);
                case HISTORY_SIZE -> historySize = SettingValues.size(key, value, KIB, 64 * GIB);
                case LOCK_DIR -> lockDir = Optional.of(Path.of(Values.path(key, value)));
                case HOST -> host = Optional.of(SettingValues.host(key, value));
            }
            origins.put(key, origin);
        } catch (BadValueException bad) {
            problems.add(value.at(), bad);
        }
    }

    /** Takes what {@code CUDA_VISIBLE_DEVICES} says: empty means no GPU, and what it may say is not ours to judge. */
    void setVisibleDevices(String list) {
        devices = Optional.of(list);
        origins.put(SettingKey.DEVICES, SettingsRead.VISIBLE);
    }

    Optional<String> host() {
        return host;
    }

    /** Where each value comes from; keys at their default are missing. */
    Map<SettingKey, String> origins() {
        return origins;
    }

    Settings settings() {
        return new Settings(
                devices,
                new GpuRules(minFreeMemory, ignore, keepIdle, collision, pin, hold, holdPercent, pickLock),
                new QueueRules(
                        maxBypass,
                        cpuSlots,
                        weights,
                        maxGpusPerUser,
                        maxJobsPerUser,
                        maxJobsPerGpu,
                        retryDelay,
                        longestRetryDelay,
                        maxSweep,
                        tell),
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
                lockDir,
                host);
    }

    /** A value as it would be written; for what is not set, the words of the table. */
    static String shown(SettingKey key, Settings settings) {
        return switch (key) {
            case DEVICES -> settings.devices().orElse(key.byDefault());
            case MIN_FREE_MEM -> Sizes.format(settings.gpus().minFreeMemory());
            case IGNORE ->
                settings.gpus().ignore().isEmpty()
                        ? key.byDefault()
                        : String.join(
                                ", ",
                                settings.gpus().ignore().stream()
                                        .map(IgnoreRule::word)
                                        .toList());
            case KEEP_IDLE -> Integer.toString(settings.gpus().keepIdle());
            case COLLISION -> Settings.word(settings.gpus().collision());
            case PIN -> Settings.word(settings.gpus().pin());
            case HOLD -> Settings.word(settings.gpus().hold());
            case HOLD_PERCENT -> Integer.toString(settings.gpus().holdPercent());
            case PICK_LOCK -> settings.gpus().pickLock().map(Path::toString).orElse(key.byDefault());
            case MAX_BYPASS -> Durations.write(settings.queue().maxBypass());
            case CPU_SLOTS -> shown(settings.queue().cpuSlots(), key);
            case WEIGHTS ->
                settings.queue().weights().isEmpty()
                        ? key.byDefault()
                        : settings.queue().weights().entrySet().stream()
                                .sorted(Map.Entry.comparingByKey())
                                .map(each -> each.getKey() + " " + each.getValue())
                                .collect(Collectors.joining(", "));
            case MAX_GPUS_PER_USER -> shown(settings.queue().maxGpusPerUser(), key);
            case MAX_JOBS_PER_USER -> shown(settings.queue().maxJobsPerUser(), key);
            case MAX_JOBS_PER_GPU -> Integer.toString(settings.queue().maxJobsPerGpu());
            case RETRY_DELAY -> Durations.write(settings.queue().retryDelay());
            case LONGEST_RETRY_DELAY -> Durations.write(settings.queue().longestRetryDelay());
            case MAX_SWEEP -> Integer.toString(settings.queue().maxSweep());
            case NOTIFY -> settings.queue().tell().map(SettingsFields::command).orElse(key.byDefault());
            case SETTLE -> Durations.write(settings.settle());
            case SETTLE_NO_LEASE -> Durations.write(settings.settleNoLease());
            case SETTLE_NFS -> Durations.write(settings.settleNfs());
            case MAX_FILE_SIZE -> Sizes.format(settings.maxFileSize());
            case DURABILITY -> settings.durability().word();
            case SHELL -> settings.shell().isEmpty() ? key.byDefault() : String.join(" ", settings.shell());
            case CWD -> settings.cwd().map(Path::toString).orElse(key.byDefault());
            case DROP_ENV -> settings.dropEnv().isEmpty() ? key.byDefault() : String.join(" ", settings.dropEnv());
            case OUTPUT -> settings.output().word();
            case GRACE -> Durations.write(settings.grace());
            case MIN_FREE_DISK -> Sizes.format(settings.minFreeDisk());
            case KEEP -> settings.keep().map(Durations::write).orElse(key.byDefault());
            case LOG_SIZE -> Sizes.format(settings.logSize());
            case LOG_KEEP -> Integer.toString(settings.logKeep());
            case HISTORY_SIZE -> Sizes.format(settings.historySize());
            case LOCK_DIR -> settings.lockDir().map(Path::toString).orElse(key.byDefault());
            case HOST -> settings.host().orElse(key.byDefault());
        };
    }

    /** As it is typed: what a shell runs is its text alone. */
    private static String command(List<String> words) {
        boolean shell = words.size() == 3 && words.subList(0, 2).equals(List.of("/bin/sh", "-c"));
        return shell ? words.get(2) : String.join(" ", words);
    }

    private static String shown(OptionalInt number, SettingKey key) {
        return number.isPresent() ? Integer.toString(number.getAsInt()) : key.byDefault();
    }
}
