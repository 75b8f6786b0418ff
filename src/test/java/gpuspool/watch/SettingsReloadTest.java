package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import gpuspool.config.SettingOption;
import gpuspool.config.Settings;
import gpuspool.config.SettingsReader;
import gpuspool.spool.Layout;
import gpuspool.spool.SettingsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a look at {@code spool.toml} does, without a watcher and without waiting. */
final class SettingsReloadTest {
    private static final String STAY = "the settings from before stay; see: gpuspool check --settings)";
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @TempDir
    private Path directory;

    private final List<String> log = new ArrayList<>();
    private final Attention attention = new Attention(log::add);

    private void write(String text) throws IOException {
        Path draft = Files.writeString(directory.resolve("draft"), text);
        Files.move(draft, directory.resolve("spool.toml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private SettingsReload reload(boolean leases, String... options) {
        SettingsReader reader = new SettingsReader(
                Map.of(), List.of(options).stream().map(SettingOption::ofSet).toList(), "gpubox");
        SettingsFile file = new SettingsFile(new Layout(directory), Settings.LARGEST_FILE, leases);
        SettingsFile.Outcome first = file.read();
        Settings start = SettingsReload.understand(first, reader).settings();
        return new SettingsReload(file, reader, start, first, attention, log::add);
    }

    private String said() {
        String all = String.join("\n", log);
        log.clear();
        return all;
    }

    @Test
    void goodChangedBadGoodGone() throws IOException {
        write("grace = '10s'");
        SettingsReload settings = reload(true);
        assertEquals(Engine.NEVER, settings.look(0));
        assertEquals("", said());
        write("grace = '1m'\nkeep = '7d'");
        settings.look(0);
        assertEquals("settings read again: grace 10s → 1m, keep for ever → 7d", said());
        write("grase = '2m'\nkeep = 7");
        settings.look(0);
        String wrong = "spool.toml:1:1: unknown key \"grase\"; did you mean \"grace\"? (and 1 more; " + STAY;
        assertEquals("attention: " + wrong, said());
        assertEquals(List.of(wrong), attention.lines());
        settings.look(SECOND);
        assertEquals("", said(), "once for each file");
        assertEquals(Duration.ofMinutes(1), settings.now().grace());
        write("grace = '1m'\nkeep = '7d'");
        settings.look(0);
        assertEquals("settings read again: nothing changed", said());
        assertEquals(List.of(), attention.lines());
        Files.delete(directory.resolve("spool.toml"));
        settings.look(0);
        assertEquals("settings read again: grace 1m → 30s, keep 7d → for ever", said());
        assertEquals(Settings.DEFAULTS, settings.now());
    }

    @Test
    void whatCountsAtTheStart_isNotedUntilItIsAsBefore() throws IOException {
        write("devices = 'sim:1'\nhost = 'a'");
        SettingsReload settings = reload(true);
        write("devices = 'sim:2'\nhost = 'a'\ngrace = '1s'");
        settings.look(0);
        String later = "spool.toml: devices sim:1 → sim:2: takes effect when the watcher is started anew";
        assertEquals("settings read again: grace 30s → 1s\nattention: " + later, said());
        assertEquals(List.of(later), attention.lines());
        assertEquals("sim:1", settings.now().devices().orElseThrow());
        write("devices = 'sim:1'\nhost = 'a'");
        settings.look(0);
        assertEquals(List.of(), attention.lines());
    }

    @Test
    void option_staysBeforeTheFile() throws IOException {
        SettingsReload settings = reload(true, "grace=5s");
        write("grace = '1m'");
        settings.look(0);
        assertEquals("settings read again: nothing changed", said());
        assertEquals(Duration.ofSeconds(5), settings.now().grace());
    }

    @Test
    void withoutLeases_itMustStandStill() throws IOException {
        SettingsReload settings = reload(false);
        write("grace = '1m'");
        assertEquals(12 * SECOND, settings.look(10 * SECOND));
        write("grace = '2m'");
        assertEquals(13 * SECOND, settings.look(11 * SECOND));
        assertEquals(13 * SECOND, settings.look(12 * SECOND));
        assertEquals("", said());
        assertEquals(Engine.NEVER, settings.look(13 * SECOND));
        assertEquals("settings read again: grace 30s → 2m", said());
    }
}
