package gpuspool.doctor;

import static gpuspool.doctor.Said.assertSays;
import static org.junit.jupiter.api.Assertions.assertEquals;

import gpuspool.config.Settings;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.DiskFs;
import gpuspool.spool.HostNote;
import gpuspool.spool.Layout;
import gpuspool.spool.Looker;
import gpuspool.spool.SpoolMaker;
import gpuspool.spool.StatusFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WatcherCheckTest {
    private static final WatcherCheck.Here HERE = new WatcherCheck.Here(
            new Patient(Path.of("/data/spool"), Map.of(), 1001, new Looker("box", "boot"), "1.0", Settings.DEFAULTS),
            Optional.of("cafe"),
            Path.of("/run/lock/gpuspool"));

    @TempDir
    private Path temp;

    private static WatcherCheck.Host host(String name, boolean lives, String facts, String... attention) {
        StatusFile file = StatusFile.parse(facts.getBytes(StandardCharsets.UTF_8));
        return new WatcherCheck.Host(
                new HostNote(name, Path.of("/none"), file, HostNote.Life.GONE),
                lives,
                List.of(attention),
                file.get("machine"));
    }

    private static Strays strays(int queued, Map<String, Integer> running) {
        List<String> none = List.of();
        return new Strays(none, none, none, new TreeMap<>(running), queued, 0, none, none, 0, none, none);
    }

    private static List<Finding> judge(List<WatcherCheck.Host> hosts, Strays strays) {
        return WatcherCheck.judge(hosts, strays, HERE);
    }

    private static final String LIVING =
            "pid = 7\nsince = S\nversion = 1.0\nlockdir = /run/lock/gpuspool\nmachine = cafe\n";

    @Test
    void livingWatcher_isOk() {
        assertSays(
                judge(List.of(host("box", true, LIVING + "devices = sim:0 sim:1\n")), strays(3, Map.of("box", 2))),
                "ok: watcher on box: pid 7, since S, version 1.0, cards sim:0 sim:1");
    }

    @Test
    void livingWatcher_thatDiffers_isTold() {
        assertSays(
                judge(
                        List.of(host("box", true, LIVING + "version = 0.9\nlockdir = /elsewhere\n", "disk full")),
                        strays(0, Map.of())),
                "ok: watcher on box",
                "note: version 0.9, and this program 1.0 | start it anew: kill 7",
                "problem: locks are in /elsewhere; one started from here would have them in /run/lock/gpuspool",
                "problem: the watcher on box says: disk full");
    }

    @Test
    void noWatcher_isAProblemOnceJobsWait() {
        assertSays(judge(List.of(), strays(0, Map.of())), "note: no watcher: nothing starts");
        assertSays(
                judge(List.of(), strays(1, Map.of())),
                "problem: no watcher, and 1 job in incoming/: nothing starts | gpuspool watch --spool /data/spool");
    }

    @Test
    void killedWatcher_andWhatItLeft() {
        assertSays(
                judge(List.of(host("box", false, LIVING, "stale")), strays(0, Map.of("box", 2))),
                "note: was killed, or went down",
                "problem: 2 jobs of box in running/, and no watcher there",
                "note: no watcher: nothing starts");
    }

    @Test
    void otherHosts_areBelievedUntilTheyAreGone() {
        assertSays(
                judge(
                        List.of(host("far", false, "pid = 9\nmachine = beef\n", "no space")),
                        strays(5, Map.of("far", 1))),
                "ok: watcher on far: pid 9",
                "problem: the watcher on far says: no space");
        assertSays(
                judge(List.of(host("far", false, "")), strays(0, Map.of("far", 1))),
                "problem: 1 job of far in running/, and no watcher there: nobody looks after it | on far: gpuspool watch",
                "note: no watcher");
    }

    @Test
    void renamedMachine_isFoundByItsId() {
        assertSays(
                judge(List.of(host("old", false, LIVING)), strays(0, Map.of("old", 2))),
                "problem: under the name old and is box now; 2 jobs of that name in running/, looked after by nobody"
                        + " | GPUSPOOL_HOST=old gpuspool watch --spool /data/spool",
                "note: no watcher");
        assertSays(
                judge(List.of(host("old", false, LIVING)), strays(0, Map.of())),
                "note: nothing of that name is left",
                "note: no watcher");
        assertSays(judge(List.of(host("old", true, LIVING)), strays(0, Map.of("old", 2))), "ok: watcher on old");
    }

    @Test
    void life_isReadFromTheProcessWhateverTheName() throws Exception {
        Layout places = SpoolMaker.make(temp.resolve("spool"), new DiskFs()).places();
        long us = ProcessHandle.current().pid();
        long start = ProcFiles.startTicks(us).orElseThrow();
        write(places, "old", "pid = " + us + "\npid_start = " + start + "\nboot = boot\n");
        write(places, "early", "pid = " + us + "\npid_start = " + (start - 1) + "\nboot = boot\n");
        write(places, "before", "pid = " + us + "\npid_start = " + start + "\nboot = earlier\n");
        Files.writeString(places.host("old").resolve("attention"), "one\ntwo\n");
        List<String> seen = new ArrayList<>();
        for (WatcherCheck.Host host : WatcherCheck.Host.readAll(places, new Looker("box", "boot"))) {
            seen.add(host.note().host() + " " + host.livesHere() + " " + host.attention());
        }
        assertEquals(List.of("before false []", "early false []", "old true [one, two]"), seen);
    }

    private static void write(Layout places, String host, String facts) throws Exception {
        Files.createDirectories(places.host(host));
        Files.writeString(places.host(host).resolve("watcher"), facts);
    }
}
