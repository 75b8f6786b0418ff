package gpuspool.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpositionTest {
    @Test
    void labelsAndHelp_areEscaped() {
        String text = new Exposition()
                .gauge("a_b", "back\\slash\nand line")
                .sample(Map.of("name", "a \"b\" \\c\nd"), 0.25)
                .sample(Map.of(), 1e12)
                .toString();
        assertEquals("""
                # HELP a_b back\\\\slash\\nand line
                # TYPE a_b gauge
                a_b{name="a \\"b\\" \\\\c\\nd"} 0.25
                a_b 1000000000000
                """, text);
    }
}
