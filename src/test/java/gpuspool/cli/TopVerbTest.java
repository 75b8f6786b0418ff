package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.posix.Pty;
import gpuspool.posix.QuickStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jline.utils.ScreenTerminal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The full screen as a real process at a real terminal, and where there is none. */
class TopVerbTest {
    @TempDir
    Path directory;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
    }

    /** Says the terminal's settings before and after. */
    private Pty start(String type) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", "stty -g; \"$@\"; echo \"<$?>\"; stty -g; echo over", "sh"));
        command.addAll(QuickStart.program("top"));
        return Pty.start(
                directory,
                Map.of(
                        "GPUSPOOL_SPOOL",
                        spool.root.toString(),
                        "GPUSPOOL_LOCK_DIR",
                        directory.resolve("locks").toString(),
                        "GPUSPOOL_DEVICES",
                        "sim:2",
                        "LC_ALL",
                        "C.UTF-8",
                        "TERM",
                        type),
                command);
    }

    /** What a terminal of that size shows by now. */
    private static String shown(Pty pty, int columns, int rows) {
        ScreenTerminal screen = new ScreenTerminal(columns, rows);
        screen.write(pty.screen());
        long[] cells = new long[columns * rows];
        screen.dump(cells, new int[2]);
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < rows; row++) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                int point = ScreenTerminal.cellCodePoint(cells[row * columns + column]);
                line.appendCodePoint(point == 0 ? ' ' : point);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static void await(Pty pty, String what) {
        await(pty, shown -> shown.contains(what), what);
    }

    private static void await(Pty pty, Predicate<String> condition, String what) {
        try {
            pty.awaitScreen(all -> condition.test(shown(pty, 80, 24)), what);
        } catch (RuntimeException e) {
            throw new AssertionError(what + ", but:\n" + shown(pty, 80, 24), e);
        }
    }

    /** Its end, its screen left and the settings as they were. */
    private static void assertGivenBack(Pty pty, int status) throws InterruptedException {
        pty.awaitScreen("over");
        assertEquals(0, pty.awaitEnd());
        String all = pty.screen();
        List<String> lines = all.replace("\r", "").lines().toList();
        assertTrue(all.contains("<" + status + ">"), all);
        assertEquals(lines.get(0), lines.get(lines.size() - 2), all);
        assertTrue(all.lastIndexOf("\u001b[?1049l") > all.lastIndexOf("\u001b[?1049h"), all);
        assertTrue(all.lastIndexOf("\u001b[?1049l") < all.lastIndexOf("<" + status + ">"), all);
    }

    @Test
    void keys_driveIt_andItGivesTheTerminalBack() throws Exception {
        spool.queue("first.job", "echo one\n");
        spool.queue("second.job", "echo two\n");
        spool.done("old.1");
        try (Pty pty = start("screen-256color")) {
            await(pty, "QUEUED 2");
            await(pty, "NO WATCHER");
            await(pty, ">first.job");
            await(pty, "\necho one");
            await(pty, "2 of 2 free");
            pty.type("\u001b[B");
            await(pty, "\necho two");
            pty.type("\u001b[200~qcyh\ry\u001b[201~");
            await(pty, "pasted text does nothing here");
            assertTrue(Files.exists(spool.root.resolve("incoming/second.job")));
            pty.type("h");
            await(pty, "second.job: held; to put it back");
            await(pty, "HELD 1");
            assertTrue(Files.exists(spool.root.resolve("held/second.job")));
            pty.type("/first\r");
            await(pty, shown -> !shown.contains("second.job"), "only one");
            pty.type("c");
            await(pty, "cancel first.job? y/n");
            pty.type("y");
            await(pty, "cancelled before it started; filed as failed/first.1");
            pty.type("/\u001b");
            await(pty, "ENDED 2");
            pty.type("G\r");
            await(pty, "log of old.1  (follows)");
            await(pty, "\nline 2");
            pty.type("\u001b");
            await(pty, "HELD 1");
            Path away = directory.resolve("away");
            Files.move(spool.root, away);
            await(pty, "cannot read the spool, trying again");
            Files.move(away, spool.root);
            await(pty, shown -> !shown.contains("cannot read"), "it is there again");
            pty.resize(40, 10);
            pty.awaitScreen(all -> shown(pty, 40, 10).contains("\n ENDED 2          TIME ENDING"), "smaller");
            pty.type("q");
            assertGivenBack(pty, 0);
        }
    }

    @Test
    void killed_givesTheTerminalBack() throws Exception {
        spool.queue("first.job", "echo one\n");
        try (Pty pty = start("xterm")) {
            await(pty, "QUEUED 1");
            ProcessHandle java = pty.process()
                    .descendants()
                    .filter(child -> child.info().command().orElse("").endsWith("java"))
                    .findFirst()
                    .orElseThrow();
            assertTrue(java.destroy());
            assertGivenBack(pty, 143);
        }
    }

    @Test
    void interrupted_givesTheTerminalBack() throws Exception {
        try (Pty pty = start("xterm")) {
            await(pty, "no jobs");
            pty.interrupt();
            assertGivenBack(pty, 0);
        }
    }

    @Test
    void dumbTerminal_orNone_isSaidWithWhatToDoInstead() throws Exception {
        try (Pty pty = start("dumb")) {
            pty.awaitScreen("over");
            assertTrue(
                    pty.screen()
                            .contains(
                                    "gpuspool top: this terminal shows no full screen (TERM is dumb); without: gpuspool"
                                            + " status --watch"),
                    pty.screen());
            assertTrue(pty.screen().contains("<2>"), pty.screen());
        }
        assertEquals(
                new CliSpool.Result(
                        2,
                        "",
                        "gpuspool top: it reads keys from a terminal and draws on one; without: gpuspool status --watch\n"),
                spool.run("top"));
    }
}
