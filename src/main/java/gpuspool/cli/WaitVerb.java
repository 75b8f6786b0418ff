package gpuspool.cli;

import gpuspool.job.BadValueException;
import gpuspool.job.Durations;
import gpuspool.job.Ending;
import gpuspool.spool.JobRefs;
import gpuspool.spool.RunLook;
import gpuspool.spool.Spool;
import gpuspool.spool.Tracked;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gpuspool wait}: until all jobs named have ended. */
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

    /** How a job ended; no ending: it was removed without having run. */
    private record Result(String name, Optional<RunLook> look) {
        Optional<Ending> ending() {
            return look.flatMap(RunLook::ending);
        }

        boolean isDone() {
            return ending().map(Ending::isDone).orElse(false);
        }

        OptionalInt code() {
            return ending().orElse(null) instanceof Ending.Exited exited
                    ? OptionalInt.of(exited.code())
                    : OptionalInt.empty();
        }

        String describe() {
            return ending().map(Ending::describe).orElse("removed before it ran");
        }
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
        Map<Tracked, Result> results = new LinkedHashMap<>();
        tracked.forEach(job -> results.put(job, null));
        boolean inTime = awaitAll(results, deadline);
        if (json) {
            print(results);
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

    private boolean awaitAll(Map<Tracked, Result> results, long deadline) throws IOException, InterruptedException {
        Waiting waiting = new Waiting();
        while (true) {
            waiting.looking();
            for (Map.Entry<Tracked, Result> job : results.entrySet()) {
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

    private static Optional<Result> resultOf(Tracked job) throws IOException {
        Tracked.Now now = job.look();
        if (now instanceof Tracked.InDirectory in && in.look().where().isEnd()) {
            return Optional.of(new Result(job.name(), Optional.of(in.look())));
        }
        return now instanceof Tracked.Removed
                ? Optional.of(new Result(job.name(), Optional.empty()))
                : Optional.empty();
    }

    private int status(List<Result> results) {
        for (Result result : results) {
            if (result.code().isEmpty() || results.size() > 1 && !result.isDone()) {
                say(result.name() + ": " + result.describe());
            }
        }
        if (results.size() == 1 && results.get(0).code().isPresent()) {
            return results.get(0).code().getAsInt();
        }
        boolean allDone = results.stream().allMatch(Result::isDone);
        return allDone ? ExitStatus.OK.code : ExitStatus.FAILED.code;
    }

    private void print(Map<Tracked, Result> results) throws IOException {
        Json.print(call.out(), out -> {
            out.writeStartArray();
            results.forEach((job, result) -> {
                Optional<Result> ended = Optional.ofNullable(result);
                out.writeStartObject();
                out.writeStringProperty("job", job.name());
                Json.string(
                        out,
                        "id",
                        ended.flatMap(Result::look).map(look -> look.dir().id().toString()));
                out.writeBooleanProperty("ended", ended.isPresent());
                Json.string(
                        out,
                        "ending",
                        ended.map(end -> end.ending().map(Ending::word).orElse("removed")));
                Json.number(out, "exit", ended.map(Result::code).orElse(OptionalInt.empty()));
                out.writeEndObject();
            });
            out.writeEndArray();
        });
    }
}
