package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values of sbatch's options in the words of our own keys, whether these are in force or not. */
class SbatchWordsTest {
    private static SbatchArguments.Given given(String name, String text) {
        return new SbatchArguments.Given(
                SbatchOptions.named(name).get(0), Place.START, new Value.Text(text, Place.START));
    }

    @ParameterizedTest
    @CsvSource({
        "16:00, 16:00",
        "9:05, 09:05",
        "16:00:30, 16:00:30",
        "4:30PM, 16:30",
        "12:00 am, 00:00",
        "noon, 12:00",
        "midnight, 00:00",
        "teatime, 16:00",
        "now+1hour, 1h",
        "now+90, 1m30s",
        "now+2days, 2d",
        "now+1weeks, 7d",
        "2026-11-21, 2026-11-21",
        "2026-11-21T8:00, 2026-11-21T08:00",
        "2026-11-21T08:00:30, 2026-11-21T08:00:30",
        "112126, 2026-11-21",
        "11/21/26-08:30, 2026-11-21T08:30"
    })
    void begin_isAWordOfOurs(String text, String ours) {
        assertEquals(Optional.of(ours), SbatchTimes.begin(given("begin", text)));
        BeginWords.read(JobKey.BEGIN, new Value.Text(ours, Place.START));
    }

    @Test
    void beginNow_isNoWaiting() {
        assertEquals(Optional.empty(), SbatchTimes.begin(given("begin", "now")));
        assertEquals(Optional.empty(), SbatchTimes.begin(given("begin", "now+0")));
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5, -1",
        "'0-3', '0,1,2,3', -1",
        "'1,3,7', '1,3,7', -1",
        "'0-15:4', '0,4,8,12', -1",
        "'3,1-3,2%4', '1,2,3', 4"
    })
    void array_isAllItsIndices(String text, String indices, int atOnce) {
        assertEquals(
                List.of(indices.split(",")),
                SbatchValues.indices(given("array", text)).stream()
                        .map(String::valueOf)
                        .toList());
        assertEquals(
                atOnce < 0 ? OptionalInt.empty() : OptionalInt.of(atOnce), SbatchValues.atOnce(given("array", text)));
    }

    @Test
    void dependencies_areByTheirKeys() {
        assertEquals(
                Map.of(JobKey.AFTER, List.of("a", "b", "e"), JobKey.AFTER_ANY, List.of("c", "d.2")),
                SbatchValues.dependencies(given("dependency", "afterok:a:b,afterany:c,after:d.2,afterok:e")));
    }

    @ParameterizedTest
    @CsvSource({"USR1, USR1@60s", "B:USR1@300, USR1@300s", "R:SIGUSR2@5, SIGUSR2@5s", "10@120, SIGUSR1@120s"})
    void signal_isAWordOfOurs(String text, String ours) {
        assertEquals(ours, SbatchValues.signal(given("signal", text)));
        RunWords.signal(JobKey.SIGNAL, new Value.Text(ours, Place.START));
    }

    @ParameterizedTest
    @CsvSource({
        "'box1,box2.example.org', 'box1,box2'",
        "'gpu[1-3,7],x', 'gpu1,gpu2,gpu3,gpu7,x'",
        "'n[08-10]', 'n08,n09,n10'"
    })
    void hosts_areEachOfThem(String text, String hosts) {
        assertEquals(List.of(hosts.split(",")), SbatchValues.hosts(given("nodelist", text)));
    }

    @ParameterizedTest
    @CsvSource({"out.log, ./out.log", "logs/%j.out, logs/%j.out", "none, /dev/null", "%x-%%x.%j, ./my_exp%%-%%x.%j"})
    void path_hasASlashAndTheName(String text, String ours) {
        assertEquals(ours, SbatchValues.named(SbatchValues.path(given("output", text)), "my/exp%"));
    }

    @ParameterizedTest
    @CsvSource({
        "a100, true", "A100_80GB, true", "h100, true", "v100s, true", "rtx3090, true", "rtx_a6000, true", "t4, true",
        "nvidia_l40s, true", "gh200, true", "mi250x, true", "haswell, false", "gpu, false", "ib, false", "e5, false",
        "a100|h100, false", "p9, false", "'a100&ib', false", "amd, false", "avx512, false", "gpu80, false"
    })
    void featureOfANode_isAGpuWhereItIsCalledSo(String word, boolean isGpu) {
        assertEquals(isGpu, GpuModel.isModel(word));
    }

    @Test
    void names_areThereOnce() {
        Set<String> seen = new HashSet<>();
        for (String name : SbatchOptions.names()) {
            assertTrue(seen.add(name), name);
            assertEquals(
                    List.of(name),
                    SbatchOptions.named(name).stream().map(SbatchOption::name).toList());
            SbatchOptions.named(name).get(0).letter().ifPresent(letter -> {
                assertTrue(seen.add("-" + letter), name);
                assertEquals(name, SbatchOptions.lettered(letter).orElseThrow().name());
            });
        }
        assertFalse(seen.isEmpty());
    }

    @Test
    void readme_tellsWhatTheTableTells() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String heading = "| option of sbatch | here |\n|---|---|\n";
        int table = readme.indexOf(heading);
        assertTrue(table >= 0, "no table of options");
        assertEquals(
                SbatchOptions.reference(),
                readme.substring(table + heading.length())
                        .lines()
                        .takeWhile(line -> line.startsWith("|"))
                        .toList());
    }
}
