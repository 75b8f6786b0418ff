package gpuspool.watch;

import static gpuspool.watch.WatcherBed.fact;
import static gpuspool.watch.WatcherBed.output;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Settings as the real watcher lives by them, and follows their changes. */
@Timeout(60)
final class SettingsLifeTest {
    @TempDir
    private Path temp;

    private WatcherBed bed;
    private Path file;

    @BeforeEach
    void open() throws IOException {
        bed = new WatcherBed(temp);
        file = Files.createDirectory(bed.spool).resolve("spool.toml");
    }

    @AfterEach
    void close() throws IOException {
        bed.close();
    }

    private void write(String text) throws IOException {
        Files.move(Files.writeString(temp.resolve("draft.toml"), text), file, StandardCopyOption.ATOMIC_MOVE);
    }

    private String attention() throws IOException {
        Path hosts = bed.spool.resolve("hosts");
        Path attention = hosts.resolve(WatcherBed.list(hosts).get(0)).resolve("attention");
        return Files.exists(attention) ? Files.readString(attention) : "";
    }

    private void awaitAttention(String words) {
        bed.await("attention: " + words, () -> attention().contains(words));
    }

    private void awaitLog(String words) {
        bed.await("log: " + words, () -> bed.log().contains(words));
    }

    private Path run(String name, String script) throws IOException {
        bed.drop(name + ".job", script);
        return bed.awaitFiled(name + ".1");
    }

    @Test
    void whatJobsGet_isAsTheFileSays() throws Exception {
        Path cwd = Files.createDirectory(temp.resolve("work"));
        write("shell = '/bin/sh -e'\ncwd = '" + cwd
                + "'\ndrop_env = ['LEFT_*', 'OUT']\noutput = 'split'\ngrace = '7s'\n");
        bed.environment.putAll(Map.of("LEFT_1", "1", "LEFT_2", "2", "OUT", "3", "STAYS", "4"));
        bed.watch("sim:1");
        Path filed = run("x", "pwd\necho [$LEFT_1$LEFT_2$OUT$STAYS$BASH_VERSION]\nfalse\necho not with -e\n");
        assertEquals(cwd + "\n[4]\n", WatcherBed.read(filed.resolve("stdout.log")));
        assertEquals("1", fact(filed, "exit"));
        assertEquals("7000", fact(filed, "grace"));
        assertEquals("split", fact(filed, "output"));
        Path own = run("own", "#GPUSPOOL grace=1s output=merged cwd=/ shell=bash\npwd; echo ${BASH_VERSION:+bash}\n");
        assertEquals("/\nbash\n", output(own), "a job's own words count before");
        assertEquals("1000", fact(own, "grace"));
    }

    @Test
    void whatIsTaken_isAsTheFileSays() throws Exception {
        write("max_file_size = '1KiB'\nsettle = '5s'\n");
        bed.watch("sim:1");
        bed.drop("large.job", "#" + "x".repeat(1100) + "\ntrue\n");
        Path refused = bed.awaitFiled("large.1");
        String reason = Files.readString(refused.resolve("reason"));
        assertTrue(reason.contains("the limit is 1024 bytes"), reason);
        // Written in place: its name is older than its last write, so that it has to stand still.
        Files.writeString(bed.incoming("slow.job"), "true\n");
        bed.await("it waits", () -> bed.waiting().contains("has not changed for 5000 ms"));
        write("settle = '0s'\nmax_file_size = '2KiB'\n");
        awaitLog("settings read again: settle 5s → 0s, max_file_size 1KiB → 2KiB");
        bed.drop("large.job", "#" + "x".repeat(1100) + "\ntrue\n");
        assertTrue(bed.awaitFiled("large.2").startsWith(bed.spool.resolve("done")));
    }

    @Test
    void whatCountsAtTheStart_isAsTheFileSays() throws Exception {
        Path locks = temp.resolve("own-locks");
        write("devices = 'sim:3'\nlock_dir = '" + locks + "'\nhost = 'box-7'\n");
        bed.namesLocks = false;
        bed.watch(null);
        assertTrue(bed.log().contains(" with GPU 0,1,2\n"), bed.log());
        assertEquals("x.1.box-7", run("x", "true\n").getFileName().toString());
        assertEquals(List.of("box-7"), bed.names("hosts"));
        assertTrue(WatcherBed.list(locks).stream().anyMatch(name -> name.startsWith("watcher-")));
        write("devices = 'sim:2'\n");
        awaitAttention("devices sim:3 → sim:2, lock_dir " + locks + " → ");
    }

    @Test
    void optionAndEnvironment_countBeforeTheFile() throws Exception {
        write("grace = '1s'\noutput = 'split'\ncwd = '/tmp'\n");
        bed.environment.put("GPUSPOOL_GRACE", "2s");
        bed.environment.put("GPUSPOOL_CWD", "/");
        bed.watch("sim:1", "--set", "grace=3s");
        Path filed = run("x", "true\n");
        assertEquals(
                List.of("3000", "split", "/"),
                List.of(fact(filed, "grace"), fact(filed, "output"), fact(filed, "cwd")));
    }

    @Test
    void changes_takeEffectOnTheNextJobs() throws Exception {
        bed.watch("sim:1");
        assertEquals("30000", fact(run("a", "true\n"), "grace"));
        write("grace = '10s'\n");
        awaitLog("settings read again: grace 30s → 10s");
        assertEquals("10000", fact(run("b", "true\n"), "grace"));
        write("grace = 10\n");
        awaitAttention("spool.toml:1:9: 10 has no unit");
        assertEquals("10000", fact(run("c", "true\n"), "grace"), "those from before stay");
        Path pipe = temp.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Files.move(pipe, file, StandardCopyOption.ATOMIC_MOVE);
        awaitAttention("is a named pipe");
        assertEquals("10000", fact(run("d", "true\n"), "grace"), "and the watcher lives");
        Files.delete(file);
        awaitLog("settings read again: grace 10s → 30s");
        bed.await("nothing needs attention", () -> attention().isEmpty());
        assertEquals("30000", fact(run("e", "true\n"), "grace"));
    }

    @Test
    void halfWritten_isReadWhenItsWriterIsThrough() throws Exception {
        bed.watch("sim:1");
        try (FileOutputStream writer = new FileOutputStream(file.toFile())) {
            writer.write("grace = '1".getBytes(StandardCharsets.UTF_8));
            writer.flush();
            bed.drop("a.job", "true\n");
            assertEquals("30000", fact(bed.awaitFiled("a.1"), "grace"));
            writer.write("5s'\n".getBytes(StandardCharsets.UTF_8));
        }
        awaitLog("settings read again: grace 30s → 15s");
        assertFalse(bed.log().contains("attention"), bed.log());
    }

    @Test
    void badAtTheStart_nothingIsStarted() throws Exception {
        write("grce = '1s'\nkeep = 3\n");
        bed.environment.put("GPUSPOOL_OUTPUT", "both");
        Process process = bed.start("sim:1", "--set", "log_keep=x");
        assertEquals(2, WatcherBed.awaitExit(process));
        assertEquals("""
                gpuspool watch: spool.toml:1:1: unknown key "grce"; did you mean "grace"?
                gpuspool watch: spool.toml:2:8: 3 has no unit; write "3s", "3m" or "3h", with the quotes
                gpuspool watch: $GPUSPOOL_OUTPUT: output is "both"; write "merged" or "split"
                gpuspool watch: --set log_keep=x: log_keep is the string "x"; write an integer, 0 to 1000
                """, bed.log());
        assertEquals(List.of("spool.toml"), WatcherBed.list(bed.spool), "not even a spool was made");
    }
}
