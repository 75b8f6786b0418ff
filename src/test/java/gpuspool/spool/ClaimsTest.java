package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.JobId;
import gpuspool.posix.FileFacts;
import gpuspool.posix.Lock;
import gpuspool.posix.LockDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClaimsTest {
    private static final InstantSource NOON = InstantSource.fixed(Instant.parse("2026-01-02T12:00:00.5Z"));

    @TempDir
    private Path temp;

    private Spool spool;
    private LockDirectory locks;

    @BeforeEach
    void make() throws IOException {
        spool = SpoolMaker.make(temp.resolve("spool"), new DiskFs());
        locks = LockDirectory.open(temp.resolve("locks"));
    }

    private Claims claims(Fs fs) throws IOException {
        Numbers numbers = new Numbers();
        numbers.learn(spool.places(), new DiskFs());
        return new Claims(spool, new Claims.Claimant("box", "boot-1", locks.id()), fs, locks, numbers, NOON);
    }

    private Claims.Outcome claim(Fs fs, Dropped file) throws IOException {
        return claims(fs).claim(file, new StatusFile.Lines().add("devices", "sim:0 3"), "");
    }

    private Claims.Won won(Dropped file) throws IOException {
        return assertInstanceOf(Claims.Won.class, claim(new DiskFs(), file));
    }

    private Dropped drop(String name) throws IOException {
        Path file = Files.writeString(spool.places().incoming().resolve(name), "true\n");
        return new Dropped(file, FileFacts.of(file).orElseThrow());
    }

    private static List<String> names(Path directory) throws IOException {
        return new DiskFs().list(directory);
    }

    private List<String> jobLocks() throws IOException {
        return names(locks.path()).stream()
                .filter(name -> name.startsWith("job-"))
                .toList();
    }

    private void assertStillQueued(String name) throws IOException {
        assertEquals("true\n", Files.readString(spool.places().incoming().resolve(name)));
    }

    @Test
    void won_directoryHoldsTheFileAnUntouchedTokenAndTheFacts() throws Exception {
        Dropped file = drop("exp1.job");
        Claims.Won won = won(file);
        assertEquals("exp1.1.box", won.dir().id().toString());
        assertEquals(List.of("exp1.job", "status", "token"), names(won.dir().path()));
        assertEquals(List.of(), names(spool.places().incoming()));
        assertEquals(" ".repeat(512), Files.readString(won.dir().file("token")));
        assertEquals(
                "name = exp1.job\nid = exp1.1.box\nowner = " + file.facts().owner() + "\ninode = "
                        + file.facts().identity() + "\nhost = box\nboot = boot-1\nlockdir = " + locks.id()
                        + "\ncookie = " + won.cookie() + "\ndevices = sim:0 3\nqueued = "
                        + Times.format(file.facts().changed().toInstant())
                        + "\nclaimed = 2026-01-02T12:00:00.500Z\n",
                Files.readString(won.dir().status()));
        assertTrue(won.cookie().matches("[0-9a-f]{32}"));
    }

    @Test
    void won_lockIsHeldUnderTheJobsName() throws Exception {
        Claims.Won won = won(drop("exp1.job"));
        String name = "job-" + spool.id() + "-exp1.1.box.lock";
        assertEquals(List.of(name), jobLocks());
        assertEquals(Optional.empty(), locks.tryLock(name));
        won.jobLock().close();
        assertTrue(locks.tryLock(name).isPresent());
    }

    @Test
    void oddName_isKeptAsItIsAndEscapedInTheFacts() throws Exception {
        Claims.Won won = won(drop("größe 1\n\\.job"));
        assertEquals(
                "gr__e_1__.1.box".replace("gr__e", "gr____e"), won.dir().id().toString());
        assertTrue(Files.exists(won.dir().file("größe 1\n\\.job")));
        assertTrue(Files.readString(won.dir().status()).startsWith("name = größe 1\\x0a\\x5c.job\n"));
    }

    @Test
    void fileGoneMeanwhile_isLostAndNothingIsLeft() throws Exception {
        Dropped file = drop("exp1.job");
        Files.delete(file.path());
        Claims.Lost lost = assertInstanceOf(Claims.Lost.class, claim(new DiskFs(), file));
        assertTrue(lost.why().isPresent());
        assertEquals(List.of(), names(spool.places().running()));
        assertEquals(List.of(), names(spool.places().tmp()));
        assertEquals(List.of(), jobLocks());
    }

    @Test
    void manyRivals_exactlyOneWinsAndTheOthersLeaveNothing() throws Exception {
        for (int round = 0; round < 20; round++) {
            Dropped file = drop("exp" + round + ".job");
            ExecutorService threads = Executors.newFixedThreadPool(4);
            List<Future<Claims.Outcome>> results = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                results.add(threads.submit(() -> claim(new DiskFs(), file)));
            }
            int wins = 0;
            for (Future<Claims.Outcome> result : results) {
                wins += result.get() instanceof Claims.Won ? 1 : 0;
            }
            threads.shutdown();
            assertEquals(1, wins);
        }
        assertEquals(20, names(spool.places().running()).size());
        assertEquals(20, jobLocks().size());
        assertEquals(List.of(), names(spool.places().tmp()));
    }

    @Test
    void numberTaken_nextIsUsedWhereverItLies() throws Exception {
        Files.createDirectory(spool.places().done().resolve("exp1.1.box"));
        Files.createDirectory(spool.places().failed().resolve("exp1.2.box"));
        Files.createDirectory(spool.places().running().resolve("exp1.3.box"));
        Files.createDirectory(spool.places().done().resolve("exp1.0.box"));
        Files.createDirectory(spool.places().done().resolve("exp10.7.box"));
        assertEquals("exp1.4.box", won(drop("exp1.job")).dir().id().toString());
        assertEquals("exp10.8.box", won(drop("exp10.job")).dir().id().toString());
        assertEquals("other.1.box", won(drop("other.toml")).dir().id().toString());
    }

    @Test
    void numberTakenWithoutOurKnowing_isSeenAfterTheMkdir() throws Exception {
        Claims claims = claims(new DiskFs());
        for (Path place : List.of(
                spool.places().done(), spool.places().failed(), spool.places().running())) {
            int run = 1
                    + names(spool.places().done()).size()
                    + names(spool.places().failed()).size();
            Files.createDirectory(place.resolve("exp1." + run + ".box"));
        }
        Claims.Won won = (Claims.Won) claims.claim(drop("exp1.job"), new StatusFile.Lines().add("devices", ""), "fast");
        assertEquals("exp1.4.box", won.dir().id().toString());
        assertEquals(List.of("exp1.3.box", "exp1.4.box"), names(spool.places().running()));
        assertEquals(
                List.of("job-" + spool.id() + "-exp1.4.box.lock"), jobLocks(), "no lock file for numbers not ours");
    }

    @Test
    void runOnAnotherHost_countsToo() throws Exception {
        Files.createDirectory(spool.places().done().resolve("exp1.1.other"));
        assertEquals("exp1.2.box", won(drop("exp1.job")).dir().id().toString());
    }

    @Test
    void lockOfANumberHeldElsewhere_nextIsUsed() throws Exception {
        Lock held = locks.tryLock(LockNames.job(spool.id(), new JobId("exp1", 1, "box")))
                .orElseThrow();
        assertEquals("exp1.2.box", won(drop("exp1.job")).dir().id().toString());
        held.close();
    }

    @Test
    void sameStem_sharesOneRowOfNumbers() throws Exception {
        Claims claims = claims(new DiskFs());
        List<String> ids = new ArrayList<>();
        for (String name : List.of("a b.job", "a_b.toml", "a+b.job")) {
            ids.add(((Claims.Won) claims.claim(drop(name), new StatusFile.Lines().add("devices", ""), ""))
                    .dir()
                    .id()
                    .toString());
        }
        assertEquals(List.of("a_b.1.box", "a_b.2.box", "a_b.3.box"), ids);
    }

    @Test
    void highestNumberTaken_isLostAndSaysSo() throws Exception {
        Files.createDirectory(spool.places().done().resolve("exp1.999999999.box"));
        Claims.Lost lost = assertInstanceOf(Claims.Lost.class, claim(new DiskFs(), drop("exp1.job")));
        assertEquals(
                "no run number is left for exp1: run 999999999 is there already; rename the file",
                lost.why().orElseThrow().getMessage());
        assertStillQueued("exp1.job");
    }

    /** Whatever call fails, and wherever: the job is in exactly one place, and what cannot be removed is found again. */
    @Test
    void diskFullAtEachStep_jobIsInExactlyOnePlaceAndNoLockIsKept() throws Exception {
        FaultyFs counter = new FaultyFs((call, path) -> {});
        ((Claims.Won) claim(counter, drop("count.job"))).jobLock().retire();
        int steps = counter.calls().size();
        assertTrue(steps >= 6, "steps: " + counter.calls());
        for (int i = 0; i < steps; i++) {
            String step = counter.calls().get(i);
            Dropped file = drop("exp" + i + ".job");
            int failAt = i;
            int[] seen = {0};
            FaultyFs fs = new FaultyFs((call, path) -> {
                if (seen[0]++ == failAt) {
                    throw new IOException(path + ": No space left on device");
                }
            });
            JobId id = new JobId("exp" + i, 1, "box");
            boolean queued;
            try {
                Claims.Outcome outcome = claim(fs, file);
                if (outcome instanceof Claims.Won won) {
                    won.jobLock().close();
                }
                queued = outcome instanceof Claims.Lost;
            } catch (IOException e) {
                queued = Files.exists(file.path());
            }
            Path inside = spool.places().running().resolve(id + "/exp" + i + ".job");
            assertEquals(queued, Files.exists(file.path()), step);
            assertEquals(!queued, Files.exists(inside), step);
            assertTrue(locks.tryLock(LockNames.job(spool.id(), id)).isPresent(), "lock kept after: " + step);
        }
    }

    @Test
    void everythingFailsFromAStepOn_jobIsStillInExactlyOnePlace() throws Exception {
        for (int from = 0; from < 12; from++) {
            Dropped file = drop("exp" + from + ".job");
            int failFrom = from;
            int[] seen = {0};
            FaultyFs fs = new FaultyFs((call, path) -> {
                if (seen[0]++ >= failFrom) {
                    throw new IOException("Input/output error");
                }
            });
            try {
                claim(fs, file);
            } catch (IOException e) {
                assertEquals("Input/output error", e.getMessage());
            }
            Path inside = spool.places().running().resolve("exp" + from + ".1.box/exp" + from + ".job");
            assertTrue(Files.exists(file.path()) != Files.exists(inside), "from step " + from);
        }
    }

    @Test
    void renameThatLies_isDecidedByLooking() throws Exception {
        FaultyFs fs = new FaultyFs((call, path) -> {
            if (call.equals("rename") && path.endsWith("exp1.job")) {
                Path target = spool.places().running().resolve("exp1.1.box/exp1.job");
                Files.move(path, target);
                throw new IOException("connection timed out");
            }
        });
        assertInstanceOf(Claims.Won.class, claim(fs, drop("exp1.job")));
    }

    @Test
    void renameRefused_saysWhyAndTheFileStays() throws Exception {
        FaultyFs fs = FaultyFs.failing("rename", "exp1.job");
        Claims.Lost lost = assertInstanceOf(Claims.Lost.class, claim(fs, drop("exp1.job")));
        assertTrue(lost.why().orElseThrow().getMessage().contains("No space left"));
        assertStillQueued("exp1.job");
        assertEquals(List.of(), names(spool.places().running()));
    }

    @Test
    void statusWrittenShort_claimIsGivenUpWithTheReason() throws Exception {
        FaultyFs fs = FaultyFs.failing("create", "status");
        Dropped file = drop("exp1.job");
        IOException e = assertThrows(IOException.class, () -> claim(fs, file));
        assertTrue(e.getMessage().endsWith("No space left on device"), e.getMessage());
        assertStillQueued("exp1.job");
        assertEquals(List.of(), names(spool.places().running()));
        assertEquals("exp1.1.box", won(file).dir().id().toString());
    }

    @Test
    void numberWhoseRecordIsCleanedAway_isNotGivenAgain() throws Exception {
        Numbers numbers = new Numbers();
        for (String name : List.of("old.1.box", "old.2.box", "once.1.box", "abroad.1.other")) {
            Files.createDirectory(spool.places().done().resolve(name));
        }
        numbers.learn(spool.places(), new DiskFs());
        new Cleaning(spool.places(), new DiskFs(), (what, why) -> {}, false)
                .removeOld(List.of(Where.DONE), Duration.ZERO, 0, Long.MAX_VALUE);
        assertEquals(List.of(), names(spool.places().done()));
        assertEquals(3, numbers.next("old"));
        assertEquals(2, numbers.next("once"));
        assertEquals(2, numbers.next("abroad"));
        assertEquals(1, numbers.next("new"));
    }

    @Test
    void numbers_areLearntFromAllThreePlacesAndNoStrangers() throws Exception {
        for (String name : List.of("a.2.box", "a.x.box", "a.3", ".a.9.box", "a.07.box")) {
            Files.createDirectory(spool.places().failed().resolve(name));
        }
        Files.createDirectory(spool.places().running().resolve("b.5.box"));
        Files.createDirectory(spool.places().done().resolve("c.4.box"));
        Numbers numbers = new Numbers();
        numbers.learn(spool.places(), new DiskFs());
        assertEquals(3, numbers.next("a"));
        assertEquals(6, numbers.next("b"));
        assertEquals(5, numbers.next("c"));
        assertEquals(1, numbers.next("d"));
        numbers.taken(new JobId("d", 2, "box"));
        numbers.taken(new JobId("d", 1, "other"));
        assertEquals(3, numbers.next("d"));
        assertFalse(new TreeSet<>(names(spool.places().failed())).isEmpty());
    }
}
