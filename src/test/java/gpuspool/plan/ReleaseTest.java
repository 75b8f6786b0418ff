package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gpuspool.job.Ending;
import org.junit.jupiter.api.Test;

class ReleaseTest {
    private static Release.Step next(int lowest, int highest, int outside, int failed) {
        return Release.next(new Release.Found(lowest, highest, 5, outside, failed, 3, false, false));
    }

    @Test
    void nextIsPrepared_beforeTheOneBeforeItGoes() {
        assertEquals(new Release.Prepare(2), next(1, 1, 0, 0));
        assertEquals(new Release.LetGo(1), next(1, 2, 0, 0));
    }

    @Test
    void last_goesWithoutANext() {
        assertEquals(new Release.LetGo(5), next(5, 5, 2, 0));
    }

    @Test
    void asManyOutsideAsMayBe_waits() {
        assertEquals(new Release.Wait(), next(4, 4, 3, 0));
        assertEquals(new Release.Wait(), next(0, 0, 1, 0));
    }

    @Test
    void nothingMayStart_waits_butAnEndIsAnEnd() {
        assertEquals(new Release.Wait(), Release.next(new Release.Found(2, 2, 5, 0, 0, 3, false, true)));
        assertEquals(
                new Release.File(new Ending.AllDone()), Release.next(new Release.Found(0, 0, 5, 0, 0, 3, false, true)));
    }

    @Test
    void allEnded_isFiledByWhetherOneFailed() {
        assertEquals(new Release.File(new Ending.AllDone()), next(0, 0, 0, 0));
        assertEquals(new Release.File(new Ending.SomeFailed()), next(0, 0, 0, 1));
    }

    @Test
    void cancelled_letsNothingGoAndWaitsForThoseOutside() {
        assertEquals(new Release.CancelMembers(), Release.next(new Release.Found(3, 3, 5, 2, 0, 3, true, false)));
        assertEquals(
                new Release.File(new Ending.Cancelled()),
                Release.next(new Release.Found(3, 3, 5, 0, 0, 3, true, false)));
    }
}
