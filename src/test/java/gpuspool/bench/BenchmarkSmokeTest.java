package gpuspool.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark still runs. What it measures with so few jobs means nothing and is not looked at. */
class BenchmarkSmokeTest {
    private static final List<String> GPUSPOOL = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "gpuspool.cli.Main");

    @Test
    void everyMeasure_givesRows(@TempDir Path directory) throws Exception {
        Measures measures = new Measures(directory, GPUSPOOL, Sizes.SMOKE);
        for (String name : measures.all().keySet()) {
            List<Row> rows = Benchmark.run(measures, name, line -> {});
            assertFalse(rows.isEmpty(), name);
            rows.forEach(row -> assertFalse(row.verdict().isBlank(), row.line()));
        }
        try (var left = java.nio.file.Files.list(directory)) {
            assertEquals(List.of(), left.toList(), "the benchmark tidies up behind itself");
        }
    }
}
