package gpuspool.doctor;

import static gpuspool.doctor.Said.assertSays;

import gpuspool.posix.DiskSpace;
import gpuspool.posix.FileFacts;
import gpuspool.spool.Layout;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of the spool's directories, what lies in them, and the room they have. */
final class SpoolCheckTest {
    private static final Layout PLACES = new Layout(Path.of("/data/spool"));
    private static final int ALICE = 1001;
    private static final int DIRECTORY = 0040000;

    private static FileFacts facts(int mode, long device) {
        return new FileFacts(device, 7, 0, mode, ALICE, FileTime.fromMillis(0), FileTime.fromMillis(0));
    }

    private static SpoolDirectories.Part directory(Path path, int permissions) {
        return new SpoolDirectories.Part(path, Optional.of(facts(DIRECTORY | permissions, 1)), true, false);
    }

    private static SpoolDirectories.Facts spool(SpoolDirectories.Part... changed) {
        List<SpoolDirectories.Part> parts = new ArrayList<>();
        for (Path path : Patient.directories(PLACES)) {
            SpoolDirectories.Part part = directory(path, 0755);
            for (SpoolDirectories.Part other : changed) {
                part = other.path().equals(path) ? other : part;
            }
            parts.add(part);
        }
        return new SpoolDirectories.Facts(
                directory(PLACES.root().getParent(), 01777), directory(PLACES.root(), 0755), parts);
    }

    @Test
    void healthyDirectories_areOk() {
        assertSays(SpoolDirectories.judge(spool(), ALICE), "ok: all there");
    }

    @Test
    void missingLinkedOrMounted_isAProblem() {
        Path held = PLACES.held();
        assertSays(
                SpoolDirectories.judge(spool(new SpoolDirectories.Part(held, Optional.empty(), false, false)), ALICE),
                "problem: held/ is missing | mkdir /data/spool/held");
        assertSays(
                SpoolDirectories.judge(
                        spool(new SpoolDirectories.Part(held, Optional.of(facts(0120777, 1)), true, false)), ALICE),
                "problem: held/ must be a directory of its own; it is a symbolic link");
        assertSays(
                SpoolDirectories.judge(
                        spool(new SpoolDirectories.Part(held, Optional.of(facts(DIRECTORY | 0755, 2)), true, false)),
                        ALICE),
                "problem: held/ is on another file system");
        assertSays(
                SpoolDirectories.judge(
                        spool(new SpoolDirectories.Part(held, Optional.of(facts(DIRECTORY | 0755, 1)), true, true)),
                        ALICE),
                "problem: held/ is on another file system");
    }

    @Test
    void closedToUs_isAProblemForTheOwnerOnly() {
        var closed = spool(
                new SpoolDirectories.Part(PLACES.running(), Optional.of(facts(DIRECTORY | 0555, 1)), false, false));
        assertSays(
                SpoolDirectories.judge(closed, ALICE),
                "problem: you own the spool, but may not list or write in running/ | chmod u+rwx /data/spool/running");
        assertSays(SpoolDirectories.judge(closed, 4), "note: it is the spool of user 1001");
    }

    @Test
    void openToAll_isAProblem_openToAGroup_isWorthKnowing() {
        assertSays(
                SpoolDirectories.judge(spool(directory(PLACES.incoming(), 01777)), ALICE),
                "problem: everybody on this machine may write in /data/spool/incoming, and so run programs",
                "note: the group of incoming/");
        assertSays(
                SpoolDirectories.judge(spool(directory(PLACES.incoming(), 03770)), ALICE),
                "note: the group of incoming/");
        SpoolDirectories.Facts healthy = spool();
        assertSays(
                SpoolDirectories.judge(
                        new SpoolDirectories.Facts(
                                directory(PLACES.root().getParent(), 0777), healthy.root(), healthy.parts()),
                        ALICE),
                "problem: everybody on this machine may write in /data,");
    }

    @ParameterizedTest
    @CsvSource({"1001, 1001, 0", "1001, 0, 0", "0, 0, 0", "1002, 1001, 1", "0, 1001, 1"})
    void watcherOfAnotherUser_isTold(long watcher, long owner, int findings) {
        List<Finding> found = Owners.judge(watcher, owner).stream().toList();
        if (findings == 0) {
            assertSays(found);
        } else {
            assertSays(found, watcher == 0 ? "problem: can do anything" : "note: it runs what that user drops");
        }
    }

    private static Strays strays(List<String> noIds, List<String> unclear, List<String> unfit, int empty) {
        return new Strays(
                noIds, unclear, List.of(), new TreeMap<>(), 0, empty, unfit, List.of(), 0, List.of(), List.of());
    }

    @Test
    void strays_areToldByName() {
        assertSays(StrayCheck.judge(strays(List.of(), List.of(), List.of(), 0), PLACES), "ok: nothing lies");
        assertSays(
                StrayCheck.judge(
                        strays(List.of("wat"), List.of("x.1: no mark"), List.of("f.job, a device"), 2), PLACES),
                "problem: 1 name in running/ not made by gpuspool: wat",
                "problem: needs attention: x.1: no mark",
                "note: 2 empty job files",
                "problem: not regular files, so never taken, in incoming/: f.job, a device");
        assertSays(
                StrayCheck.judge(strays(List.of("a", "b", "c", "d", "e", "f", "g"), List.of(), List.of(), 0), PLACES),
                "problem: 7 names in running/ not made by gpuspool: a; b; c; d; e; and 2 more");
        assertSays(
                StrayCheck.judge(
                        new Strays(
                                List.of(),
                                List.of(),
                                List.of("y.1: running (supervisor gone)"),
                                new TreeMap<>(),
                                3,
                                0,
                                List.of(),
                                List.of("notes.txt"),
                                1,
                                List.of("s"),
                                List.of("x.refused")),
                        PLACES),
                "note: y.1: running (supervisor gone)",
                "problem: job files in tmp/",
                "note: no job files, so never taken, in incoming/: notes.txt",
                "note: 1 thing in tmp/",
                "note: 1 request in control/ refused: x.refused");
    }

    @ParameterizedTest
    @CsvSource({
        "2000000000, 0, -1, 'ok: 1.9 GiB of 93.1 GiB free'",
        "2000000000, 1073741824, 5000, ok: free",
        "1000000, 1073741824, -1, problem: less than min_free_disk",
        "1000000, 0, -1, ok: 1.0 MiB of",
        "0, 0, -1, problem: 0.0 MiB of",
        "2000000000, 0, 999, problem: room for only 999 more files",
    })
    void disk_needsRoom(long free, long least, long files, String expected) {
        OptionalLong freeFiles = files < 0 ? OptionalLong.empty() : OptionalLong.of(files);
        assertSays(DiskCheck.judge(new DiskSpace(free, 100_000_000_000L, freeFiles), least, PLACES), expected);
    }
}
