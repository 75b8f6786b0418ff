package gpuspool.job;

import java.util.Arrays;
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
            "python train.py",
            "",
            "a string for the shell, or an array of strings to run without one",
            "What to run; the only key a TOML job file must have.",
            "cmd",
            "run",
            "script"),
    GPUS(
            "gpus",
            Type.INTEGER,
            "2",
            "1",
            "an integer, 0 to " + JobSpec.MOST_GPUS,
            "How many GPUs the job gets to itself; with 0 it sees none.",
            "ngpus",
            "num_gpus"),
    DEVICES(
            "devices",
            Type.LIST,
            "0,1",
            "any",
            "indices or UUIDs, such as \"0,1\"",
            "Only these GPUs will do.",
            "gpu_ids",
            "gpu_id",
            "device"),
    GPU_TYPE(
            "gpu_type",
            Type.TEXT,
            "A100",
            "any",
            "a part of a GPU's name, such as \"A100\"",
            "Only GPUs will do whose name contains this.",
            "gpu_model",
            "constraint"),
    GPU_MEM(
            "gpu_mem",
            Type.SIZE,
            "20GiB",
            "whole cards",
            "a size, such as \"20GiB\"",
            "Memory it needs on each of its GPUs, which it then shares with jobs that say so too.",
            "gpu_memory",
            "mem_per_gpu"),
    PIN(
            "pin",
            Type.TEXT,
            "index",
            "uuid",
            "\"uuid\" or \"index\"",
            "What CUDA_VISIBLE_DEVICES holds: full names, or numbers for programs that do not understand names."),
    HOSTS(
            "hosts",
            Type.LIST,
            "gpubox1,gpubox2",
            "any",
            "names of hosts, such as \"gpubox1,gpubox2\"",
            "Only these hosts may run it, where several share the spool.",
            "host",
            "nodes",
            "nodelist"),
    PRIORITY(
            "priority",
            Type.INTEGER,
            "10",
            "0",
            "an integer, -1000 to 1000",
            "Jobs of a higher priority go first.",
            "prio",
            "nice"),
    BEGIN(
            "begin",
            Type.TEXT,
            "2026-11-21T08:00",
            "at once",
            "a time, such as \"2026-11-21T08:00\", \"22:30\" or \"2h\"",
            "It does not start before then, by the host's clock; a duration counts from when it was queued.",
            "not_before",
            "start_after"),
    AFTER(
            "after",
            Type.LIST,
            "exp1,exp2",
            "none",
            "names of jobs, such as \"exp1,exp2\"",
            "Jobs whose newest runs must have succeeded before; if one fails, this one is refused.",
            "depends",
            "depends_on",
            "dependency",
            "afterok"),
    AFTER_ANY(
            "after_any",
            Type.LIST,
            "exp1,exp2",
            "none",
            "names of jobs, such as \"exp1,exp2\"",
            "Jobs that must have ended before, however they ended.",
            "afterany"),
    CWD(
            "cwd",
            Type.PATH,
            "/data/experiments",
            "the directory that holds the spool",
            "an absolute path",
            "Directory in which the job starts; it must exist.",
            "dir",
            "workdir",
            "chdir"),
    ENV(
            "env",
            Type.TABLE,
            "LR=0.01",
            "",
            "a table of strings, such as NAME = \"value\"",
            "Environment variables to set; in a #GPUSPOOL line, env.NAME=value.",
            "environment"),
    SHELL(
            "shell",
            Type.TEXT_OR_WORDS,
            "bash -e",
            "bash, or sh where there is no bash",
            "a program and its options, such as \"bash -e\"",
            "Program that runs the text; not with a #! line, which names one already.",
            "interpreter"),
    OUTPUT(
            "output",
            Type.TEXT,
            "split",
            "merged",
            "\"merged\", \"split\", or a path with a / in it, such as \"logs/%x.log\"",
            "merged: stdout and stderr in one output.log; split: stdout.log and stderr.log; a path: both in that file.",
            "log",
            "logs"),
    ERROR(
            "error",
            Type.PATH,
            "logs/%x.err",
            "as output says",
            "a path with a / in it, such as \"logs/%x.err\"",
            "File for stderr alone.",
            "stderr"),
    TIME(
            "time",
            Type.DURATION,
            "4h",
            "no limit",
            "a duration above zero, such as 90m or 4h",
            "The job is stopped when it has run this long.",
            "timeout",
            "walltime",
            "limit"),
    GRACE(
            "grace",
            Type.DURATION,
            "2m",
            "30s",
            "a duration, such as 30s",
            "How long a job that is stopped may take to end by itself (SIGTERM) before SIGKILL.",
            "kill_after"),
    SIGNAL(
            "signal",
            Type.TEXT,
            "USR1@5m",
            "none",
            "a signal and a time, such as \"USR1@5m\"",
            "Sent to the job so long before its time is over."),
    RETRIES(
            "retries",
            Type.INTEGER,
            "3",
            "0",
            "an integer, 0 to 1000",
            "How many more runs it gets when it fails.",
            "retry",
            "max_retries"),
    RETRY_ON(
            "retry_on",
            Type.ENDINGS,
            "1,SIGKILL,interrupted",
            "each exit code but 0",
            "exit codes, signals or \"interrupted\", such as [1, \"SIGKILL\"]",
            "Which endings call for another run."),
    ON_INTERRUPT(
            "on_interrupt",
            Type.TEXT,
            "requeue",
            "fail",
            "\"fail\" or \"requeue\"",
            "What becomes of it when the machine went down while it ran; requeue: it is queued again.",
            "requeue"),
    NOTIFY(
            "notify",
            Type.TEXT_OR_WORDS,
            "notify-send \"$GPUSPOOL_JOB has ended\"",
            "as the settings say",
            "a string for the shell, or an array of strings to run without one",
            "Command that is run when it has ended, with how it ended in its environment.",
            "on_exit",
            "mail"),
    SWEEP(
            "sweep",
            Type.SWEEP,
            "lr=0.1,0.01",
            "none",
            "a table of lists, such as lr = [0.1, 0.01]",
            "One job for each combination of these values; {lr} in command, env, cwd and output stands for the value of lr."),
    MEMBER(
            "member",
            Type.MEMBER,
            "",
            "none",
            "nothing: it is made by gpuspool",
            "Of which sweep it is a part; written by gpuspool itself."),
    FOREGROUND(
            "foreground",
            Type.FOREGROUND,
            "",
            "none",
            "nothing: it is made by gpuspool",
            "The process that gets the GPUs, where it is there already; written by gpuspool run.");

    /** Which form a value has in TOML. In a {@code #GPUSPOOL} line all values are text. */
    public enum Type {
        INTEGER("integer", "N"),
        TEXT("string", "TEXT"),
        PATH("string", "PATH"),
        /** Names or numbers, which a string has between commas. */
        LIST("string or array of strings", "LIST"),
        /** A program and its arguments. */
        TEXT_OR_WORDS("string or array of strings", "COMMAND"),
        DURATION("duration", "TIME"),
        SIZE("size", "SIZE"),
        ENDINGS("array of integers and strings", "LIST"),
        TABLE("table of strings", "NAME=VALUE"),
        SWEEP("table of lists", "NAME=VALUES"),
        MEMBER("table", ""),
        FOREGROUND("table", "");

        private final String word;
        private final String label;

        Type(String word, String label) {
            this.word = word;
            this.label = label;
        }

        public String word() {
            return word;
        }

        /** What stands for the value in a list of options. */
        String label() {
            return label;
        }

        /** Whether values can be added one by one. */
        boolean isMany() {
            return this == LIST || this == ENDINGS || hasParts();
        }

        /** Whether each value has a name of its own behind the key's: {@code env.NAME}. */
        public boolean hasParts() {
            return this == TABLE || this == SWEEP;
        }
    }

    private final String key;
    private final Type type;
    private final String example;
    private final String byDefault;
    private final String allowed;
    private final String doc;

    @SuppressWarnings("ImmutableEnumChecker") // It comes from Set.of, which is.
    private final Set<String> calledElsewhere;

    JobKey(
            String key,
            Type type,
            String example,
            String byDefault,
            String allowed,
            String doc,
            String... calledElsewhere) {
        this.key = key;
        this.type = type;
        this.example = example;
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

    /** A value that changes something, as one writes it behind an option; {@code NAME=VALUE} where parts have names. */
    public String example() {
        return example;
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

    /** As options of {@code add} call it, short names first. */
    List<String> flags() {
        String flag = "--" + key.replace('_', '-');
        return switch (this) {
            case GPUS -> List.of("-n", "-G", flag);
            case HOSTS -> List.of("--host", flag);
            default -> List.of(flag);
        };
    }

    /** Whether a {@code #GPUSPOOL} line may have it: the command is the script itself there, and members are made by us. */
    public boolean inScript() {
        return this != COMMAND && isForPeople();
    }

    /** Whether it is for people to write, and so for a reference to list. */
    public boolean isForPeople() {
        return this != MEMBER && this != FOREGROUND;
    }

    /** All that people may write, in the order of references. */
    public static List<JobKey> forPeople() {
        return Arrays.stream(values()).filter(JobKey::isForPeople).toList();
    }

    /**
     * The key of that name.
     *
     * @throws BadValueException if there is none, with the name that was probably meant
     */
    public static JobKey named(String name) {
        for (JobKey ours : List.of(MEMBER, FOREGROUND)) {
            if (name.equals(ours.key)) {
                return ours;
            }
        }
        return Keys.named(name, forPeople());
    }
}
