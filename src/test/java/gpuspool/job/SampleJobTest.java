package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The jobs to start from can be started from. */
class SampleJobTest {
    private static final Path SAMPLES = Path.of("samples");
    private static final Path EVERY_KEY = SAMPLES.resolve("every-key.toml");

    static List<Path> jobs() throws IOException {
        try (Stream<Path> files = Files.list(SAMPLES)) {
            return files.filter(file ->
                            !file.endsWith("spool.toml") && !file.toString().endsWith(".sh"))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void sample_isAValidJob(Path job) throws IOException {
        JobFiles.valid(job.getFileName().toString(), Files.readAllBytes(job));
    }

    private static String uncommented() throws IOException {
        return Files.readString(EVERY_KEY).replaceAll("(?m)^#(?=\\S)", "");
    }

    @Test
    void everyKey_isShown() throws IOException {
        Problems problems = new Problems();
        Set<String> shown =
                Toml.read(uncommented().getBytes(StandardCharsets.UTF_8), problems).orElseThrow().entries().stream()
                        .map(Value.Entry::name)
                        .collect(Collectors.toCollection(TreeSet::new));
        Set<String> all = Stream.of(JobKey.values())
                .filter(JobKey::isForPeople)
                .map(JobKey::key)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(all, shown);
    }

    @Test
    void whatIsUncommented_isValid() throws IOException {
        assertEquals(List.of(), JobFiles.messages("a.toml", JobFiles.read("a.toml", uncommented())));
    }
}
