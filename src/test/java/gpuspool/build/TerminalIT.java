package gpuspool.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gpuspool.spool.DiskFs;
import gpuspool.spool.SpoolMaker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as it is handed out, in a real terminal of 60 columns and 12 rows. */
class TerminalIT {
    private static final int COLUMNS = 60;

    @TempDir
    Path directory;

    private Path spool;

    @BeforeAll
    static void needsATerminal() {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "no script(1)");
    }

    @BeforeEach
    void makeSpool() throws IOException {
        spool = SpoolMaker.make(directory.toRealPath().resolve("spool"), new DiskFs())
                .root();
        Path job = Files.createDirectory(spool.resolve("failed/exp1.1.box"));
        Files.writeString(job.resolve("exp1.job"), "true\n");
        Files.writeString(
                job.resolve("status"),
                "name = exp1.job\nending = exited\nexit = 3\ncommand = python train.py " + "x".repeat(100) + "\n");
        Files.createFile(job.resolve("exit.3"));
        Files.writeString(job.resolve("output.log"), "a line\n".repeat(20));
    }

    /** What the terminal gets; {@code line} is for sh, {@code gpuspool} in it this program. */
    private String shown(String environment, String line) throws Exception {
        String set = "stty cols " + COLUMNS + " rows 12; unset NO_COLOR CLICOLOR CLICOLOR_FORCE PAGER LESS MANPAGER;"
                + " TERM=xterm; export TERM " + environment + "; gpuspool() { "
                + Path.of("target/gpuspool").toAbsolutePath() + " \"$@\"; }; " + line;
        ProcessBuilder builder = new ProcessBuilder(List.of("script", "-qec", set, "/dev/null"))
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().put("GPUSPOOL_SPOOL", spool.toString());
        builder.environment().put("GPUSPOOL_JAVA", System.getProperty("java.home"));
        builder.environment().put("SHELL", "/bin/sh");
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return said.replace("\r\n", "\n");
    }

    private static String row(String page) {
        return page.lines()
                .filter(line -> line.startsWith("exp1.1"))
                .findFirst()
                .orElse(page);
    }

    @Test
    void status_fitsTheTerminalAndHasColours() throws Exception {
        for (String status : List.of("gpuspool", "gpuspool status", "gpuspool status --color=auto")) {
            String row = row(shown("", status));
            assertTrue(row.contains("\u001b[31mfailed: exit 3\u001b[0m"), row);
            String bare = row.replaceAll("\u001b\\[[0-9]*m", "");
            assertEquals(COLUMNS, bare.length(), bare);
            assertTrue(bare.endsWith("…"), bare);
        }
        assertFalse(shown("NO_COLOR=1", "gpuspool").contains("\u001b"));
        assertFalse(shown("TERM=dumb", "gpuspool").contains("\u001b"));
        String piped = row(shown("", "gpuspool | cat"));
        assertTrue(piped.endsWith("x".repeat(100)), piped);
        assertFalse(piped.contains("\u001b"), piped);
    }

    @Test
    void pageThatIsLongerThanTheScreen_goesToThePager() throws Exception {
        String pager = "PAGER='sed s/^/PAGED:/'";
        assertTrue(shown(pager, "gpuspool show exp1").contains("PAGED:--- output.log\n"));
        assertFalse(shown(pager, "gpuspool show exp1 --no-pager").contains("PAGED:"));
        assertFalse(shown(pager, "gpuspool show exp1 | cat").contains("PAGED:"));
        assertFalse(shown(pager, "gpuspool status").contains("PAGED:"));
        assertTrue(shown("GPUSPOOL_PAGER='sed s/^/OURS:/' " + pager, "gpuspool check --explain")
                .contains("OURS:gpus\n"));
        String without = shown("PAGER=/nonexistent", "gpuspool show exp1");
        assertTrue(without.contains("--- output.log\na line\n"), without);
        String left = shown("PAGER='head -1'", "gpuspool check --explain; echo status $?");
        assertTrue(left.endsWith("status 0\n"), left);
    }

    @Test
    void readerThatHasSeenEnough_endsItQuietly() throws Exception {
        for (String verb :
                List.of("status", "show exp1", "log exp1", "check --explain", "completion bash", "status --json")) {
            String said =
                    shown("", "{ gpuspool " + verb + "; echo $? >code; } 2>err | head -c 3 >/dev/null; cat err code");
            assertEquals("0\n", said, verb);
        }
    }
}
