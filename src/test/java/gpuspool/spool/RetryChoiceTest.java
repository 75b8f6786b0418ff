package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gpuspool.job.JobId;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryChoiceTest {
    private static JobRefs.Run run(Where where, String stem, int number, String host) {
        JobId id = new JobId(stem, number, host);
        return new JobRefs.Run(Path.of(where.word(), id.toString()), id, where);
    }

    private static final JobRefs.Run SECOND = run(Where.FAILED, "a", 2, "box");
    private static final JobRefs.Run FIRST = run(Where.DONE, "a", 1, "box");
    private static final JobRefs.Run RUNS = run(Where.RUNNING, "a", 3, "box");
    private static final JobRefs.Queued QUEUED = new JobRefs.Queued(Path.of("incoming/a.job"), Where.INCOMING, "a");

    private static RetryChoice of(String text, JobRefs.Job... found) {
        return RetryChoice.of(text, List.of(found));
    }

    @Test
    void stem_meansItsNewestRun() {
        assertEquals(new RetryChoice.Again(SECOND), of("a", SECOND, FIRST));
        assertEquals(new RetryChoice.Again(SECOND), of("a.job", SECOND, FIRST));
    }

    @Test
    void stemThatIsQueuedOrRuns_isLiving() {
        assertEquals(new RetryChoice.Living(QUEUED), of("a", QUEUED, SECOND));
        assertEquals(new RetryChoice.Living(RUNS), of("a", RUNS, SECOND));
    }

    @Test
    void namedRun_isThatOneWhateverElseThereIs() {
        assertEquals(new RetryChoice.Again(FIRST), of("a.1", FIRST));
        assertEquals(new RetryChoice.Again(FIRST), of("a.1.box", FIRST));
        assertEquals(new RetryChoice.Living(RUNS), of("a.3", RUNS));
    }

    @Test
    void oneNumberOnTwoHosts_isNotClear() {
        JobRefs.Run other = run(Where.FAILED, "a", 2, "other");
        assertEquals(new RetryChoice.Several(List.of(SECOND, other)), of("a.2", SECOND, other));
        assertEquals(new RetryChoice.Several(List.of(SECOND, other)), of("a", SECOND, other, FIRST));
        assertEquals(new RetryChoice.Again(other), of("a.2.other", other));
    }

    @Test
    void stemThatLooksLikeARun_isNotClear() {
        JobRefs.Run dotted = run(Where.DONE, "a.1", 7, "box");
        assertEquals(new RetryChoice.Several(List.of(dotted, FIRST)), of("a.1", dotted, FIRST));
    }

    @Test
    void nothingFound_isNotThere() {
        assertEquals(new RetryChoice.NotThere(), of("a"));
    }
}
