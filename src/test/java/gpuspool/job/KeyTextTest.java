package gpuspool.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is what is read. */
class KeyTextTest {

    static Stream<JobKey> plainKeys() {
        return Stream.of(JobKey.values())
                .filter(key -> key != JobKey.COMMAND
                        && key.isForPeople()
                        && !key.type().hasParts());
    }

    @ParameterizedTest
    @MethodSource("plainKeys")
    void example_saysTheSameInBothKindsOfFile(JobKey key) {
        String line = KeyText.exampleInScript(key);
        assertTrue(line.startsWith("#GPUSPOOL "), line);
        JobSpec inScript =
                FieldReading.ofLine(line.substring("#GPUSPOOL ".length())).spec();
        JobSpec inToml = FieldReading.ofToml(KeyText.exampleInToml(key)).spec();
        JobSpec silent = FieldReading.ofToml("").spec();
        assertEquals(inToml, inScript);
        assertEquals(
                List.of(),
                JobWords.asked(inToml, JobFiles.DEFAULTS).stream()
                        .filter(String::isBlank)
                        .toList());
        if (key != JobKey.SHELL) { // The program that it names is asked for elsewhere.
            assertNotEquals(silent, inToml);
            assertNotEquals(JobWords.asked(silent, JobFiles.DEFAULTS), JobWords.asked(inToml, JobFiles.DEFAULTS));
        }
        assertEquals(List.of(), new JobFlag(key).fault(key.example()).stream().toList());
    }

    @Test
    void examplesOfTables_areLinesOfTheirOwn() {
        assertEquals("env.LR = \"0.01\"", KeyText.exampleInToml(JobKey.ENV));
        assertEquals("#GPUSPOOL env.LR=0.01", KeyText.exampleInScript(JobKey.ENV));
        assertEquals("--env LR=0.01", KeyText.exampleAsFlag(JobKey.ENV));
        assertEquals("sweep.lr = [0.1, 0.01]", KeyText.exampleInToml(JobKey.SWEEP));
        assertEquals("#GPUSPOOL sweep.lr=0.1,0.01", KeyText.exampleInScript(JobKey.SWEEP));
    }

    @Test
    void valuesOfASweep_areListsRangesAndCounts() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("sweep.lr", "0.10,1e-3,fast");
        settings.put("sweep.one", "3");
        settings.put("sweep.seed", "1..5");
        settings.put("sweep.none", "");
        settings.put("sweep.sample", "20");
        assertEquals(
                "\n[sweep]\n\"lr\" = [0.10, 1e-3, \"fast\"]\n\"one\" = [3]\n\"seed\" = \"1..5\"\n\"none\" = []\n\"sample\" = 20\n",
                KeyText.toml(settings));
    }

    @Test
    void tables_comeLast() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("env.A", "x");
        settings.put("gpus", "2");
        settings.put("env.b c", "\"'");
        assertEquals("gpus = 2\n\n[env]\n\"A\" = \"x\"\n\"b c\" = \"\\\"'\"\n", KeyText.toml(settings));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "a b",
                " ",
                "a,b",
                "it's",
                "say \"x\"",
                "a=b",
                "#",
                "\\",
                "\t",
                "gr\u00f6\u00dfe",
                "\u00a0"
            })
    void line_isReadAsItWasWritten(String value) {
        String line = KeyText.line("env.A", value);
        Problems problems = new Problems();
        List<OptionLine.Option> read = OptionLine.parse(1, line, problems);
        assertTrue(problems.isEmpty(), line);
        assertEquals(
                List.of("env.A", value),
                List.of(read.get(0).name(), read.get(0).value().text()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "it's \"x\"", "\uFFFD"})
    void valueThatNoLineHolds_isRefused(String value) {
        BadValueException bad = assertThrows(BadValueException.class, () -> KeyText.line("env.A", value));
        assertFalse(bad.getMessage().contains("\n"));
    }
}
