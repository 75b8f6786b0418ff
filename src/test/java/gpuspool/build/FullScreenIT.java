package gpuspool.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import gpuspool.posix.Pty;
import gpuspool.spool.DiskFs;
import gpuspool.spool.SpoolMaker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packed program at a terminal: what its library for terminals needs is packed with it. */
class FullScreenIT {
    @TempDir
    Path directory;

    @Test
    void packed_showsTheScreen() throws Exception {
        Path spool = SpoolMaker.make(directory.resolve("spool"), new DiskFs()).root();
        List<String> command = List.of(System.getProperty("gpuspool.packaged"), "top", "--spool", spool.toString());
        try (Pty pty = Pty.start(directory, Map.of("TERM", "xterm", "GPUSPOOL_DEVICES", "sim:2"), command)) {
            pty.awaitScreen("no jobs").awaitScreen("2 of 2 free").type("q");
            assertEquals(0, pty.awaitEnd(), pty.screen());
            assertFalse(pty.screen().contains("WARNING"), pty.screen());
        }
    }

    /** Where /tmp is mounted noexec. */
    @Test
    void withoutNativeCode_sttyWill() throws Exception {
        Path spool = SpoolMaker.make(directory.resolve("spool"), new DiskFs()).root();
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.jline.terminal.jni=false",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                System.getProperty("gpuspool.packaged"),
                "top",
                "--spool",
                spool.toString());
        try (Pty pty = Pty.start(directory, Map.of("TERM", "xterm", "GPUSPOOL_DEVICES", "sim:2"), command)) {
            pty.awaitScreen("no jobs").type("q");
            assertEquals(0, pty.awaitEnd(), pty.screen());
            assertFalse(pty.screen().contains("WARNING"), pty.screen());
        }
    }
}
