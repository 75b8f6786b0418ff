package gpuspool.cli;

import gpuspool.job.BadValueException;
import gpuspool.job.Durations;
import gpuspool.spool.JobRefs;
import gpuspool.spool.Spool;
import gpuspool.spool.Tracked;
import gpuspool.spool.Where;
import gpuspool.view.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gpuspool wait}: until all jobs named have ended, and the runs that follow by themselves. */
final class WaitVerb extends Verb {
    @Parameters(paramLabel = "JOB", arity = "1..*", description = "exp1, exp1.2, a full id, or a queued file's name")
    private List<String> jobs;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "give up after so long, such as 10m (default: never)")
    private String timeout;

    @Option(names = "--json", description = "print one JSON array, an object for each job")
    private boolean json;

    WaitVerb(Invocation call) {
        super(call);
    }

    @Override
    Set<Where> jobsMeant() {
        return Set.of(Where.INCOMING, Where.HELD, Where.RUNNING);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        long deadline = deadline();
        Spool spool = open();
        List<Tracked> tracked = new ArrayList<>();
        for (String job : jobs) {
            Optional<JobRefs.Job> found = newest(spool, job);
            if (found.isEmpty()) {
                return ExitStatus.FAILED.code;
            }
            tracked.add(new Tracked(spool.places(), looker(), fs, found.get()));
        }
        Map<Tracked, WaitResult> results = new LinkedHashMap<>();
        tracked.forEach(job -> results.put(job, null));
        boolean inTime = awaitAll(results, deadline);
        if (json) {
            Json.print(call.out(), out -> WaitResult.write(out, results));
        }
        return inTime ? status(List.copyOf(results.values())) : ExitStatus.TIMED_OUT.code;
    }

    private long deadline() {
        try {
            Duration limit = timeout == null ? Durations.LONGEST : Durations.parse(timeout);
            return System.nanoTime() + limit.toNanos();
        } catch (BadValueException bad) {
            throw usage("--timeout: " + bad.getMessage());
        }
    }

    private boolean awaitAll(Map<Tracked, WaitResult> results, long deadline) throws IOException, InterruptedException {
        Waiting waiting = new Waiting();
        while (true) {
            waiting.looking();
            for (Map.Entry<Tracked, WaitResult> job : results.entrySet()) {
                if (job.getValue() == null) {
                    job.setValue(resultOf(job.getKey()).orElse(null));
                }
            }
            List<String> living = results.keySet().stream()
                    .filter(job -> results.get(job) == null)
                    .map(Tracked::name)
                    .toList();
            if (living.isEmpty()) {
                return true;
            }
            if (System.nanoTime() - deadline >= 0) {
                say("not ended after " + timeout + ": " + String.join(", ", living));
                return false;
            }
            waiting.pause(deadline);
        }
    }

    private static Optional<WaitResult> resultOf(Tracked job) throws IOException {
        Tracked.Now now = job.look();
        if (now instanceof Tracked.InDirectory in && in.look().where().isEnd()) {
            if (job.goOn(in.look())) {
                return Optional.empty();
            }
            return Optional.of(new WaitResult(job.name(), true, Optional.of(in.look())));
        }
        return now instanceof Tracked.Removed
                ? Optional.of(new WaitResult(job.name(), job.wasClaimed(), Optional.empty()))
                : Optional.empty();
    }

    private int status(List<WaitResult> results) {
        for (WaitResult result : results) {
            boolean silent = result.succeeded() || result.code().isPresent() && results.size() == 1;
            if (!silent) {
                say(result.name() + ": " + result.describe());
            }
        }
        if (results.size() == 1 && results.get(0).code().isPresent()) {
            return results.get(0).code().getAsInt();
        }
        boolean allDone = results.stream().allMatch(WaitResult::isDone);
        return allDone ? ExitStatus.OK.code : ExitStatus.FAILED.code;
    }
}
