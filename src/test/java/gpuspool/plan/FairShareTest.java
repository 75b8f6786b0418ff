package gpuspool.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FairShareTest {
    private static final int ALICE = 1001;
    private static final int BOB = 1002;
    private static final int CAROL = 1003;

    private final FairShare share = new FairShare(Map.of(ALICE, 6000.0, BOB, 4000.0), Map.of(ALICE, 2.0));

    @Test
    void usage_countsByWeight() {
        assertEquals(3000, share.of(ALICE, 0));
        assertEquals(4000, share.of(BOB, 0));
        assertEquals(0, share.of(CAROL, 0));
    }

    @Test
    void chosen_countsAMinuteEach_byWeight() {
        assertEquals(3000 + 30, share.of(ALICE, 1));
        assertEquals(4000 + 4 * 60, share.of(BOB, 4));
        assertTrue(share.of(CAROL, 1) > share.of(CAROL, 0));
    }
}
