package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.Ending;
import gpuspool.job.JobId;
import gpuspool.posix.LockDirectory;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Filing, and removing what never became a job. */
final class FilingTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-01-02T12:00:00Z"));
    private static final Ending UNKNOWN = new Ending.Unknown();

    @TempDir
    private Path temp;

    private Layout places;
    private LockDirectory locks;

    @BeforeEach
    void make() throws IOException {
        places = SpoolMaker.make(temp.resolve("spool"), new DiskFs()).places();
        locks = LockDirectory.open(temp.resolve("locks"));
    }

    private JobDir running(String stem) throws IOException {
        JobId id = new JobId(stem, 1, "box");
        JobDir dir = new JobDir(Files.createDirectory(places.running().resolve(id.toString())), id);
        Files.writeString(dir.file(stem + ".job"), "true\n");
        Files.writeString(dir.status(), "name = " + stem + ".job\n");
        Files.writeString(dir.file("started"), "go 2\nexit=3 end\n");
        Files.writeString(dir.file("output.log"), "hello");
        return dir;
    }

    private Filing.Ended ended(JobDir dir, Ending ending, OptionalInt code) throws IOException {
        return new Filing.Ended(
                dir,
                ending,
                code,
                OptionalInt.of(2),
                Optional.of(Duration.ofMillis(1234)),
                locks.tryLock(dir.id() + ".lock").orElseThrow());
    }

    private Filing.Ended exited(JobDir dir, int code) throws IOException {
        return ended(dir, new Ending.Exited(code), OptionalInt.of(code));
    }

    private List<Optional<IOException>> file(Fs fs, Filing.Ended... jobs) {
        return new Filing(places, fs, NOON, () -> true)
                .file(List.of(jobs), job -> {}).stream()
                        .map(Filing.Outcome::error)
                        .toList();
    }

    private static List<String> names(Path directory) throws IOException {
        return new DiskFs().list(directory);
    }

    @Test
    void codeZero_isDoneWithItsCodeInTheName() throws Exception {
        JobDir dir = running("a");
        assertEquals(List.of(Optional.empty()), file(new DiskFs(), exited(dir, 0)));
        Path filed = places.done().resolve("a.1.box");
        assertEquals(List.of("a.job", "exit.0", "output.log", "status"), names(filed));
        assertEquals("go 2\nexit=3 end\n", Files.readString(filed.resolve("exit.0")));
        assertEquals(
                "name = a.job\njob_pid = 2\nending = exited\nexit = 0\nended = 2026-01-02T12:00:00.000Z\nelapsed = 1234\n",
                Files.readString(filed.resolve("status")));
        assertEquals(List.of(), names(places.running()));
        assertEquals(List.of("id"), names(locks.path()));
    }

    @Test
    void otherCode_failed() throws Exception {
        file(new DiskFs(), exited(running("a"), 3));
        assertTrue(Files.exists(places.failed().resolve("a.1.box/exit.3")));
    }

    @Test
    void cancelledWithCodeZero_failedAndKeepsTheCode() throws Exception {
        file(new DiskFs(), ended(running("a"), new Ending.Cancelled(), OptionalInt.of(0)));
        Path filed = places.failed().resolve("a.1.box");
        assertTrue(Files.exists(filed.resolve("exit.0")));
        assertEquals(
                Optional.of("cancelled"),
                StatusFile.read(new DiskFs(), filed.resolve("status")).get("ending"));
    }

    @Test
    void noCode_markStaysAsItIs() throws Exception {
        file(new DiskFs(), ended(running("a"), UNKNOWN, OptionalInt.empty()));
        Path filed = places.failed().resolve("a.1.box");
        assertEquals(List.of("a.job", "output.log", "started", "status"), names(filed));
        assertFalse(Files.readString(filed.resolve("status")).contains("exit ="));
    }

    @Test
    void markNamedBefore_isNotRenamedAgain() throws Exception {
        JobDir dir = running("a");
        Files.move(dir.file("started"), dir.file("exit.3"));
        assertEquals(List.of(Optional.empty()), file(new DiskFs(), exited(dir, 3)));
        assertTrue(Files.exists(places.failed().resolve("a.1.box/exit.3")));
    }

    @Test
    void nameTakenWhereItGoes_staysAndOverwritesNothing() throws Exception {
        JobDir dir = running("a");
        Path taken = Files.createDirectory(places.done().resolve("a.1.box"));
        Optional<IOException> error = file(new DiskFs(), exited(dir, 0)).get(0);
        assertTrue(error.orElseThrow() instanceof FileAlreadyExistsException);
        assertEquals(List.of(), names(taken));
        assertEquals(List.of("a.job", "exit.0", "output.log", "status"), names(dir.path()));
        assertEquals(Optional.empty(), locks.tryLock("a.1.box.lock"), "the lock is kept");
    }

    @Test
    void diskFullForTheFacts_isFiledAllTheSame() throws Exception {
        JobDir dir = running("a");
        assertEquals(List.of(Optional.empty()), file(FaultyFs.failing("append", "status"), exited(dir, 3)));
        Path filed = places.failed().resolve("a.1.box");
        assertTrue(Files.exists(filed.resolve("exit.3")));
        assertEquals("name = a.job\n", Files.readString(filed.resolve("status")));
    }

    @Test
    void outputNotSynced_staysAndIsFiledWhenTriedAgain() throws Exception {
        JobDir dir = running("a");
        Filing.Ended job = exited(dir, 0);
        assertTrue(file(FaultyFs.failing("sync", "output.log"), job).get(0).isPresent());
        assertTrue(Files.exists(dir.file("exit.0")));
        assertEquals(List.of(Optional.empty()), file(new DiskFs(), job));
        assertTrue(Files.exists(places.done().resolve("a.1.box/output.log")));
    }

    @Test
    void parentNotSynced_lockIsKeptAndTheSecondTryOnlySyncs() throws Exception {
        JobDir dir = running("a");
        Filing.Ended job = exited(dir, 0);
        assertTrue(file(FaultyFs.failing("sync", "/done"), job).get(0).isPresent());
        assertTrue(Files.exists(places.done().resolve("a.1.box")));
        assertEquals(Optional.empty(), locks.tryLock("a.1.box.lock"));
        assertEquals(List.of(Optional.empty()), file(new DiskFs(), job));
        assertTrue(locks.tryLock("a.1.box.lock").isPresent());
    }

    @Test
    void oneThatCannotBeFiled_doesNotStopTheOthers() throws Exception {
        JobDir bad = running("bad");
        Files.createDirectory(places.done().resolve("bad.1.box"));
        JobDir good = running("good");
        List<Optional<IOException>> errors = file(new DiskFs(), exited(bad, 0), exited(good, 0));
        assertTrue(errors.get(0).isPresent());
        assertEquals(Optional.empty(), errors.get(1));
        assertTrue(Files.exists(places.done().resolve("good.1.box")));
    }

    @Test
    void everythingOfTheResult_isSyncedBeforeItIsMoved() throws Exception {
        FaultyFs fs = new FaultyFs((call, path) -> {});
        JobDir dir = running("a");
        Files.writeString(dir.file("stderr.log"), "");
        file(fs, exited(dir, 0));
        List<String> calls = fs.calls();
        int moved = calls.lastIndexOf("rename a.1.box");
        for (String name : List.of("output.log", "stderr.log", "status", "exit.0", "a.1.box")) {
            int synced = calls.indexOf("sync " + name);
            assertTrue(synced >= 0 && synced < moved, name + " in " + calls);
        }
        assertTrue(calls.indexOf("sync running") > moved && calls.indexOf("sync done") > moved, calls.toString());
    }

    @Test
    void lostClaim_isRemovedByWayOfTmp() throws Exception {
        JobDir dir = running("a");
        Files.delete(dir.file("a.job"));
        FaultyFs fs = new FaultyFs((call, path) -> {});
        Removal.ofLostClaim(places, dir.path(), fs);
        assertEquals(List.of(), names(places.running()));
        assertEquals(List.of(), names(places.tmp()));
        assertTrue(fs.calls().indexOf("rename a.1.box") < fs.calls().indexOf("delete status"));
    }

    @Test
    void directoryWithADroppedFile_isSpared() throws Exception {
        JobDir dir = running("a");
        Removal.ofLostClaim(places, dir.path(), new DiskFs());
        assertTrue(Files.exists(dir.file("a.job")));
    }

    @Test
    void sweepOfTmp_sparesWhatHoldsADroppedFile() throws Exception {
        Files.writeString(Files.createDirectory(places.tmp().resolve("x.1")).resolve("x.job"), "true\n");
        Files.writeString(Files.createDirectory(places.tmp().resolve("y.1")).resolve("status"), "");
        Files.writeString(places.tmp().resolve("format.12"), "");
        Removal.sweepTmp(places, new DiskFs());
        assertEquals(List.of("x.1"), names(places.tmp()));
        assertTrue(Files.exists(places.tmp().resolve("x.1/x.job")));
    }

    @Test
    void directoriesInsideWhatIsSwept_goTooButNoLinkIsFollowed() throws Exception {
        Path precious = Files.writeString(temp.resolve("precious"), "x");
        Path deep = Files.createDirectories(places.tmp().resolve("y.1/a/b"));
        Files.writeString(deep.resolve("notes"), "");
        Files.createSymbolicLink(deep.resolve("link"), temp);
        Files.createSymbolicLink(places.tmp().resolve("link"), temp);
        Removal.sweepTmp(places, new DiskFs());
        assertEquals(List.of(), names(places.tmp()));
        assertTrue(Files.exists(precious));
    }

    @Test
    void droppedFileDeepInside_isSparedToo() throws Exception {
        Path deep = Files.createDirectories(places.tmp().resolve("y.1/a"));
        Files.writeString(deep.resolve("x.job"), "true\n");
        Removal.sweepTmp(places, new DiskFs());
        assertTrue(Files.exists(deep.resolve("x.job")));
    }

    @Test
    void nameWithOddBytesInATmpDirectory_isSweptToo() throws Exception {
        Path dir = Files.createDirectory(places.tmp().resolve("y.1"));
        assertEquals(
                0,
                new ProcessBuilder("sh", "-c", "cd \"$1\" && : >\"$(printf 'caf\\351')\"", "sh", dir.toString())
                        .start()
                        .waitFor());
        Removal.sweepTmp(places, new DiskFs());
        assertEquals(List.of(), names(places.tmp()));
    }

    @Test
    void ghost_isRemovedByWayOfTmp() throws Exception {
        Path ghost = Files.writeString(places.incoming().resolve("x.job"), "true\n");
        Removal.ofGhost(places, ghost, new DiskFs());
        assertEquals(List.of(), names(places.incoming()));
        assertEquals(List.of(), names(places.tmp()));
    }

    @Test
    void kindsOfFileSystem_knowTheirLeasesAndWaits() throws Exception {
        assertTrue(new FileSystemKind("ext4").hasLeases());
        assertFalse(new FileSystemKind("nfs4").hasLeases());
        assertFalse(new FileSystemKind("overlay").hasLeases());
        assertTrue(new FileSystemKind("nfs").isNfs());
        assertFalse(new FileSystemKind("fuse.sshfs").isNfs());
        assertFalse(FileSystemKind.of(temp).name().isEmpty());
        assertThrows(IOException.class, () -> FileSystemKind.of(temp.resolve("no")));
    }
}
