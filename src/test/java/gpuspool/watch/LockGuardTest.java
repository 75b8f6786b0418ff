package gpuspool.watch;

import static gpuspool.watch.WatcherBed.fact;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cleaner empties the lock directory under a watcher and its jobs. */
@Timeout(60)
final class LockGuardTest {
    private static final String WAITS = "echo up\nwhile [ ! -e \"$GO\" ]; do sleep 0.05; done\n";

    @TempDir
    private Path temp;

    private WatcherBed bed;
    private Path locks;
    private Process watcher;
    private final List<Process> strangers = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        bed = new WatcherBed(temp);
        bed.environment.put("GO", temp.resolve("go").toString());
        locks = temp.resolve("locks");
        watcher = bed.watch("sim:1");
        bed.drop("long.job", WAITS);
        bed.awaitOutput("long.1", "up");
    }

    @AfterEach
    void close() throws IOException {
        strangers.forEach(Process::destroyForcibly);
        bed.close();
    }

    private void awaitLog(String words) {
        bed.await("it says: " + words, () -> bed.log().contains(words));
    }

    private Path lock(String begins) throws IOException {
        return locks.resolve(WatcherBed.list(locks).stream()
                .filter(name -> name.startsWith(begins))
                .findFirst()
                .orElseThrow());
    }

    private boolean isFree(Path lock) throws IOException, InterruptedException {
        return new ProcessBuilder("flock", "-n", lock.toString(), "true")
                        .start()
                        .waitFor()
                == 0;
    }

    /** Somebody's file, locked already, comes to lie in place of another. */
    private Process takeOver(Path lock) throws IOException {
        Path draft = temp.resolve("draft-" + strangers.size());
        Process holder = new ProcessBuilder("flock", draft.toString(), "sh", "-c", "echo up; read x").start();
        strangers.add(holder);
        assertEquals('u', holder.getInputStream().read());
        Files.move(draft, lock, StandardCopyOption.ATOMIC_MOVE);
        return holder;
    }

    private void empty() throws IOException {
        for (String name : WatcherBed.list(locks)) {
            Files.delete(locks.resolve(name));
        }
    }

    @Test
    void emptied_locksAreTakenAgainAndTheJobRunsOn() throws Exception {
        Path card = lock("sim-");
        String id = Files.readString(locks.resolve("id"));
        empty();
        awaitLog("attention: " + locks.toRealPath()
                + " was emptied while locks in it were held; they were taken again.");
        assertEquals(id, Files.readString(locks.resolve("id")));
        assertFalse(isFree(card), "its card is kept");
        Process second = bed.start("sim:1");
        assertEquals(75, WatcherBed.awaitExit(second), bed.log());
        bed.drop("next.job", "true\n");
        bed.await("that waits", () -> bed.waiting().contains("next.job\t"));
        Files.createFile(temp.resolve("go"));
        assertEquals("0", fact(bed.awaitFiled("long.1"), "exit"));
        assertEquals("0", fact(bed.awaitFiled("next.1"), "exit"));
        assertTrue(watcher.isAlive());
    }

    @Test
    void directoryRemoved_isMadeAgain() throws Exception {
        Object mode = Files.getAttribute(locks, "unix:mode");
        FaultBed.delete(locks);
        awaitLog("was emptied while locks in it were held; they were taken again.");
        assertEquals(mode, Files.getAttribute(locks, "unix:mode"));
        Files.createFile(temp.resolve("go"));
        bed.awaitFiled("long.1");
        bed.drop("next.job", "true\n");
        bed.awaitFiled("next.1");
        assertTrue(watcher.isAlive());
    }

    @Test
    void placeTakenByAnotherWatcher_leavesInOrder() throws Exception {
        String host = bed.names("hosts").get(0);
        Path note = bed.spool.resolve("hosts").resolve(host).resolve("watcher");
        Files.writeString(note, "pid = 1\n");
        Process unused = takeOver(lock("watcher-"));
        assertEquals(75, WatcherBed.awaitExit(watcher), bed.log());
        assertTrue(
                bed.log().contains("was emptied, and another watcher has taken this one's place: leaving;"), bed.log());
        assertFalse(bed.log().contains("\tat "), bed.log());
        assertEquals("pid = 1\n", Files.readString(note), "the other's name stays on the door");
        assertTrue(bed.processes().size() > 0, "the job runs on");
    }

    @Test
    void cardTakenBySomebodyElse_isSaidUntilItIsFree() throws Exception {
        Process holder = takeOver(lock("sim-"));
        Files.delete(lock("watcher-"));
        awaitLog("attention: GPU 0 of long.1 was locked by somebody else when ");
        Files.createFile(temp.resolve("go"));
        bed.awaitFiled("long.1");
        bed.drop("next.job", "true\n");
        bed.await("it is theirs", () -> bed.waiting().contains("locked by another spool or user"));
        holder.getOutputStream().close();
        bed.awaitFiled("next.1");
    }

    /** Jobs of the time before are found by their processes, not by their locks. */
    @Test
    void emptiedAndWatcherKilled_nextOneAdoptsAndLocksTheCard() throws Exception {
        Path card = lock("sim-");
        WatcherBed.kill(watcher);
        for (String name : WatcherBed.list(locks)) {
            if (!name.equals("id")) {
                Files.delete(locks.resolve(name));
            }
        }
        watcher = bed.watch("sim:1");
        bed.await("its card is locked again", () -> Files.exists(card) && !isFree(card));
        Files.createFile(temp.resolve("go"));
        assertEquals("0", fact(bed.awaitFiled("long.1"), "exit"));
    }
}
