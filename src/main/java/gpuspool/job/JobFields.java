package gpuspool.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The keys of one job file as they are read, all but {@code command}; defaults where the file is silent. Used once, by
 * one reader.
 */
final class JobFields {

    private final Problems problems;
    private final JobDefaults defaults;
    private final Map<JobKey, Place> given = new EnumMap<>(JobKey.class);
    /** All as it was written, for the members of a sweep. */
    private final Map<JobKey, Value> written = new EnumMap<>(JobKey.class);

    private int gpus = Integer.parseInt(JobKey.GPUS.byDefault());
    private List<String> devices = CardWish.ANY.devices();
    private Optional<String> type = CardWish.ANY.type();
    private OptionalLong memory = CardWish.ANY.memory();
    private Optional<Pin> pin = CardWish.ANY.pin();
    private Optional<String> cwd = Optional.empty();
    private Optional<Problem> notYetAPath = Optional.empty();
    private final Map<String, String> env = new LinkedHashMap<>();
    private Optional<List<String>> shell = Optional.empty();
    private Output output;
    private Optional<String> outputFile = Telling.AT_HOME.stdout();
    private Optional<String> errorFile = Telling.AT_HOME.stderr();
    private Optional<List<String>> tell = Telling.AT_HOME.tell();
    private Optional<Duration> time = Optional.empty();
    private Duration grace;
    private int priority = Turn.COMMON.priority();
    private Optional<Begin> begin = Turn.COMMON.begin();
    private List<Mention> after = Turn.COMMON.after();
    private List<Mention> afterAny = Turn.COMMON.afterAny();
    private List<String> hosts = Turn.COMMON.hosts();
    private int retries = Runs.ONE.retries();
    private List<RetryOn> retryOn = Runs.ONE.retryOn();
    private Runs.OnInterrupt onInterrupt = Runs.ONE.onInterrupt();
    private Optional<EarlySignal> signal = Runs.ONE.signal();
    private Optional<Sweep> sweep = Optional.empty();
    private Optional<Member> member = Optional.empty();
    private Optional<Foreground> foreground = Optional.empty();

    JobFields(Problems problems, JobDefaults defaults) {
        this.problems = problems;
        this.defaults = defaults;
        output = defaults.output();
        grace = defaults.grace();
    }

    /** Takes a key's value, or notes what is wrong with it. {@code COMMAND} is none of our keys: its reader has it. */
    void set(JobKey key, Place keyAt, Value value) {
        given.put(key, keyAt);
        written.merge(key, value, JobFields::both);
        try {
            switch (key) {
                case GPUS -> gpus = Values.whole(key, value, 0, JobSpec.MOST_GPUS);
                case DEVICES ->
                    devices = CardWords.devices(key, value, problems).orElse(devices);
                case GPU_TYPE -> type = Optional.of(CardWords.type(key, value));
                case GPU_MEM -> memory = OptionalLong.of(CardWords.memory(key, value));
                case PIN -> pin = Optional.of(Values.oneOf(key, value, Pin.class));
                case CWD -> setDirectory(key, value);
                case ENV -> setEnvironment(value);
                case SHELL -> shell = Shell.read(key, value, problems);
                case OUTPUT -> setOutput(key, value);
                case ERROR -> errorFile = Optional.of(LogPath.read(key, value));
                case TIME -> time = Optional.of(Values.aboveZero(key, value));
                case GRACE -> grace = Values.duration(key, value);
                case SIGNAL -> signal = Optional.of(RunWords.signal(key, value));
                case RETRIES -> retries = Values.whole(key, value, 0, Runs.MOST_RETRIES);
                case RETRY_ON ->
                    retryOn = RunWords.retryOn(key, value, problems).orElse(retryOn);
                case ON_INTERRUPT -> onInterrupt = Values.oneOf(key, value, Runs.OnInterrupt.class);
                case PRIORITY -> priority = Values.whole(key, value, -Turn.HIGHEST_PRIORITY, Turn.HIGHEST_PRIORITY);
                case BEGIN -> begin = Optional.of(BeginWords.read(key, value));
                case AFTER -> after = TurnWords.jobs(key, value, problems).orElse(after);
                case AFTER_ANY ->
                    afterAny = TurnWords.jobs(key, value, problems).orElse(afterAny);
                case HOSTS -> hosts = TurnWords.hosts(key, value, problems).orElse(hosts);
                case NOTIFY -> tell = Values.command(key, value, problems).or(() -> tell);
                case SWEEP -> sweep = SweepWords.sweep(key, value, defaults.maxSweep(), problems);
                case MEMBER -> member = Optional.of(Member.read(key, value));
                case FOREGROUND -> foreground = Optional.of(Foreground.read(key, value));
                case COMMAND -> throw new IllegalArgumentException("command is not a field");
            }
        } catch (BadValueException bad) {
            problems.add(value.at(), bad);
        }
    }

    private void setOutput(JobKey key, Value value) {
        if (LogPath.isPath(value)) {
            outputFile = Optional.of(LogPath.read(key, value));
        } else {
            output = Values.oneOf(key, value, Output.class);
        }
    }

    /** A table may come in parts. */
    private static Value both(Value earlier, Value later) {
        if (earlier instanceof Value.Table first && later instanceof Value.Table second) {
            List<Value.Entry> entries = new ArrayList<>(first.entries());
            entries.addAll(second.entries());
            return new Value.Table(entries, earlier.at());
        }
        return later;
    }

    /** Whether it says that it is part of a sweep. */
    boolean isMember() {
        return given.containsKey(JobKey.MEMBER);
    }

    private void setDirectory(Key key, Value value) {
        try {
            cwd = Optional.of(Values.path(key, value));
        } catch (BadValueException bad) {
            if (!(value instanceof Value.Text text) || !text.text().startsWith("{")) {
                throw bad;
            }
            // Perhaps a sweep's parameter, and then its members will tell.
            notYetAPath = Optional.of(new Problem(value.at(), bad.what(), bad.todo()));
        }
    }

    /** That it is a sweep and part of one, or names a directory in braces without one. */
    private void compareSweep() {
        if (!given.containsKey(JobKey.SWEEP)) {
            notYetAPath.ifPresent(problems::add);
        }
        Place at = given.get(JobKey.SWEEP);
        if (at != null && isMember()) {
            problems.add(at, "a member of a sweep cannot be a sweep itself", "remove sweep, or member");
        }
    }

    /** What is needed to write its members; empty where it is no sweep. */
    Optional<SweepFile> sweepFile(Value command, JobSpec spec) {
        Map<JobKey, Value> all = new LinkedHashMap<>();
        all.put(JobKey.COMMAND, command);
        all.putAll(written);
        return spec.sweep().map(parameters -> new SweepFile(all, spec));
    }

    private void setEnvironment(Value value) {
        if (!(value instanceof Value.Table table)) {
            throw Values.wrongKind(JobKey.ENV, value);
        }
        for (Value.Entry entry : table.entries()) {
            try {
                Environment.checkName(entry.name());
                Values.string(entry.name(), entry.value(), problems).ifPresent(text -> env.put(entry.name(), text));
            } catch (BadValueException bad) {
                problems.add(entry.at(), bad);
            }
        }
    }

    /** The keys that were given so far. */
    Set<JobKey> given() {
        return Set.copyOf(given.keySet());
    }

    /** Whether it sets this variable of the environment. */
    boolean sets(String variable) {
        return env.containsKey(variable);
    }

    /** The interpreter for a script: its {@code #!} line, else {@code shell}, else the machine's. */
    List<String> interpreterOf(ScriptText text) {
        return text.hasShebang() ? text.shebang() : shell.orElse(defaults.shell());
    }

    /**
     * Notes problems of keys that were understood each for itself, and do not go together.
     *
     * @param ours whether it was written for us alone; in Slurm a time may come from elsewhere
     */
    void compare(boolean ours) {
        boolean bare = !given.containsKey(JobKey.RETRIES) || problems.isEmpty() && retries == 0;
        if (bare && !retryOn.isEmpty()) {
            refuse(JobKey.RETRY_ON, "has no effect without retries", "set retries, or remove it");
        }
        if (ours && signal.isPresent() && !given.containsKey(JobKey.TIME)) {
            refuse(JobKey.SIGNAL, "has no effect without time", "set time, or remove it");
        }
        if (signal.isPresent()
                && time.filter(limit -> limit.compareTo(signal.get().before()) <= 0)
                        .isPresent()) {
            String before = Durations.write(signal.get().before());
            refuse(
                    JobKey.SIGNAL,
                    "is to be sent " + before + " before time is over, and time is " + Durations.write(time.get()),
                    "write a shorter one, or a longer time");
        }
        if (gpus == 0) {
            refuse(JobKey.GPU_MEM, "has no effect: gpus is 0", "remove gpu_mem, or ask for a GPU");
        }
        compareSweep();
        compareForeground();
    }

    /** What somebody at a terminal runs is run once, by him. */
    private void compareForeground() {
        Place at = given.get(JobKey.FOREGROUND);
        Set<JobKey> strange = EnumSet.of(JobKey.SWEEP, JobKey.MEMBER, JobKey.RETRIES, JobKey.ON_INTERRUPT);
        strange.retainAll(given.keySet());
        if (at != null && !strange.isEmpty()) {
            String other = strange.iterator().next().key();
            problems.add(at, "a job in the foreground has no " + other, "remove " + other + ", or foreground");
        }
        foreground
                .map(Foreground::host)
                .filter(host -> !hosts.isEmpty() && !hosts.contains(host))
                .ifPresent(host -> refuse(
                        JobKey.HOSTS, "leaves out " + host + ", where its process is", "add it, or remove hosts"));
    }

    private void refuse(JobKey key, String what, String todo) {
        Place at = given.get(key);
        if (at != null) {
            problems.add(at, key.key() + " " + what, todo);
        }
    }

    /** Notes a problem if {@code shell} was given although something else decides what runs the job. */
    void refuseShell(String whatDecides) {
        Place at = given.get(JobKey.SHELL);
        if (at != null) {
            problems.add(at, "shell has no effect: " + whatDecides, "remove shell");
        }
    }

    /** Of which sweep it is a part, as far as that was understood. */
    Optional<Member> member() {
        return member;
    }

    /** Where it says that it is a sweep. */
    Optional<Place> sweepAt() {
        return Optional.ofNullable(given.get(JobKey.SWEEP));
    }

    JobSpec with(Program program) {
        return with(program, Optional.empty());
    }

    JobSpec with(Program program, Optional<Slurm> slurm) {
        return new JobSpec(
                program.interpreter(),
                program.script(),
                program.command(),
                gpus,
                new CardWish(devices, type, memory, pin),
                cwd,
                env,
                output,
                new Telling(outputFile, errorFile, tell),
                time,
                grace,
                new Turn(
                        priority,
                        begin,
                        after,
                        afterAny,
                        foreground.map(process -> List.of(process.host())).orElse(hosts)),
                new Runs(retries, retryOn, onInterrupt, signal),
                sweep,
                member,
                foreground,
                slurm.or(() -> member.flatMap(part -> SbatchJob.saidIn(program.script(), defaults))));
    }
}
