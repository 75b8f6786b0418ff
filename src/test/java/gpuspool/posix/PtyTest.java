package gpuspool.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PtyTest {
    @TempDir
    Path directory;

    @Test
    void program_hasATerminalAndHearsItsKeys() throws Exception {
        String script =
                "[ -t 0 ] && [ -t 1 ] && stty size; trap 'echo caught; exit 7' INT; echo ready; read word; echo \"<$word>\";"
                        + " while :; do sleep 0.1; done";
        try (Pty pty = Pty.start(directory, Map.of("NAME", "value"), List.of("sh", "-c", script))) {
            pty.awaitScreen("ready").type("hello\r").awaitScreen("<hello>").interrupt();
            assertEquals(7, pty.awaitEnd(), pty.screen());
            assertTrue(pty.screen().contains("24 80") && pty.screen().contains("caught"), pty.screen());
        }
    }
}
