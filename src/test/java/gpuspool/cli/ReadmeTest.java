package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.config.SettingKey;
import gpuspool.config.SettingOption;
import gpuspool.config.Settings;
import gpuspool.config.SettingsRead;
import gpuspool.config.SettingsReader;
import gpuspool.job.JobKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README and the samples tell what the program's tables tell. */
class ReadmeTest {
    private static String readme() throws IOException {
        return Files.readString(Path.of("README.md"));
    }

    /** The lines of the table with this heading. */
    private static List<String> table(String heading) throws IOException {
        String text = readme();
        int start = text.indexOf(heading + "\n");
        assertTrue(start >= 0, "no table " + heading);
        return text.substring(start)
                .lines()
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
    }

    @Test
    void keysOfJobFiles_areThoseOfTheProgram() throws IOException {
        List<String> rows = Stream.of(JobKey.values())
                .filter(JobKey::isForPeople)
                .map(key -> row("`" + key.key() + "`", key.allowed(), key.byDefault(), key.doc()))
                .toList();
        assertEquals(rows, table("| key | value | default | what it does |"));
    }

    @Test
    void settings_areThoseOfTheProgram() throws IOException {
        List<String> rows = Stream.of(SettingKey.values())
                .map(key -> row(
                        "`" + key.key() + "`",
                        key.allowed(),
                        key.byDefault(),
                        key.scope().word(),
                        key.doc()))
                .toList();
        assertEquals(rows, table("| setting | value | default | takes effect | what it is |"));
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells).replace("|  |", "| |") + " |";
    }

    @Test
    void sampleSettings_showEveryKeyAndAreInOrder() throws IOException {
        String sample = Files.readString(Path.of("samples/spool.toml"));
        assertEquals(Settings.DEFAULTS, read(sample).settings(), "as it is, it changes nothing");
        String all = sample.replaceAll("(?m)^#(?=\\S)", "");
        SettingsRead read = read(all);
        assertEquals(List.of(), read.mistakes());
        for (SettingKey key : SettingKey.values()) {
            assertTrue(read.origins().containsKey(key), key.key() + " is missing");
        }
    }

    private static SettingsRead read(String text) {
        List<SettingOption> none = List.of();
        return new SettingsReader(Map.of(), none, "gpubox").read(text.getBytes(StandardCharsets.UTF_8));
    }
}
