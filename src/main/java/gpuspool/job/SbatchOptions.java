package gpuspool.job;

import gpuspool.job.SbatchArguments.Given;
import gpuspool.job.SbatchOption.Argument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * The options of sbatch: one table that {@code #SBATCH} lines are read by and the README is written from.
 *
 * @see <a href="https://slurm.schedmd.com/sbatch.html">sbatch(1)</a>
 */
final class SbatchOptions {
    private static final String WITHOUT = "write ##SBATCH for #SBATCH if the job can do without";

    private static final Map<String, String> VARIABLES = Map.of(
            "account", "SLURM_JOB_ACCOUNT",
            "cpus-per-task", "SLURM_CPUS_PER_TASK",
            "cpus-per-gpu", "SLURM_CPUS_PER_GPU",
            "partition", "SLURM_JOB_PARTITION",
            "qos", "SLURM_JOB_QOS");

    /** Those that have an effect here, in the order of the reference. */
    private static final List<SbatchOption> EFFECTIVE = List.of(
            has("gres", "", "`gpus`, `gpu_type`: `gpu:2`, `gpu:a100:2`; `none` is `gpus = 0`", SbatchJob::gres),
            has("gpus", "G", "`gpus`, `gpu_type`: `2`, `a100:2`", SbatchJob::wholeGpus),
            has("gpus-per-node", "", "the same", SbatchJob::wholeGpus),
            has("gpus-per-task", "", "times `--ntasks`, else `--ntasks-per-node`, else 1", SbatchJob::gpusPerTask),
            has("tres-per-task", "", "the same, of its `gres/gpu`", SbatchJob::tresPerTask),
            has("ntasks-per-gpu", "", "`--ntasks` divided by it", SbatchJob::tasksPerGpu),
            has("ntasks", "n", "tasks, never GPUs; the script runs once", SbatchJob::tasks),
            has("ntasks-per-node", "", "the same", SbatchJob::tasks).told("SLURM_NTASKS_PER_NODE"),
            has("nodes", "N", "1, or the job is refused", SbatchJob::nodes),
            has("constraint", "C", "`gpu_type` where it is a GPU's name alone; else ignored", SbatchJob::feature),
            has("time", "t", "`time`, in all forms; `0` and `UNLIMITED` are no limit", SbatchJob::time),
            has("signal", "", "`signal`, 60 s before the end where no time is given", SbatchJob::signal),
            has("begin", "b", "`begin`; a date needs its year", SbatchJob::begin),
            has(
                    "dependency",
                    "d",
                    "`afterok:NAME`: `after`; `afterany`, `after`: `after_any`; other forms are refused",
                    SbatchJob::dependency),
            has("array", "a", "`sweep` of `SLURM_ARRAY_TASK_ID`; `%4`: `max_parallel`", SbatchJob::array),
            hasNoValue("requeue", "", "`on_interrupt = \"requeue\"`", SbatchJob::requeue),
            hasNoValue("no-requeue", "", "`on_interrupt = \"fail\"`", SbatchJob::requeue),
            has("nodelist", "w", "`hosts`", SbatchJob::hosts),
            has("priority", "", "`priority` where it is one; else ignored", SbatchJob::priority),
            mayHave("nice", "", "`priority`, negative; a negative one is ignored", SbatchJob::nice),
            has("chdir", "D", "`cwd`", SbatchJob::cwd),
            has("output", "o", "`output`, a path", SbatchJob::output),
            has("error", "e", "`error`", SbatchJob::error),
            has("input", "i", "refused: write `exec <FILE` into the script", SbatchJob::input),
            has(
                    "job-name",
                    "J",
                    "`SLURM_JOB_NAME` and `%x`; what it is called here comes from its file",
                    SbatchJob::name),
            has(
                    "export",
                    "",
                    "`env`, for each `NAME=value`; all else is there anyway; `NONE` is ignored",
                    SbatchJob::export),
            hasNoValue("hold", "H", "refused: drop the file into `held/`", refused("drop the file into held/ instead")),
            hasNoValue("test-only", "", "refused", refused("write gpuspool check FILE instead")),
            has("wrap", "", "refused", refused("remove it: the script is the command")),
            has("gpus-per-socket", "", "refused", refused("write --gpus=N for all of them")),
            has("container", "", "refused", refused(WITHOUT)),
            has("container-id", "", "refused", refused(WITHOUT)),
            has("container-image", "", "refused", refused(WITHOUT)),
            has("export-file", "", "refused", refused(WITHOUT)),
            has("uid", "", "refused", refused(WITHOUT)),
            has("gid", "", "refused", refused(WITHOUT)));

    /** Those that have none, by name and letter. */
    private static final List<SbatchOption> IGNORED = Stream.of(
                    ignored(
                            "account:A acctg-freq batch-host bb bbf clusters:M cluster-constraint comment core-spec:S"
                                    + " cores-per-socket cpu-freq cpus-per-gpu cpus-per-task:c deadline delay-boot"
                                    + " distribution:m exclude:x extra extra-node-info:B gpu-bind gpu-freq gres-flags hint"
                                    + " licenses:L mail-type mail-user mcs-label mem mem-bind mem-per-cpu mem-per-gpu mincpus"
                                    + " network nodefile:F ntasks-per-core ntasks-per-socket open-mode partition:p power prefer"
                                    + " profile qos:q reservation segment sockets-per-node switches thread-spec threads-per-core"
                                    + " time-min tmp tres-bind wait-all-nodes wckey kill-on-invalid-dep",
                            Argument.NEEDED),
                    ignored("exclusive get-user-env no-kill:k parsable propagate", Argument.POSSIBLE),
                    ignored(
                            "contiguous ignore-pbs overcommit:O oversubscribe:s quiet:Q reboot resv-ports spread-job"
                                    + " stepmgr use-min-nodes verbose:v wait:W",
                            Argument.NONE))
            .flatMap(List::stream)
            .toList();

    private static final List<SbatchOption> ALL =
            Stream.concat(EFFECTIVE.stream(), IGNORED.stream()).toList();

    /** Other names of the same. */
    private static final Map<String, String> ALIASES = Map.of(
            "workdir", "chdir", "tasks", "ntasks", "tasks-per-node", "ntasks-per-node", "share", "oversubscribe");

    private SbatchOptions() {}

    /** The options of which this is the name, else those of which it is the beginning; several: it is not clear which. */
    static List<SbatchOption> named(String name) {
        String full = ALIASES.getOrDefault(name, name);
        List<SbatchOption> exact =
                ALL.stream().filter(option -> option.name().equals(full)).toList();
        if (!exact.isEmpty() || name.isEmpty()) {
            return exact;
        }
        return Stream.concat(
                        ALL.stream().filter(option -> option.name().startsWith(name)),
                        ALIASES.keySet().stream()
                                .filter(alias -> alias.startsWith(name))
                                .flatMap(alias -> named(ALIASES.get(alias)).stream()))
                .distinct()
                .toList();
    }

    static Optional<SbatchOption> lettered(char letter) {
        return ALL.stream()
                .filter(option -> option.letter().filter(own -> own == letter).isPresent())
                .findFirst();
    }

    static List<String> names() {
        return ALL.stream().map(SbatchOption::name).toList();
    }

    private static SbatchOption has(String name, String letter, String here, BiConsumer<SbatchJob, Given> effect) {
        return row(name, letter, Argument.NEEDED, here, effect);
    }

    private static SbatchOption mayHave(String name, String letter, String here, BiConsumer<SbatchJob, Given> effect) {
        return row(name, letter, Argument.POSSIBLE, here, effect);
    }

    private static SbatchOption hasNoValue(
            String name, String letter, String here, BiConsumer<SbatchJob, Given> effect) {
        return row(name, letter, Argument.NONE, here, effect);
    }

    private static SbatchOption row(
            String name, String letter, Argument argument, String here, BiConsumer<SbatchJob, Given> effect) {
        Optional<Character> one = letter.isEmpty() ? Optional.empty() : Optional.of(letter.charAt(0));
        return new SbatchOption(name, one, argument, Optional.empty(), here, effect);
    }

    private static List<SbatchOption> ignored(String names, Argument argument) {
        List<SbatchOption> options = new ArrayList<>();
        for (String name : names.split(" ")) {
            String[] parts = name.split(":", 2);
            SbatchOption option = row(parts[0], parts.length == 2 ? parts[1] : "", argument, "", SbatchJob::ignore);
            String variable = VARIABLES.get(parts[0]);
            options.add(variable == null ? option : option.told(variable));
        }
        return options;
    }

    /** What would be wrong to leave out, and cannot be had. */
    private static BiConsumer<SbatchJob, Given> refused(String todo) {
        return (job, given) -> job.problem(given, given.option().shown() + " is not to be had here", todo);
    }

    /** The table of the README, without its heading. */
    static List<String> reference() {
        List<String> rows = new ArrayList<>();
        for (SbatchOption option : EFFECTIVE) {
            String letter = option.letter().map(own -> "`, `-" + own).orElse("");
            rows.add("| `" + option.shown() + letter + "` | " + option.here() + " |");
        }
        String names = String.join(
                ", ",
                IGNORED.stream()
                        .map(SbatchOption::shown)
                        .sorted()
                        .map(name -> '`' + name + '`')
                        .toList());
        rows.add("| " + names + " | nothing |");
        return rows;
    }
}
