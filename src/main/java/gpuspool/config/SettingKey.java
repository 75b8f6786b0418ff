package gpuspool.config;

import gpuspool.job.BadValueException;
import gpuspool.job.Key;
import gpuspool.job.Keys;
import gpuspool.job.Printable;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The keys of {@code spool.toml}: one table that the reader obeys and that help and reference are written from.
 *
 * <p>{@link #allowed()} is worded to follow "write": {@code log_keep is -1; write an integer, 0 to 1000}.
 */
public enum SettingKey implements Key {
    DEVICES(
            "devices",
            Scope.AT_START,
            "what the machine shows",
            "a list, such as \"0,1\" or \"sim:4\"",
            "Which GPUs a watcher may use, by index or UUID; sim:N makes N simulated ones.",
            "gpu_ids",
            "gpus",
            "cuda_visible_devices"),
    MIN_FREE_MEM(
            "min_free_mem",
            Scope.LIVE,
            "0B",
            "a size, such as 6GiB; 0B asks for nothing",
            "GPU memory that must be free on a card before a job gets it.",
            "min_free_mem_mb",
            "min_free_memory"),
    IGNORE(
            "ignore",
            Scope.LIVE,
            "none",
            "rules, such as [\"user gdm\", \"pid 812 on 0\"]",
            "Processes on a GPU that do not make it busy; their memory counts all the same."),
    KEEP_IDLE(
            "keep_idle",
            Scope.LIVE,
            "0",
            "an integer, 0 to 1024",
            "How many free GPUs are left to people who do not use the queue."),
    COLLISION(
            "collision",
            Scope.LIVE,
            "keep",
            "\"keep\" or \"requeue\"",
            "What becomes of a job when a stranger turns up on its GPU: it runs on, or it is stopped and queued again."),
    PIN(
            "pin",
            Scope.LIVE,
            "uuid",
            "\"uuid\" or \"index\"",
            "For jobs that do not say: CUDA_VISIBLE_DEVICES holds full names, or numbers."),
    HOLD(
            "hold",
            Scope.LIVE,
            "lock",
            "\"lock\", \"context\" or \"fraction\"",
            "How a GPU is kept while its job gathers more or is not on it yet: a lock alone, a CUDA context, or some memory too."),
    HOLD_PERCENT(
            "hold_percent",
            Scope.LIVE,
            "25",
            "an integer, 1 to 95",
            "With hold = \"fraction\": how much of the free memory is held."),
    PICK_LOCK(
            "pick_lock",
            Scope.LIVE,
            "none",
            "an absolute path, such as /tmp/gpu-waiter.lock",
            "A lock of other programs that is held as well while GPUs are picked."),
    MAX_BYPASS(
            "max_bypass",
            Scope.LIVE,
            "0s",
            "a duration, such as 0s or 30m",
            "How long others may pass a job that waits for several GPUs before these are kept for it."),
    CPU_SLOTS(
            "cpu_slots",
            Scope.LIVE,
            "one for each processor",
            "an integer, 1 to 10000",
            "How many jobs without a GPU may run at once."),
    WEIGHTS(
            "weights",
            Scope.LIVE,
            "1 for everybody",
            "users and numbers, such as [\"alice 2\", \"bob 0.5\"]",
            "Shares of users: of two with jobs in the queue the one with weight 2 gets twice the GPU time."),
    MAX_GPUS_PER_USER(
            "max_gpus_per_user",
            Scope.LIVE,
            "no limit",
            "an integer, 1 to 1024",
            "How many GPUs the jobs of one user may have at once."),
    MAX_JOBS_PER_USER(
            "max_jobs_per_user",
            Scope.LIVE,
            "no limit",
            "an integer, 1 to 10000",
            "How many jobs one user may run at once."),
    MAX_JOBS_PER_GPU(
            "max_jobs_per_gpu",
            Scope.LIVE,
            "16",
            "an integer, 1 to 1000",
            "How many jobs with gpu_mem may share a GPU."),
    RETRY_DELAY(
            "retry_delay",
            Scope.LIVE,
            "5s",
            "a duration, such as 5s",
            "Time before the first retry of a job that failed; doubled for each further one."),
    LONGEST_RETRY_DELAY(
            "longest_retry_delay",
            Scope.LIVE,
            "5m",
            "a duration, such as 5m",
            "The most that the time before a retry becomes."),
    MAX_SWEEP("max_sweep", Scope.LIVE, "10000", "an integer, 1 to 99999", "How many jobs one sweep may be."),
    NOTIFY(
            "notify",
            Scope.LIVE,
            "none",
            "a string for the shell, or an array of strings to run without one",
            "Command that is run when a job has ended that names none itself."),
    SETTLE(
            "settle",
            Scope.LIVE,
            "100ms",
            "a duration, 0s to 1h",
            "How long a dropped file must be unchanged where a lease proves that nobody is writing it."),
    SETTLE_NO_LEASE(
            "settle_no_lease",
            Scope.LIVE,
            "2s",
            "a duration, 0s to 1h",
            "The same where there are no leases: other owners' files, network and FUSE file systems."),
    SETTLE_NFS("settle_nfs", Scope.LIVE, "10s", "a duration, 0s to 1h", "The same on NFS."),
    MAX_FILE_SIZE(
            "max_file_size",
            Scope.LIVE,
            "1MiB",
            "a size, 1KiB to 64MiB",
            "Largest job file that is taken; a larger one is refused.",
            "max_size"),
    DURABILITY(
            "durability",
            Scope.LIVE,
            "full",
            "\"full\" or \"fast\"",
            "full: on stable storage before it starts; fast: hardly any fsync, so a power cut may interrupt jobs."),
    SHELL(
            "shell",
            Scope.LIVE,
            "bash, or sh where there is no bash",
            "a program and its options, such as \"bash -e\"",
            "Program that runs job files that name none.",
            "interpreter"),
    CWD(
            "cwd",
            Scope.LIVE,
            "the directory that holds the spool",
            "an absolute path",
            "Directory for jobs that name none.",
            "dir",
            "workdir"),
    DROP_ENV(
            "drop_env",
            Scope.LIVE,
            "none",
            "names, such as [\"SSH_AUTH_SOCK\", \"AWS_*\"]",
            "Environment variables that jobs do not get from the watcher; NAME* stands for all that begin so."),
    OUTPUT(
            "output",
            Scope.LIVE,
            "merged",
            "\"merged\" or \"split\"",
            "For jobs that do not say: merged is one output.log, split is stdout.log and stderr.log."),
    GRACE(
            "grace",
            Scope.LIVE,
            "30s",
            "a duration, such as 30s",
            "For jobs that do not say: time from SIGTERM to SIGKILL when they are stopped.",
            "kill_after"),
    MIN_FREE_DISK(
            "min_free_disk",
            Scope.LIVE,
            "1GiB",
            "a size, such as 20GB; 0B never stops",
            "Nothing new starts while the spool's file system has less space left."),
    KEEP(
            "keep",
            Scope.LIVE,
            "for ever",
            "a duration above zero, such as 30d",
            "How long jobs are kept in done/ and failed/.",
            "retention"),
    LOG_SIZE("log_size", Scope.LIVE, "64MiB", "a size, 1KiB to 64GiB", "Size at which watcher.log is rotated."),
    LOG_KEEP("log_keep", Scope.LIVE, "5", "an integer, 0 to 1000", "How many rotated logs are kept."),
    HISTORY_SIZE(
            "history_size",
            Scope.LIVE,
            "64MiB",
            "a size, 1KiB to 64GiB",
            "Size at which history.jsonl is put aside and a new one begun."),
    LOCK_DIR(
            "lock_dir",
            Scope.AT_START,
            "/run/lock/gpuspool, else one of the user's",
            "an absolute path",
            "Directory on this host where locks live; all watchers of the host must use the same."),
    HOST(
            "host",
            Scope.AT_START,
            "the first label of the machine's name",
            "1 to 63 letters, digits or -",
            "What this host is called in the names of jobs; never the same on two hosts.",
            "hostname",
            "name");

    /** The table of {@code [hosts.NAME]}. */
    static final String HOSTS = "hosts";

    /** The most {@link #LOG_KEEP}. */
    static final int MOST_LOGS = 1000;

    /** Keys of similar programs that have no counterpart here, and why. */
    private static final Map<String, String> NOT_NEEDED = Map.of(
            "poll_interval", "there is no polling: a dropped file raises an event",
            "log_dir", "a job's output lies in its own directory");

    /** When a change takes effect. */
    public enum Scope {
        LIVE("at once"),
        AT_START("at the next start");

        private final String word;

        Scope(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    private final String key;
    private final Scope scope;
    private final String byDefault;
    private final String allowed;
    private final String doc;

    @SuppressWarnings("ImmutableEnumChecker") // It comes from Set.of, which is.
    private final Set<String> calledElsewhere;

    SettingKey(String key, Scope scope, String byDefault, String allowed, String doc, String... calledElsewhere) {
        this.key = key;
        this.scope = scope;
        this.byDefault = byDefault;
        this.allowed = allowed;
        this.doc = doc;
        this.calledElsewhere = Set.of(calledElsewhere);
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public String allowed() {
        return allowed;
    }

    @Override
    public Set<String> calledElsewhere() {
        return calledElsewhere;
    }

    public Scope scope() {
        return scope;
    }

    /** What holds where nobody says anything, in words. */
    public String byDefault() {
        return byDefault;
    }

    /** One sentence for a reference. */
    public String doc() {
        return doc;
    }

    /** The environment variable that sets it: {@code GPUSPOOL_GRACE}. */
    public String variable() {
        return "GPUSPOOL_" + key.toUpperCase(Locale.ROOT);
    }

    /**
     * The key of that name.
     *
     * @throws BadValueException if there is none, with the name that was probably meant
     */
    static SettingKey named(String name) {
        if (NOT_NEEDED.containsKey(name)) {
            throw new BadValueException("unknown key " + Printable.quote(name), "remove it: " + NOT_NEEDED.get(name));
        }
        return Keys.named(name, List.of(values()));
    }
}
