package gpuspool.job;

import gpuspool.job.SbatchArguments.Given;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * What the {@code #SBATCH} lines of one script ask for, on its way into the script's fields. Of an option given twice
 * the last counts; what a {@code #GPUSPOOL} line says counts more. Used once.
 */
final class SbatchJob {
    private static final String NO_NICE = "100";

    /** sbatch has fewer; names of plugins are without end, and all of it is to fit into one line of status. */
    private static final int MOST_IGNORED = 100;

    private static final int LONGEST_SHOWN = 60;

    private final JobFields fields;
    private final Problems problems;
    private final Map<String, Given> given = new LinkedHashMap<>();
    /** Keys that {@code #GPUSPOOL} lines gave. */
    private Set<JobKey> said = Set.of();

    private final Set<String> ignored = new LinkedHashSet<>();
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final SbatchGpus gpus = new SbatchGpus();
    private Optional<String> name = Optional.empty();
    private boolean any;

    SbatchJob(JobFields fields, Problems problems) {
        this.fields = fields;
        this.problems = problems;
    }

    /** What a script that became a member of a sweep said when it was a job file of its own; its keys are the member's. */
    static Optional<Slurm> saidIn(Script script, JobDefaults defaults) {
        Problems toldBefore = new Problems();
        SbatchJob job = new SbatchJob(new JobFields(toldBefore, defaults), toldBefore);
        ScriptText text = new ScriptText(script.bytes());
        for (int i = 0; i < text.headLength(); i++) {
            if (SbatchLine.isSbatchLine(text.lines().get(i))) {
                job.read(i + 1, text.lines().get(i));
            }
        }
        return job.finish();
    }

    /** Takes in a line that {@link SbatchLine#isSbatchLine}. */
    void read(int number, String line) {
        any = true;
        for (Given option : SbatchArguments.of(SbatchLine.words(number, line, problems), problems)) {
            given.remove(option.option().name());
            given.put(option.option().name(), option);
        }
    }

    /** Sets the fields once all lines are read; empty: there was none. */
    Optional<Slurm> finish() {
        said = fields.given();
        for (Given option : given.values()) {
            try {
                option.option().variable().ifPresent(variable -> tell(variable, option.text()));
                option.option().effect().accept(this, option);
            } catch (BadValueException bad) {
                problems.add(option.value().at(), bad);
            }
        }
        gpus.finish(this);
        return any ? Optional.of(new Slurm(name, variables, List.copyOf(ignored))) : Optional.empty();
    }

    /** Whether a {@code #GPUSPOOL} line gave this key. */
    boolean says(JobKey key) {
        return said.contains(key);
    }

    /** Sets a key, unless a {@code #GPUSPOOL} line did, by the door through which its lines go too. */
    void set(JobKey key, Given from, Value value) {
        if (says(key)) {
            return;
        }
        try {
            fields.set(key, from.at(), value);
        } catch (BadValueException bad) {
            problem(from, from.option().shown() + ": " + bad.what(), bad.todo());
        }
    }

    private void set(JobKey key, Given from, String text) {
        set(key, from, new Value.Text(text, from.value().at()));
    }

    private void set(JobKey key, Given from, List<String> words) {
        Place at = from.value().at();
        List<Value> values = new ArrayList<>();
        words.forEach(word -> values.add(new Value.Text(word, at)));
        set(key, from, new Value.Array(values, at));
    }

    void problem(Given from, String what, String todo) {
        problems.add(from.at(), what, todo);
    }

    void ignore(Given option) {
        ignore(option.option().shown());
    }

    void ignore(String shown) {
        if (ignored.size() < MOST_IGNORED) {
            ignored.add(Printable.cut(Printable.escape(shown), LONGEST_SHOWN));
        } else {
            ignored.add("…");
        }
    }

    /** Has the job find it in its environment. */
    void tell(String variable, String value) {
        variables.put(variable, value);
    }

    Map<String, String> variables() {
        return variables;
    }

    void gres(Given option) {
        gpus.gres(this, option);
    }

    void tresPerTask(Given option) {
        gpus.tresPerTask(this, option);
    }

    void wholeGpus(Given option) {
        gpus.whole(this, option);
    }

    void gpusPerTask(Given option) {
        gpus.perTask(this, option);
    }

    void tasksPerGpu(Given option) {
        gpus.tasksPerGpu(this, option);
    }

    void tasks(Given option) {
        gpus.tasks(this, option);
    }

    void feature(Given option) {
        if (GpuModel.isModel(option.text())) {
            gpus.feature(option);
        } else {
            ignore(option);
        }
    }

    void nodes(Given option) {
        if (!option.text().matches("0*1(?:-\\d+)?")) {
            throw option.bad("write --nodes=1: a job runs on one host");
        }
    }

    void time(Given option) {
        SbatchTimes.limit(option).ifPresent(limit -> set(JobKey.TIME, option, Durations.write(limit)));
    }

    void signal(Given option) {
        set(JobKey.SIGNAL, option, SbatchValues.signal(option));
    }

    void begin(Given option) {
        SbatchTimes.begin(option).ifPresent(begin -> set(JobKey.BEGIN, option, begin));
    }

    void dependency(Given option) {
        if (!says(JobKey.AFTER) && !says(JobKey.AFTER_ANY)) {
            SbatchValues.dependencies(option).forEach((key, jobs) -> set(key, option, jobs));
        }
    }

    void array(Given option) {
        if (says(JobKey.SWEEP)) {
            return;
        }
        SortedSet<Integer> indices = SbatchValues.indices(option);
        tell("SLURM_ARRAY_TASK_COUNT", Integer.toString(indices.size()));
        tell("SLURM_ARRAY_TASK_MIN", indices.first().toString());
        tell("SLURM_ARRAY_TASK_MAX", indices.last().toString());
        set(JobKey.SWEEP, option, SbatchValues.sweep(option));
    }

    void requeue(Given option) {
        boolean again = option.option().name().equals("requeue");
        set(JobKey.ON_INTERRUPT, option, again ? "requeue" : "fail");
    }

    void hosts(Given option) {
        set(JobKey.HOSTS, option, SbatchValues.hosts(option));
    }

    void priority(Given option) {
        if (option.text().matches("-?\\d{1,4}") && Math.abs(Integer.parseInt(option.text())) <= Turn.HIGHEST_PRIORITY) {
            setPriority(option, Integer.parseInt(option.text()));
        } else {
            ignore(option);
        }
    }

    void nice(Given option) {
        String by = option.text().isEmpty() ? NO_NICE : option.text();
        if (by.matches("\\d{1,9}")) {
            setPriority(option, -Math.min(Turn.HIGHEST_PRIORITY, Integer.parseInt(by)));
        } else {
            ignore(option);
        }
    }

    private void setPriority(Given option, int priority) {
        set(JobKey.PRIORITY, option, SbatchValues.whole(priority, option.value().at()));
    }

    void cwd(Given option) {
        set(JobKey.CWD, option, option.text());
    }

    void output(Given option) {
        set(JobKey.OUTPUT, option, path(option));
    }

    void error(Given option) {
        set(JobKey.ERROR, option, path(option));
    }

    private String path(Given option) {
        Optional<Given> called = Optional.ofNullable(given.get("job-name"));
        String path = SbatchValues.path(option);
        return called.isPresent() ? SbatchValues.named(path, called.get().text()) : path;
    }

    void input(Given option) {
        if (!List.of("none", "/dev/null").contains(option.text())) {
            throw option.bad("write exec <FILE into the script, before its first command");
        }
    }

    void name(Given option) {
        if (option.text().isBlank()) {
            throw option.bad("write --job-name=NAME");
        }
        name = Optional.of(option.text());
    }

    void export(Given option) {
        Place at = option.value().at();
        List<Value.Entry> entries = new ArrayList<>();
        for (String part : option.text().split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals >= 0) {
                String variable = part.substring(0, equals);
                if (!fields.sets(variable)) {
                    entries.add(new Value.Entry(variable, at, new Value.Text(part.substring(equals + 1), at)));
                }
            } else if (List.of("NONE", "NIL").contains(part)) {
                ignore(option);
            }
        }
        if (!entries.isEmpty()) {
            fields.set(JobKey.ENV, option.at(), new Value.Table(entries, at));
        }
    }
}
