package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobIdTest {

    @Test
    void id_isWrittenAndReadBack() {
        JobId id = new JobId("exp1", 2, "gpubox");
        assertEquals("exp1.2.gpubox", id.toString());
        assertEquals("exp1.2", id.shortName());
        assertEquals(Optional.of(id), JobId.parse("exp1.2.gpubox"));
    }

    @Test
    void stemThatLooksLikeAnId_isReadFromTheRight() {
        assertEquals(Optional.of(new JobId("a.1.b.2", 3, "host-4")), JobId.parse("a.1.b.2.3.host-4"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "exp1",
                "exp1.2",
                "exp1.2.",
                ".2.gpubox",
                "exp1.0.gpubox",
                "exp1.02.gpubox",
                "exp1.-1.gpubox",
                "exp1.1000000000.gpubox",
                "exp1.2.gpu_box",
                "exp 1.2.gpubox",
                "exp1.2.gpubox\n",
                ".x.2.gpubox",
                "-x.2.gpubox",
                "é.2.gpubox",
                "exp1.2.gpubox.tmp"
            })
    void nameOfSomethingElse_isNoId(String name) {
        assertEquals(Optional.empty(), JobId.parse(name));
    }

    @Test
    void stemOf65Characters_isNoId() {
        assertEquals(Optional.empty(), JobId.parse("x".repeat(65) + ".1.h"));
        assertEquals(Optional.of(new JobId("x".repeat(64), 1, "h")), JobId.parse("x".repeat(64) + ".1.h"));
    }

    @Test
    void partsOutOfRange_areRefused() {
        assertThrows(IllegalArgumentException.class, () -> new JobId("a/b", 1, "h"));
        assertThrows(IllegalArgumentException.class, () -> new JobId("a", 0, "h"));
        assertThrows(IllegalArgumentException.class, () -> new JobId("a", 1, "h.example.org"));
    }
}
