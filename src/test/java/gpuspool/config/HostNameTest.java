package gpuspool.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The name by which every command knows this host. */
class HostNameTest {
    @TempDir
    Path directory;

    private String name(String file, Map<String, String> environment) throws IOException {
        return HostName.of(Files.writeString(directory.resolve("spool.toml"), file), environment);
    }

    @Test
    void noFile_isTheMachinesName() throws IOException {
        assertEquals(HostName.current(), HostName.of(directory.resolve("spool.toml"), Map.of()));
    }

    @Test
    void fileThatNamesIt_counts() throws IOException {
        assertEquals("box", name("host = 'box'\n", Map.of()));
        assertEquals("box", name("[hosts." + HostName.current() + "]\nhost = 'box'\n", Map.of()));
        assertEquals("box", name("hosts." + HostName.current() + " = { \"host\"='box' }\n", Map.of()));
        assertEquals(HostName.current(), name("[hosts.other-than-this]\nhost = 'box'\n", Map.of()));
    }

    @Test
    void environment_countsBeforeTheFile() throws IOException {
        assertEquals("mine", name("host = 'box'\n", Map.of("GPUSPOOL_HOST", "mine")));
        IOException bad = assertThrows(IOException.class, () -> name("host = 'box'\n", Map.of("GPUSPOOL_HOST", "a b")));
        assertEquals("$GPUSPOOL_HOST: host is \"a b\"; write 1 to 63 letters, digits or -", bad.getMessage());
    }

    @Test
    void fileWithOtherMistakes_stillNamesIt() throws IOException {
        assertEquals("box", name("grace = 5\nhost = 'box'\n", Map.of()));
        assertEquals(HostName.current(), name("host = 'box\n", Map.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "host = 'a', true",
        "\"host\"='a', true",
        "  host\t= 'a', true",
        "hosts.x.host = 'a', true",
        "x = 1 # host = 2, true",
        "# host = 'a', false",
        "hosts.x.cwd = 'a', false",
        "[hosts.host], false",
        "cwd = '/host', false",
        "cwd = 'host', false",
        "host, false",
    })
    void quickLook_findsWhatMayNameIt(String line, boolean found) {
        assertEquals(found, HostName.mayNameAHost("grace = '1s'\n" + line.replace("\\t", "\t") + "\n"), line);
    }
}
