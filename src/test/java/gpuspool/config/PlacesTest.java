package gpuspool.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.JobId;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the spool is, and what this host is called in it. */
final class PlacesTest {
    @ParameterizedTest
    @CsvSource({
        "gpubox, gpubox",
        "gpubox.lab.example, gpubox",
        "my_box.lab, my-box",
        "büro, b-ro",
        "'', localhost",
        ".lab, localhost",
    })
    void hostName_firstLabelOfSafeCharacters(String name, String label) {
        assertEquals(label, HostName.label(name));
    }

    @Test
    void longestNameTheKernelTakes_stillMakesAnId() {
        String label = HostName.label("h".repeat(64));
        assertEquals("h".repeat(63), label);
        assertEquals("exp1.1." + label, new JobId("exp1", 1, label).toString());
    }

    @Test
    void thisHost_makesAnId() throws Exception {
        assertTrue(
                JobId.parse(new JobId("exp1", 1, HostName.current()).toString()).isPresent());
    }

    @Test
    void spool_flagThenVariableThenHere() {
        Map<String, String> set = Map.of("GPUSPOOL_SPOOL", "/data/q");
        assertEquals(Path.of("here"), SpoolPlace.find(Optional.of(Path.of("here")), set));
        assertEquals(Path.of("/data/q"), SpoolPlace.find(Optional.empty(), set));
        assertEquals(Path.of("spool"), SpoolPlace.find(Optional.empty(), Map.of("GPUSPOOL_SPOOL", "")));
        assertEquals(Path.of("spool"), SpoolPlace.find(Optional.empty(), Map.of()));
    }
}
