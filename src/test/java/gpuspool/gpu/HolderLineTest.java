package gpuspool.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class HolderLineTest {
    @Test
    void whatIsSaid_isUnderstood() {
        for (HolderLine line : List.of(
                new HolderLine.Holding(0, 0),
                new HolderLine.Holding(1L << 37, 1L << 38),
                new HolderLine.Freed(),
                new HolderLine.Cannot("46", "open a context on the GPU: CUDA 46, busy"),
                new HolderLine.Cannot("-", "load libcuda.so.1"))) {
            assertEquals(line, HolderLine.parse(line.text()));
        }
    }

    @Test
    void anythingElse_isNotTakenForIt() {
        for (String text : List.of(
                "",
                "holding",
                "holding -1 of 2",
                "holding 1 of 99999999999999999999",
                "freed ",
                "cannot",
                "cannot x y",
                "gpuspool: needs Java 17 or newer, and found none.")) {
            assertEquals(new HolderLine.Other(text), HolderLine.parse(text));
        }
    }
}
