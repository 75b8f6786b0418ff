package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForegroundTest {
    private static final String COMMAND = "command = [\"bash\"]\n";

    @Test
    void table_namesTheProcess() {
        JobSpec spec = JobFiles.valid(
                "bash.toml", COMMAND + "foreground = { host = \"gpubox\", pid = 4711, start = 81234567890123 }\n");
        assertEquals(Optional.of(new Foreground("gpubox", 4711, 81_234_567_890_123L)), spec.foreground());
    }

    @Test
    void table_namesWhoAsksForTheProcess() {
        JobSpec spec = JobFiles.valid(
                "bash.toml",
                COMMAND + "foreground = { host = \"gpubox\", pid = 1, start = 2, asker = 3, asker_start = 4 }\n");
        Foreground asked = new Foreground("gpubox", 1, 2, Optional.of(new Foreground.Owner(3, 4)));
        assertEquals(Optional.of(asked), spec.foreground());
        assertEquals(
                Optional.of(asked),
                Foreground.recorded("gpubox", List.of(asked.words().split(" "))));
        assertEquals(Optional.empty(), Foreground.recorded("gpubox", List.of("1", "2", "3")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ host = 'a/b', pid = 1, start = 1 } | host",
                "{ host = 'a', pid = 0, start = 1 } | pid or start",
                "{ host = 'a', pid = 3000000000, start = 1 } | pid or start",
                "{ host = 'a', pid = 1 } | pid or start",
                "{ host = 'a', pid = '1', start = 1 } | pid",
                "{ host = 'a', pid = 1, start = -1 } | start",
                "{ host = 'a', pid = 1, start = 1, more = 1 } | more",
                "{ host = 'a', pid = 1, start = 1, asker = 2 } | asker or asker_start",
                "{ host = 'a', pid = 1, start = 1, asker_start = 2 } | asker or asker_start",
            })
    void notAsWritten_isRefused(String table, String which) {
        List<String> problems = problems("x.toml", COMMAND + "foreground = " + table.replace("'", "\"") + "\n");
        assertEquals(
                List.of("x.toml:2:14: foreground is not as gpuspool writes it (\"" + which
                        + "\"); remove it: gpuspool run makes it by itself"),
                problems);
    }

    @Test
    void moreThanOneRun_isRefused() {
        List<String> problems =
                problems("x.toml", COMMAND + "retries = 2\nforeground = { host = \"a\", pid = 1, start = 1 }\n");
        assertEquals(
                List.of("x.toml:3:1: a job in the foreground has no retries; remove retries, or foreground"), problems);
    }

    private static List<String> problems(String name, String text) {
        return JobFiles.messages(name, JobFiles.read(name, text));
    }

    @Test
    void hostsWithoutItsOwn_isRefused() {
        String process = "foreground = { host = \"a\", pid = 1, start = 1 }\n";
        assertEquals(
                List.of("x.toml:3:1: hosts leaves out a, where its process is; add it, or remove hosts"),
                problems("x.toml", COMMAND + process + "hosts = [\"b\"]\n"));
        assertEquals(
                List.of("a"),
                JobFiles.valid("x.toml", COMMAND + process + "hosts = [\"b\", \"a\"]\n")
                        .turn()
                        .hosts());
        assertEquals(
                List.of("a"), JobFiles.valid("x.toml", COMMAND + process).turn().hosts());
    }
}
