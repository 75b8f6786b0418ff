package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.config.Settings.Durability;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The power goes at any moment while a job is stopped and queued again, and the disk keeps as little as it may. */
class RequeueCutsTest {
    /** Taken at once: a second watcher has claimed and started the copy before the first has synced that it is handed over. */
    @ParameterizedTest
    @CsvSource({"false,FULL", "true,FULL", "false,FAST", "true,FAST"})
    void everyCut_oneCopyRunsAgain(boolean takenAtOnce, Durability durability) throws IOException {
        RequeueCuts cuts = RequeueCuts.of(Meddler.none(), takenAtOnce, durability, Meddler.none());
        System.out.println("requeue, power cuts: " + cuts);
        assertEquals("", String.join("\n", cuts.violations()));
        assertTrue(durability == Durability.FAST || cuts.carriedOn() > 50, cuts::toString);
    }

    @Test
    void everyCut_oneRetryRuns() throws IOException {
        RequeueCuts cuts = RequeueCuts.of(Meddler.none(), false, Durability.FULL, Meddler.none(), true);
        System.out.println("retry, power cuts: " + cuts);
        assertEquals("", String.join("\n", cuts.violations()));
        assertTrue(cuts.carriedOn() > 50, cuts::toString);
    }
}
