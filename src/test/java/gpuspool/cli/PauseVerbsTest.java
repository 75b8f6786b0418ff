package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PauseVerbsTest {
    private static final String DRAINING =
            "nothing new starts, and each watcher leaves once no job of its host runs; to go"
                    + " on: gpuspool resume, then gpuspool watch\n";

    @TempDir
    Path directory;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
    }

    @Test
    void pauseTwiceAndResumeTwice_saySoAndSucceed() throws IOException {
        spool.watched("sim:0");
        String paused = ": nothing new starts, what runs runs on; to go on: gpuspool resume\n";
        assertEquals(new CliSpool.Result(0, "paused" + paused, ""), spool.run("pause"));
        assertTrue(Files.exists(spool.root.resolve("control/pause")));
        assertEquals(new CliSpool.Result(0, "paused already" + paused, ""), spool.run("pause"));
        assertTrue(spool.run()
                .out()
                .contains("\nPAUSED: nothing starts until control/pause is removed (gpuspool resume)\n"));
        assertTrue(spool.run("--json").out().contains("\"paused\":true,\"draining\":false,\"let_go\":false"));
        assertEquals(new CliSpool.Result(0, "resumed: queued jobs start again\n", ""), spool.run("resume"));
        assertEquals(
                new CliSpool.Result(0, "neither paused nor draining; nothing to resume\n", ""), spool.run("resume"));
    }

    @Test
    void resume_takesBothBackAndSaysThatNobodyWatches() throws IOException {
        assertEquals(0, spool.run("pause").status());
        assertEquals(0, spool.run("drain").status());
        assertEquals(
                new CliSpool.Result(
                        0,
                        "resumed: queued jobs start again\n",
                        "gpuspool resume: note: no watcher runs; start one: gpuspool watch\n"),
                spool.run("resume"));
        assertEquals(0, spool.root.resolve("control").toFile().list().length);
    }

    @Test
    void drain_isShown() throws IOException {
        assertEquals(new CliSpool.Result(0, "draining: " + DRAINING + "no watcher runs\n", ""), spool.run("drain"));
        assertEquals(
                "draining already: " + DRAINING + "no watcher runs\n",
                spool.run("drain", "--wait").out());
        String shown = spool.run().out();
        assertTrue(
                shown.contains(
                        "\nDRAINING: nothing starts, and each watcher leaves once no job of its host runs; to go on:"
                                + " gpuspool resume, then gpuspool watch\n"),
                shown);
        assertTrue(spool.run("--json").out().contains("\"paused\":false,\"draining\":true,\"let_go\":false"));
    }

    @Test
    void drainWait_staysUntilTheWatchersHaveLeft() throws Exception {
        // As another host's, of which nobody can tell more than that it has not signed off.
        Path note = Files.createDirectories(spool.root.resolve("hosts/far")).resolve("watcher");
        Files.writeString(note, "pid = 77\npid_start = 1\nboot = b\n");
        CompletableFuture<CliSpool.Result> waits = CompletableFuture.supplyAsync(() -> run("drain", "--wait"));
        Awaitility.await().until(() -> Files.exists(spool.root.resolve("control/drain")));
        assertFalse(waits.isDone());
        Files.delete(note);
        assertEquals(
                new CliSpool.Result(
                        0,
                        "draining: " + DRAINING + "waiting for the watcher on far (pid 77)\nevery watcher has left\n",
                        ""),
                waits.get());
    }

    @Test
    void drainWait_endsWhenTheDrainIsTakenBack() throws Exception {
        spool.watched("sim:0");
        CompletableFuture<CliSpool.Result> waits = CompletableFuture.supplyAsync(() -> run("drain", "--wait"));
        Awaitility.await().until(() -> Files.exists(spool.root.resolve("control/drain")));
        assertEquals(0, spool.run("resume").status());
        assertEquals(1, waits.get().status());
        assertTrue(
                waits.get()
                        .err()
                        .startsWith("gpuspool drain: control/drain was removed, so no watcher leaves; still there: "),
                waits.get().err());
    }

    private CliSpool.Result run(String... args) {
        try {
            return spool.run(args);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
