package gpuspool.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class EtaTest {
    @Test
    void paceSoFar_givesWhatIsLeft() {
        Tally tally = new Tally(OptionalLong.of(20), 4, 2, 3, 1, 7);
        assertEquals("4 of 16 done, 1 failed, 2 run, ETA 30m00s", Eta.words(tally, Duration.ofMinutes(10)));
    }

    @Test
    void whatIsNotKnown_isNotTold() {
        assertEquals(
                "1 done, 1 runs", Eta.words(new Tally(OptionalLong.empty(), 0, 1, 1, 0, 0), Duration.ofMinutes(1)));
        assertEquals(
                "0 of 2 done, 2 run", Eta.words(new Tally(OptionalLong.of(2), 0, 2, 0, 0, 0), Duration.ofMinutes(1)));
    }
}
