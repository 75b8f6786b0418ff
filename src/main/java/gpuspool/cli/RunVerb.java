package gpuspool.cli;

import gpuspool.foreground.Order;
import gpuspool.job.BadValueException;
import gpuspool.job.Durations;
import gpuspool.job.JobFile;
import gpuspool.job.JobFlag;
import gpuspool.job.JobKey;
import gpuspool.job.Stem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gpuspool run}: waits for GPUs and becomes the command. Where the options are plain, {@link PlainRun} goes the same way without this. */
final class RunVerb extends Verb {
    /** What the user's own process has already, or what only a job can have that a watcher starts and may start again. */
    private static final Set<JobKey> NOT_HERE = EnumSet.of(
            JobKey.CWD,
            JobKey.SHELL,
            JobKey.OUTPUT,
            JobKey.ERROR,
            JobKey.SIGNAL,
            JobKey.RETRIES,
            JobKey.RETRY_ON,
            JobKey.ON_INTERRUPT,
            JobKey.SWEEP);

    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            description = "what to run, and its own options; {} in it becomes the numbers of its GPUs, by commas")
    private List<String> command = List.of();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "what to call it in the queue (default: from the command)")
    private String name;

    @Option(names = "--timeout", paramLabel = "TIME", description = "give up waiting after so long, such as 10m")
    private String timeout;

    @Option(names = "--no-wait", description = "do not wait: end with 75 where it cannot start now, and say why")
    private boolean noWait;

    RunVerb(Invocation call) {
        super(call);
    }

    /** Takes what stood behind the options. */
    void take(List<String> words) {
        command = words;
    }

    /** The options of job files that it has besides its own. */
    static List<JobFlag> jobFlags() {
        return JobFlag.all().stream()
                .filter(flag -> !NOT_HERE.contains(flag.key()))
                .toList();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (command.isEmpty()) {
            throw usage("what is to run? Write: gpuspool run [OPTIONS] COMMAND...");
        }
        try {
            return run(JobOptions.settings(parsed(), call.directory(), this::usage));
        } catch (BadValueException bad) {
            throw usage(bad.getMessage());
        }
    }

    private int run(Map<String, String> settings) throws IOException, InterruptedException {
        if (name != null
                && !Stem.of((name + ".job").getBytes(StandardCharsets.UTF_8)).equals(name)) {
            throw usage("--name " + name
                    + ": write 1 to 64 letters, digits, '.', '_' or '-', not beginning with '.' or '-'");
        }
        if (noWait && timeout != null) {
            throw usage("either --no-wait or --timeout, not both");
        }
        settings.put(JobKey.CWD.key(), call.directory().toString());
        Order order = new Order(name != null ? name : NewJob.nameOf(command), command, settings, patience());
        JobFile read = RunStart.read(order, settings());
        if (read instanceof JobFile.Invalid invalid) {
            invalid.problems().forEach(problem -> say(problem.what() + "; " + problem.todo()));
            return ExitStatus.NEVER.code;
        }
        return new RunStart(call).run(order, namedSpool());
    }

    private Optional<Duration> patience() {
        if (noWait) {
            return Optional.of(Duration.ZERO);
        }
        if (timeout == null) {
            return Optional.empty();
        }
        Duration most = Durations.parse(timeout);
        if (most.isZero()) {
            throw usage("--timeout " + timeout + " is no time to wait; write --no-wait");
        }
        return Optional.of(most);
    }
}
