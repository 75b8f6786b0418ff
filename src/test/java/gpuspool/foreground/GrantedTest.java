package gpuspool.foreground;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.Foreground;
import gpuspool.job.JobDefaults;
import gpuspool.job.JobFile;
import gpuspool.job.JobId;
import gpuspool.job.JobReader;
import gpuspool.posix.Flock;
import gpuspool.posix.Lock;
import gpuspool.posix.LockLook;
import gpuspool.posix.ProcFiles;
import gpuspool.spool.DiskFs;
import gpuspool.spool.Grant;
import gpuspool.spool.JobDir;
import gpuspool.spool.Mark;
import gpuspool.spool.Spool;
import gpuspool.spool.SpoolMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request and what becomes of it, the watcher's part being played by the test. */
class GrantedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Foreground PROCESS = new Foreground("gpubox", 4711, 81234);

    @TempDir
    Path directory;

    private final DiskFs fs = new DiskFs();
    private Spool spool;
    private Request request;
    private JobDir dir;

    @BeforeEach
    void drop() throws IOException {
        spool = SpoolMaker.make(directory.resolve("spool"), fs);
        Files.createDirectory(directory.resolve("locks"));
        Wish wish = new Wish("exp", List.of("echo", "a \"b\""), Map.of("gpus", "2", "time", "4h", "env.A", "b"));
        request = Request.drop(spool, PROCESS, wish, fs);
    }

    private Path incoming() {
        return spool.places().incoming().resolve("exp.toml");
    }

    private Path lock(String name) {
        return directory.resolve("locks").resolve(name);
    }

    private void claim() throws IOException {
        JobId id = JobId.parse("exp.1.gpubox").orElseThrow();
        dir = new JobDir(spool.places().running().resolve(id.toString()), id);
        Files.createDirectory(dir.path());
        Files.write(dir.file(Mark.TOKEN), Mark.blank());
        Files.move(incoming(), dir.file("exp.toml"));
    }

    private void grant() throws IOException {
        new Grant(
                        dir.id().toString(),
                        directory.resolve("locks"),
                        List.of(
                                new Grant.Wanted("a.lock", false),
                                new Grant.Wanted("b.lock", false),
                                new Grant.Wanted("job.lock", false)),
                        List.of("sim:0", "sim:1"),
                        List.of("0", "1"),
                        Map.of("GPUSPOOL_GPUS", "0,1"),
                        List.of())
                .write(dir, fs);
    }

    private Granted granted() throws IOException {
        return assertInstanceOf(Turn.Given.class, request.look()).granted();
    }

    @Test
    void itsFile_isReadAsTheJobThatWasMeant() throws Exception {
        JobFile read = JobReader.read("exp.toml", Files.readAllBytes(incoming()), new JobDefaults(List.of("/bin/sh")));
        JobFile.Valid valid = assertInstanceOf(JobFile.Valid.class, read, read.toString());
        assertEquals(Optional.of(PROCESS), valid.spec().foreground());
        assertEquals(2, valid.spec().gpus());
        assertEquals(Map.of("A", "b"), valid.spec().env());
    }

    @Test
    void whatIsGranted_isTakenOverWithItsLocks() throws Exception {
        assertInstanceOf(Turn.Waits.class, request.look());
        claim();
        assertInstanceOf(Turn.Waits.class, request.look());
        grant();
        List<String> said = new ArrayList<>();
        try (Taken taken = granted().takeOver(said::add).orElseThrow()) {
            assertEquals(List.of(), said);
            assertTrue(Files.exists(dir.file(Mark.FOREGROUND)) && !Files.exists(dir.file(Mark.TOKEN)));
            assertEquals("0,1", taken.grant().environment().get("GPUSPOOL_GPUS"));
            for (String name : List.of("a.lock", "b.lock", "job.lock")) {
                assertTrue(LockLook.isHeld(lock(name)), name);
            }
        }
        assertFalse(LockLook.isHeld(lock("a.lock")));
    }

    @Test
    void anotherOfItsNameInTheQueue_doesNotHideThatItWasGranted() throws Exception {
        claim();
        grant();
        Request next = Request.drop(spool, PROCESS, new Wish("exp", List.of("true"), Map.of()), fs);
        assertEquals("exp", next.name());
        assertEquals(dir.id().toString(), granted().grant().id());
        assertInstanceOf(Turn.Waits.class, next.look());
    }

    @Test
    void claimedAndRefusedWhileItIsSubmitted_isNotTakenForAnotherOfItsName() throws Exception {
        claim();
        grant();
        JobId second = JobId.parse("exp.2.gpubox").orElseThrow();
        Path refused = spool.places().failed().resolve(second.toString());
        DiskFs atOnce = new DiskFs() {
            @Override
            public void link(Path from, Path to) throws IOException {
                super.link(from, to);
                Files.createDirectory(refused);
                Files.move(to, refused.resolve("exp.toml"));
                Files.writeString(refused.resolve("status"), "ending = refused\n");
                Files.writeString(refused.resolve("reason"), "never\n");
            }
        };
        Request next = Request.drop(spool, PROCESS, new Wish("exp", List.of("true"), Map.of()), atOnce);
        assertEquals(new Turn.Refused(List.of("never")), next.look());
    }

    @Test
    void lockOfAStranger_isWaitedForWithoutKeepingTheOthers() throws Exception {
        claim();
        grant();
        Lock strangers = Flock.tryLock(lock("b.lock")).orElseThrow();
        strangers.note("somebody");
        List<String> said = java.util.Collections.synchronizedList(new ArrayList<>());
        Granted granted = granted();
        var taking = java.util.concurrent.CompletableFuture.supplyAsync(() -> take(granted, said));
        await().atMost(PATIENCE).until(() -> !said.isEmpty());
        assertTrue(said.get(0).contains("b.lock (somebody)"), said.toString());
        await().atMost(PATIENCE).until(() -> !LockLook.isHeld(lock("job.lock")));
        assertFalse(taking.isDone());
        strangers.close();
        taking.get(30, java.util.concurrent.TimeUnit.SECONDS).orElseThrow().close();
        assertTrue(Files.exists(dir.file(Mark.FOREGROUND)));
    }

    private static Optional<Taken> take(Granted granted, List<String> said) {
        try {
            return granted.takeOver(said::add);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatWasCancelledMeanwhile_isNotTakenOver() throws Exception {
        claim();
        grant();
        Granted granted = granted();
        Files.move(dir.path(), spool.places().failed().resolve(dir.path().getFileName()));
        assertEquals(Optional.empty(), granted.takeOver(why -> {}));
        assertFalse(LockLook.isHeld(lock("a.lock")));
        assertFalse(Files.exists(lock("job.lock")), "made anew for a job that is filed");
    }

    @Test
    void grantThatCannotBeRead_leavesNoLockBehind() throws Exception {
        claim();
        grant();
        Granted granted = granted();
        Files.delete(dir.file("granted"));
        Files.createDirectory(dir.file("granted"));
        assertThrows(IOException.class, () -> granted.takeOver(why -> {}));
        assertFalse(LockLook.isHeld(lock("a.lock")) || LockLook.isHeld(lock("job.lock")));
    }

    @Test
    void whatIsGivenUp_leavesTheQueueOrIsAskedToStop() throws Exception {
        assertTrue(request.withdraw());
        assertFalse(Files.exists(incoming()));
        assertInstanceOf(Turn.Cancelled.class, request.look());
        request = Request.drop(spool, PROCESS, new Wish("exp", List.of("true"), Map.of()), fs);
        claim();
        assertFalse(request.withdraw());
        request.stop();
        assertTrue(Files.exists(dir.file(JobDir.CANCEL)));
    }

    @Test
    void keeper_hasTheLocksUntilTheProcessEnds() throws Exception {
        claim();
        grant();
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            long start = ProcFiles.startTicks(process.pid()).orElseThrow();
            Keeper.start(granted().takeOver(why -> {}).orElseThrow(), (int) process.pid(), start);
            assertTrue(LockLook.isHeld(lock("a.lock")) && LockLook.isHeld(lock("job.lock")));
        } finally {
            process.destroyForcibly().waitFor();
        }
        await().atMost(PATIENCE).until(() -> !LockLook.isHeld(lock("a.lock")) && !LockLook.isHeld(lock("job.lock")));
    }

    @Test
    void keeperOfAProcessThatIsAnotherNow_endsAtOnce() throws Exception {
        claim();
        grant();
        Keeper.start(granted().takeOver(why -> {}).orElseThrow(), ProcFiles.ownPid(), 1);
        await().atMost(PATIENCE).until(() -> !LockLook.isHeld(lock("a.lock")) && !LockLook.isHeld(lock("job.lock")));
    }
}
