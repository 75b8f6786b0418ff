package gpuspool.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.spool.JsonJudge;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two shells and the verbs work in one spool at the same time, in random order and on few names, under a watcher that is
 * killed again and again; then the books must balance. The seed is printed; {@code -Dgpuspool.control.seed=N} makes the
 * same draws again (not the same moments). {@code -Dgpuspool.control.commands=100000} makes a campaign of it.
 */
@Tag("chaos")
final class ControlChaosTest {
    private static final long SEED = Long.getLong("gpuspool.control.seed", System.nanoTime() & 0xffffff);
    private static final int COMMANDS = Integer.getInteger("gpuspool.control.commands", 800);
    /** Then a new spool is begun, so that a campaign stays as quick as it began. */
    private static final int COMMANDS_PER_SPOOL = 2000;

    private static final int SHELLS = 2;
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String CANARY = "nobody writes here\n";

    @Test
    @Timeout(24 * 60 * 60)
    void everybodyAtOnceWithCoreutils_losesNothingAndStartsNothingTwice() throws Exception {
        System.out.printf("control: -Dgpuspool.control.seed=%d -Dgpuspool.control.commands=%d%n", SEED, COMMANDS);
        long seed = SEED;
        for (int left = COMMANDS; left > 0; left -= COMMANDS_PER_SPOOL) {
            workInOneSpool(seed++, Math.min(left, COMMANDS_PER_SPOOL));
        }
    }

    private record Shell(ControlScript script, Process process, Path said) {}

    private static void workInOneSpool(long seed, int commands) throws Exception {
        Random random = new Random(seed);
        long begun = System.nanoTime();
        try (SpoolTestBed bed = SpoolTestBed.create(seed)) {
            Path canary = Files.writeString(bed.root().resolve("canary"), CANARY);
            ControlAccount account = new ControlAccount();
            List<Shell> shells = new ArrayList<>();
            int kills;
            int verbs = 0;
            try {
                for (int n = 0; n < SHELLS; n++) {
                    shells.add(shell(
                            bed,
                            new ControlScript(random, "s" + n, bed.ledger(), canary.toString(), commands / SHELLS)));
                }
                VerbLane lane = new VerbLane(bed, account, new Random(seed + 1));
                try (lane) {
                    kills = killWatchersWhile(bed, shells, random);
                }
                verbs = lane.count();
            } finally {
                shells.forEach(shell -> shell.process().destroyForcibly());
            }
            long worked = System.nanoTime();
            Shell last = shell(bed, new ControlScript(random, "last", bed.ledger(), canary.toString(), 0).parkAll());
            assertTrue(last.process().waitFor(60, TimeUnit.SECONDS), bed.root().toString());
            shells.add(last);
            for (Shell shell : shells) {
                assertEquals(0, shell.process().exitValue(), "a shell in " + bed.root());
                account.add(shell.script(), Files.readString(shell.said(), StandardCharsets.ISO_8859_1));
            }
            releaseAndDrain(bed);
            List<String> violations = new ArrayList<>(bed.checker().anyJobs().check());
            violations.addAll(account.check(bed.spool(), bed.ledger().read().events()));
            violations.addAll(control(bed, shells));
            assertTrue(
                    violations.isEmpty(),
                    () -> "seed " + seed + ", " + bed.root() + ":\n" + String.join("\n", violations));
            assertEquals(CANARY, Files.readString(canary), "written through a request");
            record(bed.spool());
            String before = Tree.fingerprint(bed.spool());
            assertEquals(0, bed.once(LIMIT), bed.root().toString());
            assertEquals(before, Tree.fingerprint(bed.spool()), bed.root().toString());
            bed.passed();
            System.out.printf(
                    "control: seed %d: %d commands, %d verbs, %d kills; %s; %d runs; %d s, %d s of them at work%n",
                    seed,
                    commands,
                    verbs,
                    kills,
                    account.summary(),
                    bed.ledger().read().events().stream()
                            .filter(event -> event.what().equals(Ledger.START))
                            .count(),
                    (System.nanoTime() - begun) / 1_000_000_000,
                    (worked - begun) / 1_000_000_000);
        }
    }

    private static Shell shell(SpoolTestBed bed, ControlScript script) throws IOException {
        Path text = Files.createTempFile(bed.root(), "script", ".sh");
        Path said = Files.createTempFile(bed.root(), "said", "");
        Files.writeString(text, script.text());
        Process process = new ProcessBuilder("/bin/sh", text.toString())
                .directory(bed.spool().toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(said.toFile()))
                .redirectError(ProcessBuilder.Redirect.to(new java.io.File(said + ".err")))
                .start();
        return new Shell(script, process, said);
    }

    /** A watcher after the other until the shells are through. One that leaves by itself must have been asked to. */
    private static int killWatchersWhile(SpoolTestBed bed, List<Shell> shells, Random random) throws Exception {
        int kills = 0;
        while (atWork(shells)) {
            try (WatcherProcess watcher = bed.watch()) {
                boolean early = random.nextInt(3) == 0;
                if (!early) {
                    awaitWatching(bed, watcher, shells);
                }
                int millis = random.nextInt(early ? 800 : 2500);
                if (watcher.endsWithin(Duration.ofMillis(millis))) {
                    assertEquals(0, watcher.awaitExit(Duration.ZERO), watcher.output());
                    assertTrue(watcher.output().contains("drain"), watcher.output());
                } else if (watcher.kill()) {
                    kills++;
                }
            }
        }
        return kills;
    }

    private static boolean atWork(List<Shell> shells) {
        return shells.stream().anyMatch(shell -> shell.process().isAlive());
    }

    /** Or until nobody is left to disturb it, or it left as it was asked to. */
    private static void awaitWatching(SpoolTestBed bed, WatcherProcess watcher, List<Shell> shells) {
        Awaitility.await("watcher " + watcher.pid() + " reports itself in " + bed.spool())
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> !atWork(shells) || !watcher.alive() || watcher.watches(bed.spool()));
    }

    /** What is held stays held while the rest is drained; then it is released, all to the front, and drained too. */
    private static void releaseAndDrain(SpoolTestBed bed) throws Exception {
        Path held = bed.spool().resolve("held");
        Path control = bed.spool().resolve("control");
        List<Path> parked = Tree.list(held);
        assertEquals(ControlScript.NAMES.length, parked.size(), parked.toString());
        assertEquals(0, bed.once(LIMIT), bed.root().toString());
        assertEquals(parked, Tree.list(held), bed.root().toString());
        assertEquals(0, bed.waiting(), bed.root().toString());
        for (String name : ControlScript.NAMES) {
            // Of those for files that were not there any more, as it had to be.
            for (Path request : Tree.list(control)) {
                if (Tree.rawName(request).startsWith(name + ".first")) {
                    assertTrue(Tree.rawName(request).endsWith(".refused"), request.toString());
                    Files.delete(request);
                }
            }
            Files.move(held.resolve(name), bed.spool().resolve("incoming").resolve(name));
            Files.createFile(control.resolve(name + ".first"));
        }
        assertEquals(0, bed.once(LIMIT), bed.root().toString());
        assertTrue(bed.allFiled(), bed.root().toString());
    }

    /** Served requests are gone, unknown ones refused, and what is no request is left alone. */
    private static List<String> control(SpoolTestBed bed, List<Shell> shells) throws IOException {
        Set<String> expected = new HashSet<>();
        for (Shell shell : shells) {
            expected.addAll(shell.script().ignored());
            shell.script().refused().forEach(name -> expected.add(name + ".refused"));
        }
        List<String> violations = new ArrayList<>();
        for (Path file : Tree.list(bed.spool().resolve("control"))) {
            String name = Tree.rawName(file);
            if (!expected.remove(name)) {
                violations.add("left in control/: " + name);
            }
        }
        expected.forEach(name -> violations.add("not in control/: " + name));
        return violations;
    }

    /** Each line of the record is JSON, and tells of a job that is there. */
    private static void record(Path spool) throws Exception {
        int lines = 0;
        for (Path host : Tree.list(spool.resolve("hosts"))) {
            for (String line : JsonJudge.values(host.resolve("history.jsonl"), "id", "state")) {
                lines++;
                String[] words = line.replace("\"", "").split("\t");
                boolean filed = Files.isDirectory(spool.resolve("done").resolve(words[0]))
                        || Files.isDirectory(spool.resolve("failed").resolve(words[0]));
                boolean there = Set.of("done", "failed").contains(words[1])
                        ? Files.isDirectory(spool.resolve(words[1]).resolve(words[0]))
                        : filed;
                assertTrue(there, "history.jsonl tells of " + line + " in " + spool);
            }
        }
        assertTrue(lines > 0, "no record in " + spool);
    }
}
