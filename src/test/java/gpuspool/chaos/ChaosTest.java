package gpuspool.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Kills real watchers, supervisors and jobs at random moments and then asks {@link SpoolChecker} whether the spool's
 * promise was kept. The seed is printed; {@code -Dgpuspool.chaos.seed=N} makes the same draws again (not the same
 * moments: those are the machine's). {@code -Dgpuspool.chaos.kills=20000} makes a campaign of it.
 */
@Tag("chaos")
final class ChaosTest {
    private static final long SEED = Long.getLong("gpuspool.chaos.seed", System.nanoTime() & 0xffffff);
    private static final int KILLS = Integer.getInteger("gpuspool.chaos.kills", 16);
    private static final int LANES = Integer.getInteger("gpuspool.chaos.lanes", 2);
    /** After so many kills of one spool a new one is begun, so that a campaign stays as quick as it began. */
    private static final int KILLS_PER_SPOOL = Math.min(100, Math.max(1, KILLS / LANES));

    private static final Duration DRAIN = Duration.ofSeconds(90);

    @Test
    @Timeout(24 * 60 * 60)
    void watchersKilledAtAnyMomentLoseNothingAndStartNothingTwice() throws Exception {
        System.out.printf("chaos: -Dgpuspool.chaos.seed=%d -Dgpuspool.chaos.kills=%d%n", SEED, KILLS);
        long begun = System.nanoTime();
        AtomicInteger left = new AtomicInteger(KILLS);
        List<Callable<Integer>> lanes = new ArrayList<>();
        for (int lane = 0; lane < LANES; lane++) {
            long seed = SEED + 1000L * lane;
            lanes.add(() -> {
                int kills = 0;
                int round = 0;
                int due = take(left);
                while (due > 0) {
                    try {
                        kills += killWatchers(seed + round++, due);
                    } catch (Exception | AssertionError e) {
                        // Told at once: a long campaign may be ended before the other lanes are through.
                        System.out.println("chaos: a lane failed: " + e);
                        throw e;
                    }
                    due = take(left);
                }
                return kills;
            });
        }
        int kills = 0;
        for (int count : together(lanes)) {
            kills += count;
        }
        System.out.printf("chaos: %d kills in %d s%n", kills, (System.nanoTime() - begun) / 1_000_000_000);
        assertEquals(KILLS, kills, "kills that hit a living watcher");
    }

    private static int take(AtomicInteger left) {
        int before = left.getAndUpdate(n -> n - Math.min(n, KILLS_PER_SPOOL));
        return Math.min(before, KILLS_PER_SPOOL);
    }

    /** One spool; so many watchers killed; the last one drains. */
    private static int killWatchers(long seed, int due) throws Exception {
        Random random = new Random(seed);
        try (SpoolTestBed bed = SpoolTestBed.create(seed)) {
            AtomicBoolean over = new AtomicBoolean();
            int kills = 0;
            try (Dropping dropper = dropping(bed, over, 8)) {
                while (kills < due) {
                    try (WatcherProcess watcher = bed.watch()) {
                        boolean ended = watcher.endsWithin(untilStroke(watcher, random));
                        if (!ended && watcher.kill()) {
                            kills++;
                        } else {
                            throw new AssertionError(
                                    "a watcher ended by itself (seed " + seed + "):\n" + watcher.output());
                        }
                    }
                    dropper.check();
                }
                over.set(true);
            }
            drainAndCheck(bed, seed);
            System.out.printf(
                    "chaos: seed %d: %d kills, %d jobs%n",
                    seed, kills, bed.jobs().size());
            return kills;
        }
    }

    /**
     * A random moment of a watcher's life: any up to 600 ms after its start, or shortly after it said that it did
     * something, or, rarely, much later, so that the queue moves on. What remains to be waited for.
     */
    private static Duration untilStroke(WatcherProcess watcher, Random random) {
        int draw = random.nextInt(20);
        if (draw < 5) {
            return Duration.ofMillis(random.nextInt(600));
        }
        if (draw == 19) {
            return Duration.ofMillis(900 + random.nextInt(600));
        }
        int line = 1 + (draw < 12 ? 0 : random.nextInt(6));
        long begun = System.nanoTime();
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .pollDelay(Duration.ofMillis(1))
                .pollInterval(Duration.ofMillis(2))
                .until(() -> !watcher.alive()
                        || watcher.lines() >= line
                        || System.nanoTime() - begun > Duration.ofMillis(900).toNanos());
        return Duration.ofNanos(random.nextInt(60_000_000));
    }

    @Test
    @Timeout(300)
    void supervisorsAndJobsKilledAtAnyMomentAreNeverGuessedAt() throws Exception {
        long seed = SEED + 1;
        Random random = new Random(seed);
        try (SpoolTestBed bed = SpoolTestBed.create(seed)) {
            AtomicBoolean over = new AtomicBoolean();
            int strokes = 0;
            int watchersKilled = 0;
            try (Dropping dropper = dropping(bed, over, 8)) {
                long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
                long latest = end + Duration.ofSeconds(60).toNanos();
                WatcherProcess watcher = bed.watch();
                try {
                    // On a busy machine it takes longer until something is there to be killed.
                    while (System.nanoTime() < (strokes > 10 ? end : latest)) {
                        if (watcher.endsWithin(Duration.ofMillis(random.nextInt(60)))) {
                            throw new AssertionError("a watcher ended by itself:\n" + watcher.output());
                        }
                        // One that has just been started is left alone until it has come to something.
                        if (random.nextInt(25) == 0 && watcher.lines() > 0 && watcher.kill()) {
                            watchersKilled++;
                            watcher = bed.watch();
                        }
                        strokes += strike(bed, random);
                        dropper.check();
                    }
                } finally {
                    watcher.kill();
                }
                over.set(true);
            }
            drainAndCheck(bed, seed);
            System.out.printf(
                    "chaos: seed %d: %d supervisors and jobs, %d watchers killed, %d jobs%n",
                    seed, strokes, watchersKilled, bed.jobs().size());
            assertTrue(strokes > 10, "only " + strokes + " processes were there to be killed");
        }
    }

    /** Kills one process that a running job's status names, if it is that still. */
    private static int strike(SpoolTestBed bed, Random random) throws IOException, InterruptedException {
        List<Map.Entry<String, Path>> running = new ArrayList<>(bed.running().entrySet());
        if (running.isEmpty()) {
            return 0;
        }
        Map.Entry<String, Path> victim = running.get(random.nextInt(running.size()));
        Map<String, String> status = Tree.status(victim.getValue());
        // With its supervisor gone a job is not swept: one that leaves a process behind would run as long as that one.
        boolean supervisor = kindOf(bed, victim.getKey()) != JobScripts.Kind.STRAY && random.nextInt(3) == 0;
        // The watcher notes the job's own process within a second; the supervisor told it before.
        String pid = supervisor ? status.get("pid") : ownProcess(victim.getValue());
        String cookie = status.get("cookie");
        if (pid == null || cookie == null) {
            return 0;
        }
        for (ProcTable.Proc proc : ProcTable.withCookies(Set.of(cookie))) {
            if (Long.toString(proc.pid()).equals(pid)) {
                bed.harm(
                        victim.getKey(),
                        supervisor ? SpoolChecker.Harm.SUPERVISOR_KILLED : SpoolChecker.Harm.JOB_KILLED);
                SpoolTestBed.signal("KILL", List.of(proc));
                return 1;
            }
        }
        return 0;
    }

    private static String ownProcess(Path directory) throws IOException {
        try {
            for (String line : Tree.markLines(directory.resolve("started"))) {
                if (line.startsWith("go ")) {
                    return line.substring("go ".length());
                }
            }
        } catch (NoSuchFileException e) {
            return null; // Not armed yet, or filed meanwhile.
        }
        return null;
    }

    private static JobScripts.Kind kindOf(SpoolTestBed bed, String token) {
        return bed.jobs().stream()
                .filter(job -> job.token().equals(token))
                .findFirst()
                .orElseThrow()
                .kind();
    }

    @Test
    @Timeout(120)
    void aSecondWatcherRefusesAndNamesTheFirst() throws Exception {
        try (SpoolTestBed bed = SpoolTestBed.create(SEED + 2);
                WatcherProcess first = bed.watch()) {
            first.awaitWatching(bed.spool());
            bed.submit(6, JobScripts.Kind.NAP);
            try (WatcherProcess second = bed.watch()) {
                assertNotEquals(0, second.awaitExit(Duration.ofSeconds(20)), second.output());
                assertTrue(second.output().contains(Long.toString(first.pid())), second.output());
                assertTrue(second.output().contains("already"), second.output());
            }
            assertTrue(first.alive(), first.output());
            assertTrue(first.watches(bed.spool()), "the report of the first watcher was overwritten");
            bed.awaitAllFiled(DRAIN);
            first.stop();
            assertEquals(
                    List.of(),
                    bed.checker().numbersWithoutGaps().check(),
                    bed.root().toString());
            drainAndCheck(bed, SEED + 2);
        }
    }

    @Test
    @Timeout(300)
    void ofWatchersStartedTogetherOneRemains() throws Exception {
        long seed = SEED + 3;
        Random random = new Random(seed);
        try (SpoolTestBed bed = SpoolTestBed.create(seed)) {
            AtomicBoolean over = new AtomicBoolean();
            try (Dropping dropper = dropping(bed, over, 8)) {
                for (int round = 0; round < 6; round++) {
                    try (WatcherProcess one = bed.watch();
                            WatcherProcess other = bed.watch()) {
                        Awaitility.await("one of two watchers gives up")
                                .atMost(Duration.ofSeconds(30))
                                .pollInterval(Duration.ofMillis(10))
                                .until(() -> !one.alive() || !other.alive());
                        assertFalse(
                                one.endsWithin(Duration.ofMillis(random.nextInt(300)))
                                        && other.endsWithin(Duration.ZERO),
                                "both gave up:\n" + one.output() + other.output());
                        WatcherProcess loser = one.alive() ? other : one;
                        assertTrue(loser.output().contains("already"), loser.output());
                        one.kill();
                        other.kill();
                    }
                    dropper.check();
                }
                over.set(true);
            }
            drainAndCheck(bed, seed);
        }
    }

    @Test
    @Timeout(300)
    void afterARebootWhatHadStartedIsInterruptedAndTheRestRuns() throws Exception {
        int interrupted = 0;
        for (int round = 0; round < 2; round++) {
            interrupted += reboot(SEED + 10 + round);
        }
        assertTrue(interrupted > 0, "no job was running at any of the power cuts");
    }

    private static int reboot(long seed) throws Exception {
        Random random = new Random(seed);
        try (SpoolTestBed bed = SpoolTestBed.create(seed)) {
            bed.submit(3, JobScripts.Kind.LONG);
            for (int i = 0; i < 12; i++) {
                bed.dropAny();
            }
            try (WatcherProcess watcher = bed.watch()) {
                watcher.awaitWatching(bed.spool());
                Awaitility.await("a job has been started in " + bed.spool())
                        .atMost(Duration.ofSeconds(30))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> bed.ledger().read().events().size() > 0);
                assertFalse(watcher.endsWithin(Duration.ofMillis(random.nextInt(300))), watcher.output());
                bed.cutPower();
            }
            Map<String, String> expected = new HashMap<>();
            for (Map.Entry<String, Path> left : bed.running().entrySet()) {
                String ending = endingAfterReboot(left.getValue());
                if (ending != null) {
                    expected.put(left.getKey(), ending);
                    if (ending.equals("interrupted")) {
                        bed.harm(left.getKey(), SpoolChecker.Harm.POWER_LOST);
                    }
                }
            }
            bed.bootId(UUID.randomUUID().toString());
            drainAndCheck(bed, seed);
            for (TestJob job : bed.jobs()) {
                String ending = expected.getOrDefault(job.token(), job.ending());
                assertEquals(ending, endingOf(bed, job), job.name() + " in " + bed.root());
            }
            int interrupted = 0;
            for (String ending : expected.values()) {
                interrupted += ending.equals("interrupted") ? 1 : 0;
            }
            System.out.printf("chaos: seed %d: power cut, %d jobs interrupted%n", seed, interrupted);
            return interrupted;
        }
    }

    /** By the layout's table: what becomes of a job whose machine died; null where its own ending is to be expected. */
    private static String endingAfterReboot(Path directory) throws IOException {
        if (!Files.exists(directory.resolve("started"))) {
            return null;
        }
        boolean ended =
                Tree.markLines(directory.resolve("started")).stream().anyMatch(l -> l.matches("exit=[0-9]+ end"));
        return ended ? null : "interrupted";
    }

    private static String endingOf(SpoolTestBed bed, TestJob job) throws IOException {
        for (String place : List.of("done", "failed")) {
            for (Path directory : Tree.list(bed.spool().resolve(place))) {
                Path drop = directory.resolve(job.name());
                if (Files.exists(drop) && Files.readString(drop).equals(job.text())) {
                    return Tree.status(directory).get("ending");
                }
            }
        }
        return "nowhere";
    }

    /** A last watcher drains; the promise is checked; two more find nothing to do. */
    private static void drainAndCheck(SpoolTestBed bed, long seed) throws Exception {
        String where = "seed " + seed + ", " + bed.root();
        bed.once(DRAIN);
        List<String> violations = bed.checker().check();
        assertTrue(violations.isEmpty(), () -> where + ":\n" + String.join("\n", violations));
        String before = Tree.fingerprint(bed.spool());
        for (int again = 0; again < 2; again++) {
            assertEquals(0, bed.once(Duration.ofSeconds(30)), where);
            assertEquals(before, Tree.fingerprint(bed.spool()), where);
        }
        bed.passed();
    }

    /** Somebody who drops jobs all the while, as long as fewer than so many wait. */
    private static Dropping dropping(SpoolTestBed bed, AtomicBoolean over, int waiting) {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        Future<?> future = executor.submit(() -> {
            while (!over.get()) {
                Awaitility.await()
                        .atMost(Duration.ofMinutes(10))
                        .pollDelay(Duration.ofMillis(2))
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> over.get() || bed.waiting() < waiting);
                if (!over.get()) {
                    bed.dropAny();
                }
            }
            return null;
        });
        return new Dropping(executor, future, over);
    }

    /** Ends the dropping, and tells what went wrong in it. */
    private record Dropping(ExecutorService executor, Future<?> future, AtomicBoolean over) implements AutoCloseable {
        void check() throws IOException {
            if (future.isDone() && !over.get()) {
                close();
            }
        }

        @Override
        public void close() throws IOException {
            over.set(true);
            executor.shutdown();
            try {
                future.get();
            } catch (ExecutionException e) {
                throw new IOException("the dropping of jobs failed", e.getCause());
            } catch (InterruptedException e) {
                executor.shutdownNow();
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T> List<T> together(List<Callable<T>> tasks) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> future : executor.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        } finally {
            executor.shutdownNow();
        }
    }
}
