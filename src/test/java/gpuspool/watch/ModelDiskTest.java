package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The power goes at any moment, and the disk keeps as little, or as oddly much, as it may. */
class ModelDiskTest {
    @Test
    void everyCut_keepsThePromise() throws IOException {
        PowerCuts cuts = PowerCuts.of(Meddler.none(), true, true, false);
        System.out.println("power cuts: " + cuts);
        assertTrue(cuts.toString().matches("[0-9]{3,}.*"), "nothing was cut");
        assertEquals("", String.join("\n", cuts.violations()));
    }
}
