package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gpuspool.job.Ending;
import gpuspool.job.JobId;
import gpuspool.job.Mention;
import gpuspool.job.Outcome;
import gpuspool.job.Place;
import gpuspool.job.Turn;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What became of one job, and what that means for those after it, word by word. */
class DependenceTest {
    private static final JobId RUN = new JobId("exp1", 2, "box");
    private static final Mention EXP1 = new Mention("exp1", new Place(2, 10));
    private static final Mention EXP2 = new Mention("exp2.job", new Place(2, 18));
    private static final String TIME = "2026-11-21T08:00:00.000Z";
    private static final String READY = "ready";

    private static Turn after(Mention... jobs) {
        return new Turn(0, Optional.empty(), List.of(jobs), List.of(), List.of());
    }

    private static Turn afterAny(Mention... jobs) {
        return new Turn(0, Optional.empty(), List.of(), List.of(jobs), List.of());
    }

    /** The verdict in words. */
    private static String judge(Turn turn, Map<String, Outcome> outcomes) {
        Dependence.Verdict verdict = Dependence.judge(turn, job -> Optional.ofNullable(outcomes.get(job)));
        if (verdict instanceof Dependence.Never never) {
            return String.join(
                    "\n",
                    never.reasons().stream().map(reason -> reason.in("c.toml")).toList());
        }
        return verdict instanceof Dependence.Waits waits ? waits.why() : READY;
    }

    private static Outcome ended(boolean done, Ending ending) {
        return new Outcome.Ended(RUN, done, ending, TIME);
    }

    private static String never(String how) {
        return "c.toml:2:10: after \"exp1\": exp1.2 " + how;
    }

    private static String retry(String how) {
        return never(how + " at " + TIME + "; retry it and drop this again");
    }

    static Stream<Arguments> outcomes() {
        return Stream.of(
                row(new Outcome.NotHeardOf(), "waits for exp1, which nobody has dropped yet"),
                row(new Outcome.Queued(), "waits for exp1, which is queued"),
                row(new Outcome.Held(), "waits for exp1, which is held"),
                row(new Outcome.Running(RUN), "waits for exp1.2, which runs"),
                row(
                        new Outcome.Returning(RUN),
                        "waits for the run that follows exp1.2, whose file is not in the queue any more"),
                row(ended(true, new Ending.Exited(0)), READY),
                row(
                        ended(true, new Ending.Released()),
                        never("ran in a terminal, which alone was told how it ended;"
                                + " say after_any to wait for its end"),
                        READY),
                row(ended(true, new Ending.AllDone()), READY),
                row(
                        ended(false, new Ending.SomeFailed()),
                        never(
                                "is a sweep of which not all jobs succeeded; run those again"
                                        + " (gpuspool retry --failed exp1.2), give this one after_any instead, and drop it again"),
                        READY),
                row(ended(false, new Ending.Exited(3)), retry("failed (exit 3)"), READY),
                row(ended(false, new Ending.Exited(137)), retry("failed (137 (SIGKILL, or exit 137))"), READY),
                row(ended(false, new Ending.Exited(0)), retry("failed (exit 0)"), READY),
                row(ended(false, new Ending.TimedOut()), retry("timed out"), READY),
                row(ended(false, new Ending.Cancelled()), retry("was cancelled"), READY),
                row(ended(false, new Ending.Refused()), retry("was refused"), READY),
                row(ended(false, new Ending.NotStarted()), retry("could not be started"), READY),
                row(ended(false, new Ending.Interrupted()), retry("was interrupted"), READY),
                row(ended(false, new Ending.Unknown()), retry("is gone and nobody saw how it ended"), READY),
                row(
                        new Outcome.Ended(RUN, false, new Ending.Exited(3), ""),
                        never("failed (exit 3); retry it and drop this again"),
                        READY));
    }

    private static Arguments row(Outcome outcome, String both) {
        return row(outcome, both, both);
    }

    private static Arguments row(Outcome outcome, String after, String afterAny) {
        return Arguments.of(outcome, after, afterAny);
    }

    @ParameterizedTest
    @MethodSource("outcomes")
    void eachOutcome_meansOneThingForEachKey(Outcome outcome, String expected, String expectedOfAny) {
        assertEquals(expected, judge(after(EXP1), Map.of("exp1", outcome)));
        assertEquals(expectedOfAny, judge(afterAny(EXP1), Map.of("exp1", outcome)));
    }

    @Test
    void severalJobs_theFirstThatIsMissingIsNamed() {
        Map<String, Outcome> outcomes = Map.of("exp1", new Outcome.Queued(), "exp2", new Outcome.Held());
        assertEquals("waits for exp1, which is queued, and for 1 more", judge(after(EXP1, EXP2), outcomes));
        assertEquals(
                "waits for exp2.job, which is held",
                judge(
                        after(EXP1, EXP2),
                        Map.of("exp1", ended(true, new Ending.Exited(0)), "exp2", new Outcome.Held())));
    }

    @Test
    void oneFailedAndOneRuns_isRefusedAtOnce() {
        Map<String, Outcome> outcomes =
                Map.of("exp2", new Outcome.Running(RUN), "exp1", ended(false, new Ending.Exited(3)));
        assertEquals(retry("failed (exit 3)"), judge(after(EXP2, EXP1), outcomes));
    }

    @Test
    void nobodyHasLookedYet_waits() {
        assertEquals("it is being found out what became of exp1", judge(after(EXP1), Map.of()));
    }
}
