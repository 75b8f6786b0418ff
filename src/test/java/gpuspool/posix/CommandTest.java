package gpuspool.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin", "A", "b c");

    @TempDir
    private Path temp;

    private static Command.Result run(String line) throws IOException {
        return run(new Command(Duration.ofSeconds(30)), line);
    }

    private static Command.Result run(Command command, String line) throws IOException {
        return command.run(List.of("/bin/sh", "-c", line), ENVIRONMENT);
    }

    private static int descriptors() throws IOException {
        return Fds.allOpen().size();
    }

    @Test
    void program_isHeardOnBothStreams() throws Exception {
        assertEquals(new Command.Result(7, "out b c\n", "err\n"), run("echo out \"$A\"; echo err >&2; cat; exit 7"));
    }

    @Test
    void signal_isTold() throws Exception {
        assertEquals(128 + 9, run("kill -9 $$").status());
    }

    @Test
    void muchOutput_isReadAndCut() throws Exception {
        assertEquals(1 << 20, run("head -c 3000000 /dev/zero").output().length());
    }

    @Test
    void missingProgram_isAnError() {
        IOException e = assertThrows(
                IOException.class,
                () -> new Command(Duration.ofSeconds(30)).run(List.of("/no/such/program"), ENVIRONMENT));
        assertEquals("start /no/such/program: No such file or directory (errno 2)", e.getMessage());
    }

    @Test
    void tooSlow_isEndedWithItsChildren() throws Exception {
        Path pids = temp.resolve("pids");
        Command command = new Command(Duration.ofMillis(1500));
        IOException e =
                assertThrows(IOException.class, () -> run(command, "sleep 600 & echo $$ $! > " + pids + "; wait"));
        assertEquals("/bin/sh did not end within 1500 ms", e.getMessage());
        String[] told = Files.readString(pids).strip().split(" ");
        assertTrue(ProcFiles.stat(Long.parseLong(told[0])).isEmpty(), "reaped");
        long child = Long.parseLong(told[1]);
        Children.await(
                "its child ends",
                () -> ProcFiles.stat(child).map(f -> f[0].equals("Z")).orElse(true));
        assertEquals("on\n", run(command, "echo on").output());
    }

    /** What it leaves behind may keep the pipes open, or even go on writing. */
    @Test
    void childOfItsOwn_isNotWaitedFor() throws Exception {
        Path pid = temp.resolve("pid");
        long before = System.nanoTime();
        assertEquals(
                "here\n", run("sleep 600 & echo $! > " + pid + "; echo here").output());
        assertTrue(System.nanoTime() - before < Duration.ofSeconds(25).toNanos());
        run("kill -9 " + Files.readString(pid).strip());
    }

    @Test
    void descriptors_areAllClosed() throws Exception {
        run("true");
        int before = descriptors();
        for (int i = 0; i < 20; i++) {
            run("echo x");
            assertThrows(
                    IOException.class, () -> new Command(Duration.ofSeconds(1)).run(List.of("/no/such"), ENVIRONMENT));
        }
        assertFalse(descriptors() > before + 5, before + " → " + descriptors());
    }
}
