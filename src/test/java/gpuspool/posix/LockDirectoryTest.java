package gpuspool.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LockDirectoryTest {
    @TempDir
    private Path temp;

    private final Children children = new Children();

    @AfterEach
    void killChildren() {
        children.close();
    }

    private LockDirectory open() throws IOException {
        return LockDirectory.open(temp.resolve("locks"));
    }

    @Test
    void heldLock_isRefusedToASecondOpen() throws Exception {
        Lock held = open().tryLock("card.lock").orElseThrow();
        assertTrue(held.fd() >= 100, "below the range that children are given");
        assertEquals(Optional.empty(), open().tryLock("card.lock"));
        assertTrue(open().tryLock("other.lock").isPresent());
        held.close();
        assertTrue(open().tryLock("card.lock").isPresent());
    }

    @Test
    void heldLock_isRefusedToAnotherProcess() throws Exception {
        LockDirectory locks = open();
        Lock held = locks.tryLock("card.lock").orElseThrow();
        String file = locks.path().resolve("card.lock").toString();
        assertEquals(1, children.start("flock", "-n", file, "true").waitFor());
        held.close();
        assertEquals(0, children.start("flock", "-n", file, "true").waitFor());
    }

    @Test
    void lockOfAnotherProcess_isRefusedUntilThatIsKilled() throws Exception {
        LockDirectory locks = open();
        Process other = children.start(
                "flock", "-n", locks.path().resolve("card.lock").toString(), "sh", "-c", "echo up; exec sleep 60");
        assertEquals('u', other.getInputStream().read());
        assertEquals(Optional.empty(), locks.tryLock("card.lock"));
        // flock(1) waits for its command; both hold the descriptor.
        other.descendants().forEach(ProcessHandle::destroyForcibly);
        other.destroyForcibly();
        Children.await("the lock is free", () -> locks.tryLock("card.lock").isPresent());
    }

    @Test
    void lockInheritedByAChild_outlivesOurCopyAndTheChildsFirstProcess() throws Exception {
        LockDirectory locks = open();
        Lock lock = locks.tryLock("job.lock").orElseThrow();
        Path pidFile = temp.resolve("pid");
        int pid;
        try (Spawn spawn = new Spawn()) {
            pid = spawn.openRead(0, "/dev/null")
                    .openAppend(1, "/dev/null")
                    .dup(lock.fd(), 3)
                    .closeFrom(4)
                    .start(
                            List.of("/bin/sh", "-c", "sleep 60 & echo $! >" + pidFile + "; wait"),
                            List.of("PATH=" + System.getenv("PATH")));
        }
        String grandchild = Children.awaitLine(pidFile);
        lock.close();
        assertEquals(Optional.empty(), locks.tryLock("job.lock"));
        Children.kill(pid);
        Children.await(
                "the shell is gone",
                () -> !ProcFiles.isAlive(pid, ProcFiles.startTicks(pid).orElse(0)));
        assertEquals(Optional.empty(), locks.tryLock("job.lock"));
        Children.kill(Long.parseLong(grandchild));
        Children.await("the lock is free", () -> locks.tryLock("job.lock").isPresent());
        Spawn.reap(pid);
    }

    @Test
    void childStartedMeanwhile_doesNotHoldAClosedLock() throws Exception {
        LockDirectory locks = open();
        Lock lock = locks.tryLock("job.lock").orElseThrow();
        Process stranger = children.start("sleep", "60");
        lock.close();
        assertTrue(locks.tryLock("job.lock").isPresent());
        assertTrue(stranger.isAlive());
    }

    @Test
    void retiredLock_leavesNoFileAndTheNameIsFree() throws Exception {
        LockDirectory locks = open();
        locks.tryLock("job.lock").orElseThrow().retire();
        assertFalse(Files.exists(locks.path().resolve("job.lock")));
        Lock next = locks.tryLock("job.lock").orElseThrow();
        assertEquals(Optional.empty(), locks.tryLock("job.lock"));
        next.close();
    }

    /** Whoever opened the file before it was retired must not believe that a file without a name excludes anybody. */
    @Test
    void lockersAndRetirersInTheDozens_neverTwoHoldersAtOnce() throws Exception {
        LockDirectory locks = open();
        AtomicInteger holders = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Callable<Integer> locker = () -> {
            int got = 0;
            for (int i = 0; i < 1500; i++) {
                Optional<Lock> lock = locks.tryLock("job.lock");
                if (lock.isPresent()) {
                    most.accumulateAndGet(holders.incrementAndGet(), Math::max);
                    got++;
                    holders.decrementAndGet();
                    lock.get().retire();
                }
            }
            return got;
        };
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            results.add(threads.submit(locker));
        }
        int got = 0;
        for (Future<Integer> result : results) {
            got += result.get();
        }
        threads.shutdown();
        assertEquals(1, most.get());
        assertTrue(got > 100, "got the lock only " + got + " times");
    }

    @Test
    void id_isMadeOnceAndStays() throws Exception {
        String id = open().id();
        assertTrue(id.matches("[0-9a-f]{32}"), id);
        assertEquals(id, open().id());
        assertEquals(List.of("id"), List.of(temp.resolve("locks").toFile().list()));
        assertEquals(id + "\n", Files.readString(temp.resolve("locks/id")));
    }

    @Test
    void idMadeByManyAtOnce_isTheSameForAll() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<String>> ids = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            ids.add(threads.submit(() -> open().id()));
        }
        String first = ids.get(0).get();
        for (Future<String> id : ids) {
            assertEquals(first, id.get());
        }
        threads.shutdown();
    }

    @Test
    void sharedDirectory_everyUserMayAddAndLock() throws Exception {
        Path shared = temp.resolve("shared");
        LockDirectory locks = LockDirectory.openShared(shared);
        Lock held = locks.tryLock("card.lock").orElseThrow();
        assertEquals(01777, mode(shared));
        assertEquals(0666, mode(shared.resolve("card.lock")));
        assertEquals(0644, mode(shared.resolve("id")));
        held.close();
    }

    private static int mode(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
    }

    @Test
    void symbolicLinkUnderALocksName_isRefusedAndItsTargetUntouched() throws Exception {
        LockDirectory locks = open();
        Path target = Files.writeString(temp.resolve("precious"), "x");
        Files.createSymbolicLink(locks.path().resolve("card.lock"), target);
        PosixException e = assertThrows(PosixException.class, () -> locks.tryLock("card.lock"));
        assertEquals(Errno.ELOOP, e.errno());
        assertEquals("x", Files.readString(target));
    }

    @Test
    void directoryNamedByASymbolicLink_isOpenedAndShowsItsRealPath() throws Exception {
        Path real = Files.createDirectory(temp.resolve("real")).toRealPath();
        Path link = Files.createSymbolicLink(temp.resolve("link"), real);
        LockDirectory byLink = LockDirectory.open(link);
        assertEquals(LockDirectory.open(real).id(), byLink.id());
        assertEquals(real, byLink.path());
        Lock held = byLink.tryLock("card.lock").orElseThrow();
        assertEquals(Optional.empty(), LockDirectory.open(real).tryLock("card.lock"));
        held.close();
    }

    @Test
    void note_isReadBackAndReplacedByTheNextHolder() throws Exception {
        LockDirectory locks = open();
        Lock held = locks.tryLock("watcher.lock").orElseThrow();
        assertEquals("", locks.note("watcher.lock"));
        locks.note("watcher.lock", "4711");
        locks.note("watcher.lock", "12");
        assertEquals("12", locks.note("watcher.lock"));
        held.close();
    }

    @Test
    void place_flagThenVariable() throws Exception {
        Map<String, String> set = Map.of("GPUSPOOL_LOCK_DIR", temp.resolve("b").toString());
        LockPlace.Place byFlag = LockPlace.find(Optional.of(temp.resolve("a")), set);
        assertEquals(temp.resolve("a").toRealPath(), byFlag.directory().path());
        LockPlace.Place byVariable = LockPlace.find(Optional.empty(), set);
        assertEquals(temp.resolve("b").toRealPath(), byVariable.directory().path());
        assertEquals(Optional.empty(), byVariable.warning());
    }

    @Test
    void sharedLock_isHadByAllWhoShareIt_andByNobodyAlone() throws IOException {
        LockDirectory one = LockDirectory.open(temp.resolve("locks"));
        LockDirectory other = LockDirectory.open(temp.resolve("locks"));
        Path file = temp.resolve("locks/card.lock");
        Lock first = one.tryLock("card.lock").orElseThrow();
        assertTrue(other.tryShare("card.lock").isEmpty(), "it is had alone");
        assertTrue(first.share());
        Lock second = other.tryShare("card.lock").orElseThrow();
        assertTrue(other.tryLock("card.lock").isEmpty());
        first.close();
        assertTrue(one.tryLock("card.lock").isEmpty(), "one of two is left");
        assertTrue(LockLook.isHeld(file));
        second.close();
        assertFalse(LockLook.isHeld(file));
        one.tryLock("card.lock").orElseThrow().close();
    }
}
