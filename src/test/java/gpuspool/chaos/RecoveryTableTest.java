package gpuspool.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * The table "what a watcher finds, and what it does" of the layout, row by row: directories made by hand, as an earlier
 * watcher would have left them, are met by a real one.
 */
@Tag("chaos")
@Timeout(120)
final class RecoveryTableTest {
    private static final String BLANKS = " ".repeat(512);
    private static final String OTHER_BOOT = "00000000-0000-4000-8000-000000000000";
    private static final String OTHER_LOCKS = "f".repeat(32);

    private static SpoolTestBed bed;
    private static boolean failed;

    @RegisterExtension
    static final TestWatcher KEEPS_WHAT_FAILED = new TestWatcher() {
        @Override
        public void testFailed(ExtensionContext context, Throwable cause) {
            failed = true;
        }
    };

    /** What a watcher of this machine writes into a status, taken from a job that went well. */
    private static Map<String, String> facts;

    private static final Map<String, TestJob> made = new LinkedHashMap<>();
    private static final Map<String, String> before = new HashMap<>();

    @BeforeAll
    static void layTheSpool() throws Exception {
        bed = SpoolTestBed.create(4711);
        assertTrue(bed.drop(bed.scripts().make(JobScripts.Kind.TRUE, "model.job")));
        bed.once(Duration.ofSeconds(30));
        List<Path> done = Tree.list(bed.spool().resolve("done"));
        assertEquals(1, done.size(), "the model job went well");
        facts = Tree.status(done.get(0));

        lay("ended", "started", "pid=1\ngo 2\nexit=3 end\n", true, Map.of());
        lay("endedelsewhen", "started", "pid=1\ngo 2\nexit=3 end\n", true, Map.of("boot", OTHER_BOOT));
        lay("named", "exit.0", "", true, Map.of());
        lay("queued", "token", "", false, Map.of());
        lay("queuedelsewhen", "token", "", false, Map.of("boot", OTHER_BOOT));
        lay("queuednowhen", "token", "", false, Map.of("boot", ""));
        lay("armed", "started", "", false, Map.of());
        lay("unbegun", "started", "pid=1\n", true, Map.of());
        lay("unseen", "started", "pid=1\ngo 2\n", true, Map.of());
        lay("torn", "started", "pid=1\ngo 2\nexit=3 en", true, Map.of());
        lay("stopped", "started", "pid=1\ngo 2\n", true, Map.of("ending", "cancelled"));
        lay("late", "started", "pid=1\ngo 2\nexit=143 end\n", true, Map.of("ending", "timed out"));
        lay("lights", "started", "pid=1\ngo 2\n", true, Map.of("boot", OTHER_BOOT));
        lay("lightsearly", "started", "", false, Map.of("boot", OTHER_BOOT));
        lay("lightsnowhen", "started", "", false, Map.of("boot", ""));
        lay("otherlocks", "started", "pid=1\ngo 2\n", true, Map.of("lockdir", OTHER_LOCKS));
        lay("otherlockstoken", "token", "", false, Map.of("lockdir", OTHER_LOCKS));
        lay("otherhost", "started", "pid=1\ngo 2\n", true, Map.of("host", "somebody-else"));
        lay("taken", "started", "pid=1\ngo 2\nexit=0 end\n", true, Map.of());
        Files.createDirectories(bed.spool().resolve("done").resolve(id("taken", facts.get("host"))));
        Files.createFile(bed.spool()
                .resolve("done")
                .resolve(id("taken", facts.get("host")))
                .resolve("something"));
        Path lost = lay("lost", "token", "", false, Map.of());
        Files.delete(lost.resolve("lost.job"));
        Path bare = Files.createDirectory(bed.spool().resolve("running").resolve(id("bare", facts.get("host"))));
        Files.createFile(bare.resolve("status"));
        for (String name : List.of("otherlocks", "otherlockstoken")) {
            before.put(name, files(running(name, facts.get("host"))));
        }
        before.put("otherhost", files(running("otherhost", "somebody-else")));
        // Some rows stay in running/ by design: a watcher that drains need not wait for them, one that watches does
        // not.
        try (WatcherProcess watcher = bed.watch()) {
            watcher.awaitWatching(bed.spool());
            try {
                Awaitility.await("the rows that can be judged are judged")
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> Tree.list(bed.spool().resolve("running")).size() <= 4);
            } catch (ConditionTimeoutException e) {
                System.out.println("chaos: " + e.getMessage()); // each row tells for itself
            }
            watcher.stop();
        }
    }

    @AfterAll
    static void tidy() throws IOException {
        if (bed != null) {
            if (!failed) {
                bed.passed();
            }
            bed.close();
        }
    }

    /** A directory in running/ of a job that, if it is started, says so in the ledger. */
    private static Path lay(String name, String mark, String said, boolean startMark, Map<String, String> other)
            throws IOException {
        TestJob job = bed.scripts().make(JobScripts.Kind.TRUE, name + ".job");
        made.put(name, job);
        Map<String, String> status = new LinkedHashMap<>();
        for (String key : List.of("owner", "inode", "host", "boot", "lockdir", "devices", "queued", "claimed")) {
            status.put(key, facts.getOrDefault(key, ""));
        }
        status.put("name", job.name());
        status.put("cookie", String.format("%032x", made.size()));
        status.putAll(other);
        String id = id(name, status.get("host"));
        status.put("id", id);
        if (status.get("boot").isEmpty()) {
            status.remove("boot");
        }
        Path directory = Files.createDirectory(bed.spool().resolve("running").resolve(id));
        StringBuilder lines = new StringBuilder();
        status.forEach(
                (key, value) -> lines.append(key).append(" = ").append(value).append('\n'));
        if (!mark.equals("token")) {
            lines.append("command = true\ngpus = 1\ncwd = ").append(bed.root());
            lines.append("\noutput = merged\ngrace = 1000\narmed = 2026-01-01T00:00:00.000Z\n");
            Files.writeString(directory.resolve("script"), job.text());
        }
        Files.writeString(directory.resolve("status"), lines);
        Files.writeString(directory.resolve(job.name()), job.text());
        Files.writeString(directory.resolve(mark), said + BLANKS.substring(said.length()));
        if (startMark) {
            Files.writeString(directory.resolve("output.log"), "", StandardOpenOption.CREATE_NEW);
        }
        return directory;
    }

    private static String id(String name, String host) {
        return name + ".1." + host;
    }

    private static Path running(String name, String host) {
        return bed.spool().resolve("running").resolve(id(name, host));
    }

    private static long starts(String name) throws IOException {
        return bed.ledger().read().events().stream()
                .filter(e -> e.what().equals(Ledger.START)
                        && e.token().equals(made.get(name).token()))
                .count();
    }

    private static void assertFiled(String name, String place, String mark, String ending, int starts)
            throws IOException {
        Path directory = bed.spool().resolve(place).resolve(id(name, facts.get("host")));
        assertTrue(
                Files.isRegularFile(directory.resolve(mark)),
                () -> name + " must be in " + place + "/ with " + mark + "; see " + bed.root());
        assertEquals(ending, Tree.status(directory).get("ending"), name);
        assertEquals(starts, starts(name), "starts of " + name);
    }

    /** The layout lets a watcher say in `reason` what it does not judge; everything else stays to the byte. */
    private static String files(Path directory) throws IOException {
        return Tree.fingerprint(directory)
                .lines()
                .filter(line -> !line.startsWith("reason ") && !line.startsWith(" "))
                .collect(Collectors.joining("\n"));
    }

    private static void assertUntouched(String name, String host) throws IOException {
        assertEquals(before.get(name), files(running(name, host)), name);
        assertEquals(0, starts(name), "starts of " + name);
    }

    @Test
    void exitLine_isTheEndWhateverElseIsMissing() throws IOException {
        assertFiled("ended", "failed", "exit.3", "exited", 0);
        assertFiled("endedelsewhen", "failed", "exit.3", "exited", 0);
        assertFiled("named", "done", "exit.0", "exited", 0);
    }

    @Test
    void lostClaim_isRemoved() throws IOException {
        for (String name : List.of("lost", "bare")) {
            String id = id(name, facts.get("host"));
            for (String place : List.of("running", "done", "failed", "tmp")) {
                assertTrue(Files.notExists(bed.spool().resolve(place).resolve(id)), place + "/" + id);
            }
        }
        assertEquals(List.of(), Tree.list(bed.spool().resolve("tmp")));
    }

    @Test
    void token_runsOnceAlsoAfterAReboot() throws IOException {
        assertFiled("queued", "done", "exit.0", "exited", 1);
        assertFiled("queuedelsewhen", "done", "exit.0", "exited", 1);
        assertFiled("queuednowhen", "done", "exit.0", "exited", 1);
    }

    @Test
    void startedWithoutAChild_runsOnce() throws IOException {
        assertFiled("armed", "done", "exit.0", "exited", 1);
    }

    @Test
    void startMarkWithoutGo_isPutAsideAndRunsOnce() throws IOException {
        assertFiled("unbegun", "done", "exit.0", "exited", 1);
        Path directory = bed.spool().resolve("done").resolve(id("unbegun", facts.get("host")));
        assertTrue(Tree.list(directory).stream()
                .anyMatch(p -> p.getFileName().toString().matches("unspawned\\.[0-9]+")));
    }

    @Test
    void goWithoutAnythingAlive_isUnknown() throws IOException {
        assertFiled("unseen", "failed", "started", "unknown", 0);
        assertFiled("torn", "failed", "started", "unknown", 0);
    }

    @Test
    void anEndingWordAlreadyThere_stands() throws IOException {
        assertFiled("stopped", "failed", "started", "cancelled", 0);
        assertFiled("late", "failed", "exit.143", "timed out", 0);
    }

    @Test
    void startedInAnotherBoot_isInterrupted() throws IOException {
        assertFiled("lights", "failed", "started", "interrupted", 0);
        assertFiled("lightsearly", "failed", "started", "interrupted", 0);
        assertFiled("lightsnowhen", "failed", "started", "interrupted", 0);
    }

    @Test
    void otherLockDirectoryOrHost_isNotOursToJudge() throws IOException {
        assertUntouched("otherlocks", facts.get("host"));
        assertUntouched("otherlockstoken", facts.get("host"));
        assertUntouched("otherhost", "somebody-else");
    }

    @Test
    void nameTakenInDone_isNotOverwritten() throws IOException {
        String id = id("taken", facts.get("host"));
        assertTrue(Files.exists(bed.spool().resolve("done").resolve(id).resolve("something")));
        assertTrue(Files.exists(bed.spool().resolve("running").resolve(id).resolve("taken.job")));
        assertEquals(0, starts("taken"));
    }
}
