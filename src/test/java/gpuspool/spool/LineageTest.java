package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.AgainFor;
import gpuspool.job.Attempt;
import gpuspool.job.JobId;
import gpuspool.job.RetryOn;
import gpuspool.job.Runs;
import gpuspool.posix.FileFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run says of those before and after it, and how the one before a file is found. */
class LineageTest {
    @TempDir
    Path temp;

    private Layout places;
    private Predecessors predecessors;

    @BeforeEach
    void make() throws IOException {
        places = SpoolMaker.make(temp.resolve("spool"), new DiskFs()).places();
        predecessors = new Predecessors(places, "box", new DiskFs());
    }

    private static StatusFile status(String text) {
        return StatusFile.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private Path queue(String text) throws IOException {
        return Files.writeString(places.incoming().resolve("x.job"), text);
    }

    private static FileFacts facts(Path file) throws IOException {
        return FileFacts.of(file).orElseThrow();
    }

    /** A run that was followed by this file. */
    private void run(Path place, String id, Path file, String more) throws IOException {
        Path directory = Files.createDirectory(place.resolve(id));
        Files.writeString(directory.resolve("status"), "again_file = " + Lineage.identity(facts(file)) + "\n" + more);
    }

    @Test
    void whatIsAskedFor_isReadBack() {
        Runs runs = new Runs(
                3,
                List.of(new RetryOn.Code(4), new RetryOn.Signal(9), new RetryOn.Interrupted()),
                Runs.OnInterrupt.REQUEUE,
                Optional.empty());
        String text = new String(Lineage.lines(runs).bytes(), StandardCharsets.UTF_8);
        assertEquals("retries = 3\nretry_on = 4 SIGKILL interrupted\non_interrupt = requeue\n", text);
        assertEquals(runs, Lineage.runs(status(text)));
        assertEquals(Runs.ONE, Lineage.runs(status("")));
        assertEquals(0, Lineage.lines(Runs.ONE).bytes().length);
    }

    @Test
    void endingsNotUnderstood_callForNoRun() {
        assertEquals(
                0, Lineage.runs(status("retries = 3\nretry_on = thunder\n")).retries());
    }

    @Test
    void sameFile_isFoundInRunningAndInFailed() throws IOException {
        Path file = queue("true\n");
        run(places.failed(), "x.3.box", file, "again_for = retry\nretry = 1\nending = exited\nexit = 4\n");
        run(places.running(), "x.4.box", queue("other\n"), "");
        Predecessor found = predecessors.of(facts(file), "x", 4, 1000).orElseThrow();
        // The file was written anew: the newer run's copy it is now.
        assertEquals("x.4.box", found.id().toString());
        Files.delete(places.running().resolve("x.4.box/status"));
        Path back = queue("true\n");
        Files.writeString(
                places.failed().resolve("x.3.box/status"),
                "again_file = " + Lineage.identity(facts(back))
                        + "\nowner = 7\nagain_for = retry\nretry = 1\nending = exited\nexit = 4\n");
        Predecessor older = predecessors.of(facts(back), "x", 4, 1000).orElseThrow();
        assertEquals(
                new Predecessor(
                        JobId.parse("x.3.box").orElseThrow(),
                        AgainFor.RETRY,
                        new Attempt(2, 0),
                        "failed (exit 4)",
                        OptionalInt.of(7)),
                older);
        assertEquals(Optional.empty(), predecessors.of(facts(back), "x", 4, 1), "only the newest is asked");
    }

    @Test
    void touchedOrReplaced_isNoSuccessor() throws IOException {
        Path file = queue("true\n");
        run(places.failed(), "x.1.box", file, "");
        assertTrue(predecessors.of(facts(file), "x", 1, 1).isPresent());
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
        assertEquals(Optional.empty(), predecessors.of(facts(file), "x", 1, 1));
    }

    @Test
    void devicesNumberedAnew_doNotMatter() throws IOException {
        Path file = queue("true\n");
        FileFacts now = facts(file);
        FileFacts before = new FileFacts(
                now.device() + 1, now.inode(), now.size(), now.mode(), now.owner(), now.modified(), now.changed());
        StatusFile status = status("again_file = " + Lineage.identity(before) + "\n");
        assertTrue(Lineage.isCopyOf(status, now));
    }

    /** Another host's run began after this watcher had looked: its number is not known here. */
    @Test
    void runOfAnotherHost_isFound() throws IOException {
        Files.createDirectories(places.host("box"));
        Files.createDirectories(places.host("other"));
        Path file = queue("true\n");
        run(places.failed(), "x.1.other", file, "again_for = interruption\n");
        Predecessor found = predecessors.of(facts(file), "x", 0, 1000).orElseThrow();
        assertEquals(new Attempt(0, 1), found.next());
        assertEquals("was interrupted", found.how());
    }

    /** A host that is busy for long lets the other one run a job many times. */
    @Test
    void manyRunsOfAnotherHost_theNewestIsFound() throws IOException {
        Files.createDirectories(places.host("box"));
        Files.createDirectories(places.host("other"));
        for (int run = 1; run < 30; run += 3) {
            Files.createDirectories(places.failed().resolve("x." + run + ".other"));
        }
        Path file = queue("true\n");
        run(places.failed(), "x.33.other", file, "again_for = retry\nretry = 29\nending = exited\nexit = 4\n");
        Predecessor found = predecessors.of(facts(file), "x", 0, 1000).orElseThrow();
        assertEquals("x.33.other", found.id().toString());
        assertEquals(new Attempt(30, 0), found.next());
    }
}
