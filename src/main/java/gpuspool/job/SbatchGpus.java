package gpuspool.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many GPUs, and of which type, several options of sbatch ask for together, on the one node that there is. */
final class SbatchGpus {
    private static final String COUNT = "write for example 2 or a100:2";
    private static final String GRES = "write for example --gres=gpu:2 or --gres=gpu:a100:2";

    private static final String TYPE = "([A-Za-z][\\w.+-]*|\\d+g\\.\\d+gb[\\w.+-]*)";
    private static final Pattern GPU = Pattern.compile("(?:gres[:/])?gpu(?:[:/]" + TYPE + ")?(?:[:=](\\d{1,9}))?");
    private static final Pattern NUMBER = Pattern.compile("(?:" + TYPE + ":)?(\\d{1,9})");
    private static final Pattern PART_OF_GPU = Pattern.compile("(?:gres[:/])?(?:mps|shard)(?:[:=/].*)?");
    private static final Pattern OTHER =
            Pattern.compile("(?:gres[:/])?(?!gpu(?:[:=/]|$))([A-Za-z][\\w.-]*)(?:[:=/].*)?");

    /** Of the whole job, since it has one node. */
    private final List<Ask> whole = new ArrayList<>();

    private Optional<Ask> perTask = Optional.empty();
    private Optional<Integer> tasks = Optional.empty();
    private Optional<SbatchArguments.Given> tasksPerGpu = Optional.empty();
    private Optional<Ask> feature = Optional.empty();

    private record Ask(SbatchArguments.Given given, long count, Optional<String> type) {}

    /** {@code gpu:2}, {@code gpu:a100:2}, among other things that nodes may have. */
    void gres(SbatchJob job, SbatchArguments.Given given) {
        gpuOf(job, given).ifPresent(whole::add);
    }

    /** The same for each task. */
    void tresPerTask(SbatchJob job, SbatchArguments.Given given) {
        gpuOf(job, given).ifPresent(ask -> perTask = Optional.of(ask));
    }

    private static Optional<Ask> gpuOf(SbatchJob job, SbatchArguments.Given given) {
        Optional<Ask> found = Optional.empty();
        for (String part : given.text().split(",", -1)) {
            Matcher gpu = GPU.matcher(part);
            Matcher other = OTHER.matcher(part);
            if (part.equals("none")) {
                found = Optional.of(new Ask(given, 0, Optional.empty()));
            } else if (gpu.matches() && found.isPresent()) {
                throw given.bad("ask for GPUs of one type");
            } else if (gpu.matches()) {
                long count = gpu.group(2) == null ? 1 : Long.parseLong(gpu.group(2));
                found = Optional.of(new Ask(given, count, Optional.ofNullable(gpu.group(1))));
            } else if (PART_OF_GPU.matcher(part).matches()) {
                throw given.bad("a part of a GPU is not had so; write --gres=gpu:1, or #GPUSPOOL gpus=1");
            } else if (other.matches()) {
                job.ignore(given.option().shown() + "=" + other.group(1));
            } else {
                throw given.bad(GRES);
            }
        }
        return found;
    }

    /** {@code 2}, {@code a100:2}: of the job, or of each node. */
    void whole(SbatchJob job, SbatchArguments.Given given) {
        whole.add(counted(given));
    }

    void perTask(SbatchJob job, SbatchArguments.Given given) {
        perTask = Optional.of(counted(given));
    }

    private static Ask counted(SbatchArguments.Given given) {
        Matcher number = NUMBER.matcher(given.text());
        if (!number.matches()) {
            throw given.bad(COUNT);
        }
        return new Ask(given, Long.parseLong(number.group(2)), Optional.ofNullable(number.group(1)));
    }

    /** Tasks are no GPUs; but some options count GPUs by them. */
    void tasks(SbatchJob job, SbatchArguments.Given given) {
        boolean exact = given.option().name().equals("ntasks");
        int number = SbatchValues.positive(given);
        tasks = exact || tasks.isEmpty() ? Optional.of(number) : tasks;
        if (exact || !job.variables().containsKey("SLURM_NTASKS")) {
            job.tell("SLURM_NTASKS", Integer.toString(number));
            job.tell("SLURM_NPROCS", Integer.toString(number));
        }
    }

    void tasksPerGpu(SbatchJob job, SbatchArguments.Given given) {
        SbatchValues.positive(given);
        tasksPerGpu = Optional.of(given);
    }

    /** A feature of nodes that is called like a GPU. */
    void feature(SbatchArguments.Given given) {
        feature = Optional.of(new Ask(given, 0, Optional.of(given.text())));
    }

    /** Sets what all of them say together. */
    void finish(SbatchJob job) {
        Optional<Ask> count = job.says(JobKey.GPUS) ? Optional.empty() : count(job);
        count.ifPresent(ask -> job.set(
                JobKey.GPUS,
                ask.given(),
                SbatchValues.whole(ask.count(), ask.given().value().at())));
        List<Ask> typed = new ArrayList<>(whole);
        perTask.ifPresent(typed::add);
        typed.removeIf(ask -> ask.type().isEmpty());
        if (typed.isEmpty() && count.map(ask -> ask.count() > 0).orElse(true)) {
            feature.ifPresent(typed::add);
        }
        for (Ask ask : typed) {
            if (!job.says(JobKey.GPU_TYPE) && !ask.type().equals(typed.get(0).type())) {
                job.problem(
                        ask.given(),
                        ask.given().option().shown() + " asks for other GPUs than "
                                + typed.get(0).given().option().shown(),
                        "keep one of them, or write #GPUSPOOL gpu_type=NAME");
                return;
            }
        }
        typed.stream()
                .findFirst()
                .ifPresent(ask -> job.set(
                        JobKey.GPU_TYPE,
                        ask.given(),
                        new Value.Text(
                                GpuModel.asInNames(ask.type().orElseThrow()),
                                ask.given().value().at())));
    }

    private Optional<Ask> count(SbatchJob job) {
        for (Ask ask : whole) {
            if (ask.count() != whole.get(0).count()) {
                job.problem(
                        ask.given(),
                        ask.given().option().shown() + " asks for " + ask.count() + " GPUs, "
                                + whole.get(0).given().option().shown() + " for "
                                + whole.get(0).count(),
                        "keep one of them, or write #GPUSPOOL gpus=N");
                return Optional.empty();
            }
        }
        if (!whole.isEmpty()) {
            return Optional.of(whole.get(0));
        }
        if (perTask.isPresent()) {
            Ask ask = perTask.get();
            return Optional.of(new Ask(ask.given(), ask.count() * tasks.orElse(1), ask.type()));
        }
        if (tasksPerGpu.isPresent() && tasks.isPresent()) {
            int each = SbatchValues.positive(tasksPerGpu.get());
            return Optional.of(new Ask(tasksPerGpu.get(), (tasks.get() + each - 1) / each, Optional.empty()));
        }
        return Optional.empty();
    }
}
