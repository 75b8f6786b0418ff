package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleaningTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final List<Where> BOTH = List.of(Where.DONE, Where.FAILED);

    @TempDir
    Path temp;

    private Layout places;

    @BeforeEach
    void makeSpool() throws IOException {
        places = SpoolMaker.make(temp.resolve("spool"), new DiskFs()).places();
    }

    private Path record(Where where, String name, long ended) throws IOException {
        Path dir = Files.createDirectory(where.in(places).resolve(name + ".box"));
        Files.writeString(dir.resolve("x.job"), "true\n");
        Files.writeString(dir.resolve("output.log"), "1234567890");
        Files.writeString(dir.resolve("status"), "ended = " + Times.format(Instant.ofEpochMilli(ended)) + "\n");
        return dir;
    }

    private static final class Seen implements Cleaning.Listener {
        private final TreeSet<String> removed = new TreeSet<>();
        private final List<String> failed = new ArrayList<>();
        private long bytes;
        private int looked;

        @Override
        public void looked() {
            looked++;
        }

        @Override
        public void deleted(long size) {
            bytes += size;
        }

        @Override
        public void removed(Filed record, OptionalLong ended) {
            removed.add(record.place());
        }

        @Override
        public void failed(String what, IOException why) {
            failed.add(what + ": " + why.getMessage());
        }
    }

    private Seen removeOld(Fs fs, List<Where> wheres, int days, int newest) throws IOException {
        Seen seen = new Seen();
        new Cleaning(places, fs, seen, false).removeOld(wheres, Duration.ofDays(days), newest, NOW);
        return seen;
    }

    private List<String> all() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path directory : List.of(places.running(), places.done(), places.failed(), places.tmp())) {
            try (Stream<Path> entries = Files.list(directory)) {
                entries.forEach(entry -> found.add(directory.getFileName() + "/" + entry.getFileName()));
            }
        }
        found.sort(null);
        return found;
    }

    @Test
    void oldRecords_goAndYoungOnesStay() throws IOException {
        record(Where.DONE, "old.1", NOW - 31 * DAY);
        record(Where.DONE, "young.1", NOW - 29 * DAY);
        record(Where.FAILED, "old.2", NOW - 31 * DAY);
        record(Where.FAILED, "future.1", NOW + 99 * DAY);
        record(Where.RUNNING, "old.3", NOW - 31 * DAY);
        Seen seen = removeOld(new DiskFs(), BOTH, 30, 0);
        assertEquals(List.of(), seen.failed);
        assertEquals("[done/old.1.box, failed/old.2.box]", seen.removed.toString());
        assertEquals(List.of("done/young.1.box", "failed/future.1.box", "running/old.3.box"), all());
        assertEquals(4, seen.looked);
        assertEquals(2L * (5 + 10 + "ended = 2026-01-01T00:00:00.000Z\n".length()), seen.bytes);
    }

    /** A cancel makes its directory and puts the job in a moment later. */
    @Test
    void directoryInTheMaking_staysForAMinute() throws IOException {
        for (int seconds : List.of(59, 61)) {
            Path dir = record(Where.FAILED, "a." + seconds, NOW - seconds * 1000L);
            Files.delete(dir.resolve("x.job"));
            Path empty = Files.createDirectory(places.failed().resolve("b." + seconds + ".box"));
            Files.setLastModifiedTime(empty, FileTime.fromMillis(NOW - seconds * 1000L));
        }
        record(Where.FAILED, "c.1", NOW);
        assertEquals(
                "[failed/a.61.box, failed/b.61.box, failed/c.1.box]",
                removeOld(new DiskFs(), BOTH, 0, 0).removed.toString());
        assertEquals(List.of("failed/a.59.box", "failed/b.59.box"), all());
    }

    @Test
    void oneOfThePlaces_isLeftAlone() throws IOException {
        record(Where.DONE, "a.1", NOW - 31 * DAY);
        record(Where.FAILED, "b.1", NOW - 31 * DAY);
        removeOld(new DiskFs(), List.of(Where.FAILED), 30, 0);
        assertEquals(List.of("done/a.1.box"), all());
    }

    @Test
    void newest_stay() throws IOException {
        for (int i = 1; i <= 5; i++) {
            record(i % 2 == 0 ? Where.DONE : Where.FAILED, "a." + i, NOW - (100 - i) * DAY);
        }
        removeOld(new DiskFs(), BOTH, 0, 2);
        assertEquals(List.of("done/a.4.box", "failed/a.5.box"), all());
    }

    @Test
    void whereStatusSaysNoTime_theDirectorysCounts() throws IOException {
        for (String status : List.of("", "ended = soon\n", "ended = 1990-01-01T00:00:00.000Z")) {
            Path dir = record(Where.DONE, "torn.1", NOW);
            Files.writeString(dir.resolve("status"), status);
            Files.setLastModifiedTime(dir, FileTime.fromMillis(NOW - 29 * DAY));
            removeOld(new DiskFs(), BOTH, 30, 0);
            assertEquals(List.of("done/torn.1.box"), all(), status);
            Files.setLastModifiedTime(dir, FileTime.fromMillis(NOW - 31 * DAY));
            removeOld(new DiskFs(), BOTH, 30, 0);
            assertEquals(List.of(), all(), status);
        }
    }

    @Test
    void ageThatCannotBeRead_isNotOld() throws IOException {
        Path dir = record(Where.DONE, "a.1", NOW - 31 * DAY);
        Files.setLastModifiedTime(dir, FileTime.fromMillis(0));
        FaultyFs fs = FaultyFs.failing("read", "status");
        Seen seen = removeOld(fs, BOTH, 30, 0);
        assertEquals(List.of("done/a.1.box"), all());
        assertEquals(1, seen.failed.size());
        assertTrue(seen.failed.get(0).startsWith("done/a.1.box: "), seen.failed.get(0));
    }

    @Test
    void whatIsNoRecord_isLeftAlone() throws IOException {
        Files.createDirectory(places.done().resolve("notes"));
        Files.writeString(places.done().resolve("file.1.box"), "");
        Path other = Files.createDirectory(temp.resolve("other"));
        Files.createSymbolicLink(places.done().resolve("link.1.box"), other);
        removeOld(new DiskFs(), BOTH, 0, 0);
        assertEquals(List.of("done/file.1.box", "done/link.1.box", "done/notes"), all());
    }

    @Test
    void linksInARecord_areNotFollowed() throws IOException {
        Path precious =
                Files.writeString(Files.createDirectory(temp.resolve("data")).resolve("precious"), "x");
        Path dir = record(Where.DONE, "a.1", 0);
        Files.createSymbolicLink(dir.resolve("data"), precious.getParent());
        Files.createSymbolicLink(dir.resolve("file"), precious);
        Files.createSymbolicLink(dir.resolve("nowhere"), Path.of("/does/not/exist"));
        assertEquals(List.of(), removeOld(new DiskFs(), BOTH, 30, 0).failed);
        assertEquals(List.of(), all());
        assertTrue(Files.exists(precious));
    }

    /** As the kernel answers those who are not root. */
    private static void demandWritableParent(String call, Path path) throws IOException {
        boolean changes = call.equals("delete") || call.equals("rename");
        if (changes && !Files.getPosixFilePermissions(path.getParent()).contains(PosixFilePermission.OWNER_WRITE)) {
            throw new AccessDeniedException(path.toString());
        }
        if (call.equals("rename")
                && !Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS)
                        .contains(PosixFilePermission.OWNER_WRITE)) {
            throw new AccessDeniedException(path.toString());
        }
    }

    @Test
    void directoriesThatMayNotBeWritten_goToo() throws IOException {
        Path dir = record(Where.DONE, "a.1", 0);
        Path inner = Files.createDirectories(dir.resolve("outer/inner"));
        Files.writeString(inner.resolve("file"), "x");
        for (Path closed : List.of(inner, inner.getParent(), dir)) {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));
        }
        assertEquals(List.of(), removeOld(new FaultyFs(CleaningTest::demandWritableParent), BOTH, 30, 0).failed);
        assertEquals(List.of(), all());
    }

    private static int shell(Path directory, String script) throws Exception {
        return new ProcessBuilder("sh", "-c", script)
                .directory(directory.toFile())
                .start()
                .waitFor();
    }

    @Test
    void treeDeeperThanAnyPath_goesToo() throws Exception {
        Path dir = record(Where.DONE, "a.1", 0);
        String name = "d".repeat(200);
        // 6,000 bytes of path; the kernel takes 4,096.
        assertEquals(
                0,
                shell(
                        dir,
                        "i=0; while [ $i -lt 30 ]; do mkdir " + name + " && cd -P " + name
                                + " && : > file && i=$((i+1)) || exit 1; done"));
        assertEquals(List.of(), removeOld(new DiskFs(), BOTH, 30, 0).failed);
        assertEquals(List.of(), all());
    }

    @Test
    void namesThatAreNoText_goToo() throws Exception {
        Path dir = record(Where.DONE, "a.1", 0);
        assertEquals(0, shell(dir, "d=$(printf 'b\\377'); mkdir \"$d\" && : > \"$d/$(printf 'caf\\351')\""));
        assertEquals(List.of(), removeOld(new DiskFs(), BOTH, 30, 0).failed);
        assertEquals(List.of(), all());
    }

    @Test
    void dryRun_changesNothing() throws IOException {
        record(Where.DONE, "a.1", 0);
        Seen seen = new Seen();
        new Cleaning(places, new DiskFs(), seen, true).removeOld(BOTH, Duration.ZERO, 0, NOW);
        assertEquals("[done/a.1.box]", seen.removed.toString());
        assertEquals(List.of("done/a.1.box"), all());
    }

    @Test
    void namedRecords_goHoweverYoung() throws IOException {
        Path dir = record(Where.DONE, "a.1", NOW);
        record(Where.DONE, "a.2", NOW);
        Filed named = new Filed(gpuspool.job.JobId.parse("a.1.box").orElseThrow(), Where.DONE, dir);
        Seen seen = new Seen();
        new Cleaning(places, new DiskFs(), seen, false).remove(List.of(named, named));
        assertEquals("[done/a.1.box]", seen.removed.toString());
        assertEquals(List.of(), seen.failed, "gone already is no failure");
        assertEquals(List.of("done/a.2.box"), all());
    }

    @Test
    void recordThatCannotBeMoved_staysWhole() throws IOException {
        Path dir = record(Where.DONE, "a.1", 0);
        record(Where.DONE, "b.1", 0);
        Seen seen = removeOld(FaultyFs.failing("rename", "a.1.box"), BOTH, 30, 0);
        assertEquals("[done/b.1.box]", seen.removed.toString());
        assertEquals(1, seen.failed.size());
        assertEquals(List.of("done/a.1.box"), all());
        assertTrue(Files.exists(dir.resolve("x.job")));
    }

    @Test
    void nothingIsDeleted_beforeTheRenamesAreOnStableStorage() throws IOException {
        record(Where.DONE, "a.1", 0);
        FaultyFs fs = new FaultyFs((call, path) -> {});
        removeOld(fs, BOTH, 30, 0);
        List<String> calls = fs.calls();
        int firstDelete = calls.indexOf(calls.stream()
                .filter(call -> call.startsWith("delete"))
                .findFirst()
                .orElseThrow());
        for (String step : List.of("rename a.1.box", "sync tmp", "sync done", "sync failed")) {
            int at = calls.indexOf(step);
            assertTrue(at >= 0 && at < firstDelete, step + " in " + calls);
        }
        record(Where.DONE, "b.1", 0);
        Seen seen = removeOld(FaultyFs.failing("sync", "done"), BOTH, 30, 0);
        assertEquals(1, seen.failed.size());
        assertEquals(1, all().size(), "out of sight, and whole: " + all());
        assertTrue(Files.exists(temp.resolve("spool").resolve(all().get(0)).resolve("x.job")));
    }

    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    @Test
    void killAtAnyStep_leavesRecordsWholeOrForTheSweep() throws IOException {
        int steps = Integer.MAX_VALUE;
        for (int kill = 0; kill < steps; kill++) {
            Files.createDirectories(record(Where.DONE, "a.1", 0).resolve("d/e"));
            record(Where.FAILED, "b.1", 0);
            int[] left = {kill};
            FaultyFs fs = new FaultyFs((call, path) -> {
                if (left[0]-- == 0) {
                    throw new Killed();
                }
            });
            try {
                removeOld(fs, BOTH, 30, 0);
                steps = kill;
            } catch (Killed e) {
                // What lies there now is what a kill leaves.
            }
            for (String place : List.of("done/a.1.box", "failed/b.1.box")) {
                Path dir = places.root().resolve(place);
                if (Files.exists(dir)) {
                    assertTrue(Files.exists(dir.resolve("x.job")), place + " after " + kill);
                    assertTrue(Files.exists(dir.resolve("status")), place + " after " + kill);
                }
            }
            Removal.sweepTmp(places, new DiskFs());
            assertFalse(all().stream().anyMatch(name -> name.startsWith("tmp/")), kill + ": " + all());
            assertEquals(List.of(), removeOld(new DiskFs(), BOTH, 30, 0).failed);
            assertEquals(List.of(), all());
        }
        assertTrue(steps > 15, "every step was a place to be killed at: " + steps);
    }

    @Test
    void leftoversOfAKilledClean_areRemovedByTheNext() throws IOException {
        Path left = Files.createDirectories(places.tmp().resolve("clean-0123.a.1.box"));
        Files.writeString(left.resolve("x.job"), "true\n");
        Path spared = Files.createDirectories(places.tmp().resolve("y.1.box"));
        Files.writeString(spared.resolve("y.job"), "true\n");
        Seen seen = new Seen();
        new Cleaning(places, new DiskFs(), seen, false).removeLeftovers();
        assertEquals(List.of("tmp/y.1.box"), all());
        assertEquals(5, seen.bytes);
    }

    @Test
    void twoAtOnce_removeEachRecordOnce() throws Exception {
        for (int i = 1; i <= 300; i++) {
            Files.createDirectories(record(Where.DONE, "a." + i, 0).resolve("d/e/f"));
        }
        List<Seen> both = List.of(new Seen(), new Seen());
        List<Thread> threads = new ArrayList<>();
        List<Throwable> thrown = new ArrayList<>();
        for (Seen seen : both) {
            Thread thread = new Thread(() -> {
                try {
                    Cleaning cleaning = new Cleaning(places, new DiskFs(), seen, false);
                    cleaning.removeOld(BOTH, Duration.ZERO, 0, NOW);
                    cleaning.removeLeftovers();
                } catch (IOException | RuntimeException e) {
                    synchronized (thrown) {
                        thrown.add(e);
                    }
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), thrown);
        assertEquals(List.of(), both.get(0).failed);
        assertEquals(List.of(), both.get(1).failed);
        assertEquals(300, both.get(0).removed.size() + both.get(1).removed.size());
        assertEquals(List.of(), all());
    }
}
