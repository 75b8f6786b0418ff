package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StemSetTest {
    @Test
    void manyStems_areAllKnownAndNoOthers() {
        StemSet set = new StemSet();
        for (int i = 0; i < 100_000; i++) {
            set.add("train-" + i);
            set.add("train-" + i);
        }
        for (int i = 0; i < 100_000; i++) {
            assertTrue(set.contains("train-" + i), "train-" + i);
            assertFalse(set.contains("train-" + i + "x"), "train-" + i + "x");
        }
    }

    @Test
    void emptySet_knowsNone() {
        assertFalse(new StemSet().contains("a"));
    }
}
