package gpuspool.plan;

import gpuspool.job.Ending;
import gpuspool.job.JobId;
import gpuspool.job.Mention;
import gpuspool.job.Outcome;
import gpuspool.job.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Whether a job that waits for others may start, by what became of those. */
public final class Dependence {
    private Dependence() {}

    public sealed interface Verdict {}

    /** All that it waits for has come. */
    public record Ready() implements Verdict {}

    /**
     * Something has not come yet.
     *
     * @param on the jobs that have not ended, in the order of the file; never empty
     */
    public record Waits(List<Mention> on, String why) implements Verdict {}

    /** It can never start: one reason for each job that did not end as it should have. */
    public record Never(List<Reason> reasons) implements Verdict {}

    /** What stands in the way, and where the file asks for it. */
    public record Reason(Mention job, String what) {
        /** As the other messages about a file: {@code c.toml:2:10: after "exp1": exp1.2 failed (exit 3)}. */
        public String in(String file) {
            return file + ":" + job.at().line() + ":" + job.at().column() + ": " + what;
        }
    }

    /**
     * Judges a job.
     *
     * @param outcomes what became of a job, by {@link Mention#job()}; empty where nobody has looked yet
     */
    public static Verdict judge(Turn turn, Function<String, Optional<Outcome>> outcomes) {
        List<Reason> never = new ArrayList<>();
        List<Mention> open = new ArrayList<>();
        for (Mention job : turn.after()) {
            Optional<Outcome> outcome = outcomes.apply(job.job());
            if (!(outcome.orElse(null) instanceof Outcome.Ended ended)) {
                open.add(job);
            } else if (!ended.succeeded()) {
                never.add(new Reason(job, "after \"" + job.name() + "\": " + tell(ended)));
            }
        }
        for (Mention job : turn.afterAny()) {
            if (!(outcomes.apply(job.job()).orElse(null) instanceof Outcome.Ended)) {
                open.add(job);
            }
        }
        if (!never.isEmpty()) {
            return new Never(never);
        }
        return open.isEmpty() ? new Ready() : new Waits(open, why(open, outcomes));
    }

    private static String why(List<Mention> open, Function<String, Optional<Outcome>> outcomes) {
        Mention first = open.get(0);
        String more = open.size() == 1 ? "" : ", and for " + (open.size() - 1) + " more";
        return outcomes.apply(first.job())
                .map(outcome -> "waits for " + tell(first, outcome) + more)
                .orElse("it is being found out what became of " + first.name());
    }

    private static String tell(Mention job, Outcome outcome) {
        if (outcome instanceof Outcome.Queued) {
            return job.name() + ", which is queued";
        }
        if (outcome instanceof Outcome.Held) {
            return job.name() + ", which is held";
        }
        if (outcome instanceof Outcome.Running running) {
            return running.id().shortName() + ", which runs";
        }
        if (outcome instanceof Outcome.Returning returning) {
            return "the run that follows " + returning.id().shortName() + ", whose file is not in the queue any more";
        }
        return job.name() + ", which nobody has dropped yet";
    }

    private static String tell(Outcome.Ended ended) {
        String job = ended.id().shortName();
        Ending ending = ended.ending();
        if (ending instanceof Ending.Released) {
            return job + " ran in a terminal, which alone was told how it ended; say after_any to wait for its end";
        }
        if (ending instanceof Ending.SomeFailed) {
            // Its record stays as it is, whatever becomes of them later.
            return job + " is a sweep of which not all jobs succeeded; run those again (gpuspool retry --failed " + job
                    + "), give this one after_any instead, and drop it again";
        }
        return how(ended.id(), ending) + (ended.time().isEmpty() ? "" : " at " + ended.time())
                + "; retry it and drop this again";
    }

    private static String how(JobId id, Ending ending) {
        String job = id.shortName();
        if (ending instanceof Ending.Exited) {
            return job + " failed (" + ending.describe() + ")";
        }
        if (ending instanceof Ending.NotStarted) {
            return job + " could not be started";
        }
        if (ending instanceof Ending.Unknown) {
            return job + " is gone and nobody saw how it ended";
        }
        return job + (ending instanceof Ending.TimedOut ? " " : " was ") + ending.word();
    }
}
