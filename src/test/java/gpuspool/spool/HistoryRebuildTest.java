package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code -Dgpuspool.record.jobs=100000}: so many in the tree at once. */
@Timeout(300)
class HistoryRebuildTest {
    private static final int MANY = Integer.getInteger("gpuspool.record.jobs", 500);

    @TempDir
    private Path temp;

    private RecordTree tree;

    @BeforeEach
    void make() throws IOException {
        tree = new RecordTree(temp.resolve("spool"));
    }

    private static List<String> steps(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceAll(".*\"id\": ?\"([^\"]*)\".*\"state\": ?\"([^\"]*)\".*\n", "$1 $2"))
                .toList();
    }

    @Test
    void noRecord_isMadeFromTheTreeByTime() throws IOException {
        tree.job("done", "a.1.box");
        tree.job("failed", "b.1.box");
        tree.job("running", "c.1.box");
        tree.job("done", "a.2.box");
        tree.job("done", "x.1.other");
        HistoryRebuild.Result result = tree.rebuild();
        assertEquals(new HistoryRebuild.Result(11, 0, 0, 0), result);
        assertEquals(List.of("history.jsonl"), tree.names());
        assertEquals(
                List.of(
                        "a.1.box claimed",
                        "a.1.box running",
                        "a.1.box done",
                        "b.1.box claimed",
                        "b.1.box running",
                        "b.1.box failed",
                        "c.1.box claimed",
                        "c.1.box running",
                        "a.2.box claimed",
                        "a.2.box running",
                        "a.2.box done"),
                steps(tree.lines()));
    }

    @Test
    void jobsThatAreGone_keepTheirLinesAsTheyStand() throws IOException {
        tree.job("done", "a.1.box");
        String first = RecordTree.gone("old.1.box", "done", "2025-01-01T00:00:00.000Z");
        String again = RecordTree.gone("old.1.box", "done", "2024-12-31T00:00:00.000Z");
        String later = RecordTree.gone("old.2.box", "claimed", "2026-01-02T00:01:01.500Z");
        Files.writeString(tree.files.part(2), first + RecordTree.gone("a.1.box", "done", "2025-01-01T00:00:00.000Z"));
        Files.writeString(tree.files.part(10), again + "\n{\"torn\n{}\n[1]\n" + later.strip() + " x\n");
        Files.writeString(tree.files.current(), later + "not whole");
        assertEquals(new HistoryRebuild.Result(3, 3, 5, 0), tree.rebuild());
        List<String> lines = tree.lines();
        assertEquals(List.of("history.jsonl"), tree.names());
        assertEquals(List.of(first, again), lines.subList(0, 2));
        assertEquals(
                List.of("a.1.box claimed", "old.2.box claimed", "a.1.box running", "a.1.box done"),
                steps(lines.subList(2, 6)));
        assertTrue(lines.contains(later));
    }

    @Test
    void secondTime_changesNothing() throws IOException {
        for (int i = 0; i < MANY; i++) {
            tree.job(i % 3 == 0 ? "failed" : "done", "job" + i + ".1.box");
        }
        Files.writeString(tree.files.current(), RecordTree.gone("old.1.box", "done", "2025-01-01T00:00:00.000Z"));
        assertEquals(3L * MANY, tree.rebuild().fromTree());
        byte[] once = Files.readAllBytes(tree.files.current());
        tree.rebuild();
        org.junit.jupiter.api.Assertions.assertArrayEquals(once, Files.readAllBytes(tree.files.current()));
        assertEquals(List.of("history.jsonl"), tree.names());
    }

    @Test
    void directoryThatTellsNothing_keepsItsOldLines() throws IOException {
        Path dir = tree.job("done", "a.1.box");
        Files.writeString(dir.resolve("status"), "ending = exited\n");
        Files.createDirectory(tree.places.failed().resolve("b.1.box"));
        Files.createDirectory(tree.places.running().resolve("lost.1.box"));
        String old = RecordTree.gone("a.1.box", "done", "2025-01-01T00:00:00.000Z");
        Files.writeString(tree.files.current(), old);
        assertEquals(new HistoryRebuild.Result(0, 1, 0, 2), tree.rebuild());
        assertEquals(List.of(old), tree.lines());
    }

    @Test
    void claimedButNotRead_isNotTold() throws IOException {
        Path dir = tree.job("running", "a.1.box");
        Files.delete(dir.resolve("output.log"));
        String status = Files.readString(dir.resolve("status"));
        Files.writeString(dir.resolve("status"), status.replaceAll("(?m)^(command|started|pid) = .*\n", ""));
        assertEquals(new HistoryRebuild.Result(0, 0, 0, 0), tree.rebuild());
    }

    @Test
    void recordThatIsNoFile_isLeftAlone() throws Exception {
        tree.job("done", "a.1.box");
        String old = RecordTree.gone("old.1.box", "done", "2025-01-01T00:00:00.000Z");
        Files.writeString(tree.files.part(1), old);
        Files.createSymbolicLink(tree.files.current(), tree.files.part(1));
        IOException refused = assertThrows(IOException.class, tree::rebuild);
        assertEquals(
                tree.files.current() + " is a symbolic link, not a regular file; move it away", refused.getMessage());
        assertEquals(List.of("history.1.jsonl", "history.jsonl"), tree.names());
        Files.delete(tree.files.current());
        new ProcessBuilder("mkfifo", tree.files.part(2).toString())
                .inheritIO()
                .start()
                .waitFor();
        assertEquals(new HistoryRebuild.Result(3, 1, 0, 0), tree.rebuild());
        assertEquals(List.of("history.2.jsonl", "history.jsonl"), tree.names());
    }

    @Test
    void diskFull_leavesTheRecordReadable() throws IOException {
        tree.job("done", "a.1.box");
        String old = RecordTree.gone("old.1.box", "done", "2025-01-01T00:00:00.000Z");
        Files.writeString(tree.files.current(), old);
        FaultyFs full = new FaultyFs((call, path) -> {
            if (call.equals("append")) {
                throw new IOException("No space left on device");
            }
        });
        assertThrows(IOException.class, () -> new HistoryRebuild(tree.places, "box", full).run());
        assertEquals(List.of(old), tree.lines());
        assertEquals(List.of("history.1.jsonl"), tree.names());
        assertEquals(new HistoryRebuild.Result(3, 1, 0, 0), tree.rebuild());
    }

    /** Lines are added, and files put aside, all the while. */
    @Test
    void besideSomebodyWhoAddsLines_noneIsLost() throws Exception {
        for (int i = 0; i < 20; i++) {
            tree.job("done", "job" + i + ".1.box");
        }
        AtomicBoolean stop = new AtomicBoolean();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        Future<Integer> added = threads.submit(() -> {
            History history = new History(tree.files, new DiskFs(), () -> 2000);
            int count = 0;
            for (; !stop.get() || count < 100; count++) {
                String line = RecordTree.gone("live." + (count + 1) + ".box", "done", "2026-02-01T00:00:00.000Z");
                assertEquals(0, history.append(List.of(line)).missing());
            }
            return count;
        });
        for (int round = 0; round < 15; round++) {
            assertEquals(60, tree.rebuild().fromTree());
        }
        stop.set(true);
        int count = added.get();
        threads.shutdown();
        Set<String> steps = new HashSet<>(steps(tree.lines()));
        List<String> missing = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            if (!steps.contains("live." + i + ".box done")) {
                missing.add("live." + i);
            }
        }
        assertEquals(List.of(), missing);
        assertEquals(60 + count, steps.size());
        tree.rebuild();
        assertEquals(List.of("history.jsonl"), tree.names());
        assertEquals(60 + count, new HashSet<>(steps(tree.lines())).size());
    }

    @Test
    void twoAtOnce_loseNothing() throws Exception {
        Set<String> wanted = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            tree.job("done", "job" + i + ".1.box");
            String line = RecordTree.gone("old" + i + ".1.box", "done", "2025-01-01T00:00:00.000Z");
            Files.writeString(tree.files.part(i + 1), line);
            wanted.add(line);
        }
        ExecutorService threads = Executors.newFixedThreadPool(2);
        for (int round = 0; round < 20; round++) {
            List<Future<HistoryRebuild.Result>> both =
                    List.of(threads.submit(tree::rebuild), threads.submit(tree::rebuild));
            for (Future<HistoryRebuild.Result> one : both) {
                try {
                    one.get();
                } catch (java.util.concurrent.ExecutionException e) {
                    // One may find its files gone under it; then the other has made the record.
                    assertTrue(e.getCause() instanceof IOException, e.toString());
                }
            }
            Set<String> lines = new HashSet<>(tree.lines());
            assertTrue(lines.containsAll(wanted), "round " + round);
        }
        threads.shutdown();
        tree.rebuild();
        assertEquals(List.of("history.jsonl"), tree.names());
    }
}
