package gpuspool.watch;

import static gpuspool.watch.WatcherBed.fact;
import static gpuspool.watch.WatcherBed.output;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.spool.DiskFs;
import gpuspool.spool.SpoolMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The spool is moved, removed and made anew under a watcher: it stays, says so, and goes on when there is one again. */
@Timeout(60)
final class LostSpoolTest {
    /** Runs until {@code go} lies beside the spool. */
    private static final String WAITS = "echo up\nwhile [ ! -e \"$GO\" ]; do sleep 0.05; done\necho end\n";

    @TempDir
    private Path temp;

    private WatcherBed bed;
    private Path away;
    private Process watcher;

    @BeforeEach
    void open() throws IOException {
        bed = new WatcherBed(temp);
        bed.environment.put("GO", temp.resolve("go").toString());
        away = temp.resolve("away");
    }

    @AfterEach
    void close() throws IOException {
        bed.close();
    }

    private void awaitLog(String words) {
        bed.await("it says: " + words, () -> bed.log().contains(words));
    }

    /** The watcher is the one that was started, and nothing it said was unexpected. */
    private void assertWell() throws IOException {
        assertTrue(watcher.isAlive(), bed.log());
        assertFalse(bed.log().contains("Exception") || bed.log().contains("\tat "), bed.log());
    }

    private void startsWithAJob() throws IOException {
        watcher = bed.watch("sim:2");
        bed.drop("long.job", WAITS);
        bed.awaitOutput("long.1", "up");
    }

    private void assertStarts(String name) throws IOException {
        bed.drop(name + ".job", "echo hello\n");
        assertEquals("hello\n", output(bed.awaitFiled(name + ".1")));
    }

    private static List<String> filesBelow(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.map(path -> root.relativize(path).toString()).sorted().toList();
        }
    }

    @Test
    void rootRenamedAwayAndBack_jobRunsOnAndIsFiled() throws Exception {
        startsWithAJob();
        Files.move(bed.spool, away);
        awaitLog(bed.spool
                + " is gone. The spool is looked at anew; until then nothing is started, and running jobs are not"
                + " touched\n");
        awaitLog("attention: " + bed.spool + " is not a spool: it does not exist. Make one with: gpuspool init --spool "
                + bed.spool + ", or put back the one that was there: it is looked for every second\n");
        assertFalse(Files.exists(bed.spool), "nothing is made in its place");
        String host = WatcherBed.list(away.resolve("hosts")).get(0);
        assertFalse(Files.exists(away.resolve("hosts").resolve(host).resolve("watcher")), "it does not watch there");
        Files.writeString(away.resolve("incoming/early.job"), "true\n");
        Files.move(away, bed.spool);
        awaitLog(bed.spool + " is a spool again");
        bed.awaitFiled("early.1");
        assertEquals(null, bed.filed("long.1"), "it runs on");
        Files.createFile(temp.resolve("go"));
        Path filed = bed.awaitFiled("long.1");
        assertEquals("up\nend\n", output(filed));
        assertEquals("0", fact(filed, "exit"));
        assertEquals(1, bed.log().split("does not exist", -1).length - 1, bed.log());
        assertStarts("next");
        assertWell();
        assertEquals(143, bed.term(watcher));
        if (Files.isReadable(Path.of("/etc/machine-id"))) {
            String machine =
                    WatcherBed.read(bed.spool.resolve("hosts").resolve(host).resolve("machine"));
            assertTrue(machine.matches("[0-9a-f]{16}\n"), machine);
        }
    }

    @Test
    void rootReplacedByAnotherSpool_isWatchedFromThenOn() throws Exception {
        Path other = temp.resolve("other");
        var unused = SpoolMaker.make(other, new DiskFs());
        startsWithAJob();
        Files.move(bed.spool, away);
        Files.move(other, bed.spool);
        awaitLog(bed.spool + " is another one now");
        assertStarts("fresh");
        List<String> before = filesBelow(away);
        Files.createFile(temp.resolve("go"));
        Path mark = away.resolve("running")
                .resolve(WatcherBed.list(away.resolve("running")).get(0))
                .resolve("started");
        bed.await("its job ends there", () -> WatcherBed.read(mark).contains("exit=0 end"));
        assertEquals(before, filesBelow(away), "nothing was changed in the old one");
        assertWell();
    }

    @Test
    void rootDeletedAndMadeAnew_isWatched() throws Exception {
        startsWithAJob();
        FaultBed.delete(bed.spool);
        awaitLog("does not exist. Make one with");
        Files.createDirectory(bed.spool);
        awaitLog("has no format. Make one with");
        assertEquals(List.of(""), filesBelow(bed.spool));
        var unused = SpoolMaker.make(bed.spool, new DiskFs());
        awaitLog("is a spool again");
        assertStarts("fresh");
        assertWell();
    }

    @Test
    void symbolicLinkSwitched_isFollowed() throws Exception {
        Path one = temp.resolve("one");
        Path two = temp.resolve("two");
        for (Path place : List.of(one, two)) {
            var unused = SpoolMaker.make(place, new DiskFs());
        }
        Files.createSymbolicLink(bed.spool, one);
        startsWithAJob();
        Files.delete(bed.spool);
        Files.createSymbolicLink(bed.spool, two);
        awaitLog("watching " + two.toRealPath());
        assertStarts("fresh");
        assertTrue(Files.isDirectory(
                two.resolve("done").resolve(bed.filed("fresh.1").getFileName())));
        Files.delete(bed.spool);
        Files.createSymbolicLink(bed.spool, one);
        Files.createFile(temp.resolve("go"));
        // Nothing runs there now: the event of the next file makes it look.
        Files.writeString(two.resolve("incoming/hint.job"), "true\n");
        assertEquals("up\nend\n", output(bed.awaitFiled("long.1")));
        assertEquals(List.of("hint.job"), WatcherBed.list(two.resolve("incoming")), "not started from the other one");
        assertWell();
    }

    @Test
    void incomingDeleted_isWaitedFor() throws Exception {
        startsWithAJob();
        Files.delete(bed.spool.resolve("incoming"));
        awaitLog("is not a spool: it has no incoming.");
        Files.createDirectory(bed.spool.resolve("incoming"));
        awaitLog("is a spool again");
        // By its event: the next scan is a minute away.
        assertStarts("next");
        Files.move(bed.spool.resolve("incoming"), away);
        Files.createDirectory(bed.spool.resolve("incoming"));
        assertStarts("after");
        assertWell();
    }

    @Test
    void otherDirectoriesDeleted_areMadeAgain() throws Exception {
        startsWithAJob();
        for (String part : List.of("control", "held", "done", "failed", "tmp")) {
            Files.delete(bed.spool.resolve(part));
        }
        Files.move(bed.spool.resolve("hosts"), away);
        for (String part : List.of("control", "held", "done", "failed", "tmp", "hosts")) {
            awaitLog("made " + bed.spool.toRealPath().resolve(part) + " again: it was missing");
        }
        // Watched again, too: a request is heard at once.
        bed.await("it watches", () -> bed.names("hosts").size() == 1);
        Files.createFile(bed.spool.resolve("control/pause"));
        bed.drop("next.job", "true\n");
        bed.await("pause is heard", () -> bed.waiting().contains("next.job\tpaused"));
        Files.delete(bed.spool.resolve("control/pause"));
        bed.awaitFiled("next.1");
        Files.createFile(temp.resolve("go"));
        assertEquals("0", fact(bed.awaitFiled("long.1"), "exit"));
        assertWell();
    }

    @Test
    void rootGone_costsNothingAndLeavesWhenTold() throws Exception {
        startsWithAJob();
        Files.move(bed.spool, away);
        awaitLog("does not exist. Make one with");
        long before = cpuTicks();
        long start = System.nanoTime();
        bed.await("some looks", () -> System.nanoTime() - start > 2_500_000_000L);
        assertTrue(cpuTicks() - before < 100, "a busy loop: " + (cpuTicks() - before) + " ticks of 10 ms");
        assertWell();
        assertEquals(143, bed.term(watcher));
        assertTrue(bed.log().endsWith("leaving; what ran in the spool that was here runs on\n"), bed.log());
        assertFalse(bed.processes().isEmpty(), "the job lives");
    }

    private long cpuTicks() throws IOException {
        String stat = WatcherBed.read(Path.of("/proc/" + watcher.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    @Test
    void once_endsWhenTheSpoolVanishes() throws Exception {
        watcher = bed.watch("sim:1");
        assertEquals(143, bed.term(watcher));
        bed.drop("long.job", WAITS);
        Process once = bed.start("sim:1", "--once");
        bed.awaitOutput("long.1", "up");
        Files.move(bed.spool, away);
        assertEquals(1, WatcherBed.awaitExit(once), bed.log());
        assertTrue(
                bed.log().endsWith("gpuspool watch: " + bed.spool + " is gone; what ran there runs on\n"), bed.log());
    }
}
