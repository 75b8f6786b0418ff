package gpuspool.job;

import java.util.List;
import java.util.Set;

/**
 * The keys of a job file: one table that both readers obey and that help and reference are written from.
 *
 * <p>{@link #allowed()} is worded to follow "write": {@code gpus is 5000; write an integer, 0 to 1024}.
 */
public enum JobKey implements Key {
    COMMAND(
            "command",
            Type.TEXT_OR_WORDS,
            "",
            "a string for the shell, or an array of strings to run without one",
            "What to run; the only key a TOML job file must have.",
            "cmd",
            "run",
            "script"),
    GPUS(
            "gpus",
            Type.INTEGER,
            "1",
            "an integer, 0 to " + JobSpec.MOST_GPUS,
            "How many GPUs the job gets to itself; with 0 it sees none.",
            "ngpus",
            "num_gpus"),
    DEVICES(
            "devices",
            Type.TEXT_OR_WORDS,
            "any",
            "indices or UUIDs, such as \"0,1\"",
            "Only these GPUs will do.",
            "gpu_ids",
            "gpu_id",
            "device"),
    GPU_TYPE(
            "gpu_type",
            Type.TEXT,
            "any",
            "a part of a GPU's name, such as \"A100\"",
            "Only GPUs will do whose name contains this.",
            "gpu_model",
            "constraint"),
    PIN(
            "pin",
            Type.TEXT,
            "uuid",
            "\"uuid\" or \"index\"",
            "What CUDA_VISIBLE_DEVICES holds: full names, or numbers for programs that do not understand names."),
    CWD(
            "cwd",
            Type.TEXT,
            "the directory that holds the spool",
            "an absolute path",
            "Directory in which the job starts; it must exist.",
            "dir",
            "workdir",
            "chdir"),
    ENV(
            "env",
            Type.TABLE,
            "",
            "a table of strings, such as NAME = \"value\"",
            "Environment variables to set; in a #GPUSPOOL line, env.NAME=value.",
            "environment"),
    SHELL(
            "shell",
            Type.TEXT_OR_WORDS,
            "bash, or sh where there is no bash",
            "a program and its options, such as \"bash -e\"",
            "Program that runs the text; not with a #! line, which names one already.",
            "interpreter"),
    OUTPUT(
            "output",
            Type.TEXT,
            "merged",
            "\"merged\" or \"split\"",
            "merged: stdout and stderr in one output.log; split: stdout.log and stderr.log.",
            "log",
            "logs"),
    TIME(
            "time",
            Type.DURATION,
            "no limit",
            "a duration above zero, such as 90m or 4h",
            "The job is stopped when it has run this long.",
            "timeout",
            "walltime",
            "limit"),
    GRACE(
            "grace",
            Type.DURATION,
            "30s",
            "a duration, such as 30s",
            "How long a job that is stopped may take to end by itself (SIGTERM) before SIGKILL.",
            "kill_after");

    /** Which form a value has in TOML. In a {@code #GPUSPOOL} line all values are text. */
    public enum Type {
        INTEGER("integer"),
        TEXT("string"),
        TEXT_OR_WORDS("string or array of strings"),
        DURATION("duration"),
        TABLE("table of strings");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** Keys that the design has and this version has not. Refused by name, so nobody believes they had an effect. */
    private static final Set<String> NOT_YET = Set.of(
            "gpu_mem",
            "hosts",
            "retries",
            "on_interrupt",
            "after",
            "priority",
            "begin",
            "notify",
            "sweep",
            "foreground");

    private final String key;
    private final Type type;
    private final String byDefault;
    private final String allowed;
    private final String doc;

    @SuppressWarnings("ImmutableEnumChecker") // It comes from Set.of, which is.
    private final Set<String> calledElsewhere;

    JobKey(String key, Type type, String byDefault, String allowed, String doc, String... calledElsewhere) {
        this.key = key;
        this.type = type;
        this.byDefault = byDefault;
        this.allowed = allowed;
        this.doc = doc;
        this.calledElsewhere = Set.of(calledElsewhere);
    }

    @Override
    public String key() {
        return key;
    }

    public Type type() {
        return type;
    }

    @Override
    public Set<String> calledElsewhere() {
        return calledElsewhere;
    }

    /** What holds when the key is absent, in words; empty where absence means nothing is set. */
    public String byDefault() {
        return byDefault;
    }

    @Override
    public String allowed() {
        return allowed;
    }

    /** One sentence for a reference. */
    public String doc() {
        return doc;
    }

    /** Whether a {@code #GPUSPOOL} line may have it: all but the command, which there is the script itself. */
    public boolean inScript() {
        return this != COMMAND;
    }

    /**
     * The key of that name.
     *
     * @throws BadValueException if there is none, with the name that was probably meant
     */
    static JobKey named(String name) {
        if (NOT_YET.contains(name)) {
            throw new BadValueException('"' + name + "\" is not available in this version", "remove it");
        }
        return Keys.named(name, List.of(values()));
    }
}
