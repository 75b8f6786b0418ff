package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.posix.SharedAppend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class HistoryTest {
    private static final long NEVER = Long.MAX_VALUE;
    private static final History.Outcome FINE = new History.Outcome(0, Optional.empty());

    @TempDir
    private Path temp;

    private HistoryFiles files;

    @BeforeEach
    void place() {
        files = new HistoryFiles(temp.resolve("hosts-box"));
    }

    private History history(long largest) {
        return new History(files, new DiskFs(), () -> largest);
    }

    private List<String> names() throws IOException {
        return new DiskFs().list(files.directory());
    }

    @Test
    void noDirectory_isMade() throws IOException {
        assertEquals(FINE, history(NEVER).append(List.of("a\n", "b\n")));
        assertEquals("a\nb\n", Files.readString(files.current()));
    }

    @Test
    void fileTakenAway_isBegunAnew() throws IOException {
        History history = history(NEVER);
        history.append(List.of("a\n"));
        Files.delete(files.current());
        history.append(List.of("b\n"));
        Files.move(files.current(), temp.resolve("elsewhere"));
        history.append(List.of("c\n"));
        assertEquals("c\n", Files.readString(files.current()));
        assertEquals("b\n", Files.readString(temp.resolve("elsewhere")));
    }

    @Test
    void fileMovedWhileItIsWritten_lineIsInTheNewOneToo() throws IOException {
        Path part = files.part(1);
        Fs slow = new FaultyFs((call, path) -> {}) {
            private boolean moved;

            @Override
            public SharedAppend.Added addLines(Path file, byte[] lines) throws IOException {
                SharedAppend.Added added = super.addLines(file, lines);
                if (!moved) {
                    moved = true;
                    Files.move(file, part);
                }
                return added;
            }
        };
        Files.createDirectory(files.directory());
        assertEquals(FINE, new History(files, slow, () -> NEVER).append(List.of("a\n")));
        assertEquals("a\n", Files.readString(part));
        assertEquals("a\n", Files.readString(files.current()));
    }

    @Test
    void sizeReached_becomesTheNextPart() throws IOException {
        Files.createDirectory(files.directory());
        Files.writeString(files.part(7), "old\n");
        Files.createFile(files.directory().resolve("history.08.jsonl"));
        Files.createFile(files.directory().resolve("history.9.jsonl.gz"));
        History history = history(4);
        assertEquals(FINE, history.append(List.of("a\n")));
        assertEquals("a\n", Files.readString(files.current()));
        assertEquals(FINE, history.append(List.of("b\n")));
        assertFalse(Files.exists(files.current()));
        assertEquals("a\nb\n", Files.readString(files.part(8)));
        assertEquals("old\n", Files.readString(files.part(7)));
        assertEquals(List.of(7, 8), files.parts(new DiskFs()));
    }

    @Test
    void cannotBePutAside_isToldAndNothingIsLeftBehind() throws IOException {
        History.Outcome outcome =
                new History(files, FaultyFs.failing("rename", "history.jsonl"), () -> 1).append(List.of("a\n"));
        assertEquals(0, outcome.missing());
        assertTrue(outcome.why().orElseThrow().getMessage().contains("No space left"));
        assertEquals(List.of("history.jsonl"), names());
    }

    @Test
    void writeThatFails_countsItsLines() throws IOException {
        FaultyFs full = FaultyFs.failing("addLines", "history.jsonl");
        History.Outcome outcome = new History(files, full, () -> NEVER).append(List.of("a\n", "b\n"));
        assertEquals(2, outcome.missing());
        assertTrue(outcome.why().orElseThrow().getMessage().contains("No space left"));
    }

    @Test
    void writeCutShort_countsTheLinesThatAreNotWhole() throws IOException {
        Fs nearlyFull = new FaultyFs((call, path) -> {}) {
            @Override
            public SharedAppend.Added addLines(Path file, byte[] lines) throws IOException {
                return new SharedAppend.Added(super.addLines(file, lines).before(), 5);
            }
        };
        History.Outcome outcome =
                new History(files, nearlyFull, () -> NEVER).append(List.of("aaa\n", "bbb\n", "ccc\n"));
        assertEquals(2, outcome.missing());
        assertTrue(outcome.why().orElseThrow().getMessage().endsWith("took only 5 of 12 bytes"));
    }

    /** Each batch lies whole in some file, and not one is missing, however often the file is put aside under them. */
    @Test
    void twoAtOnce_noLineIsLost() throws Exception {
        int batches = 1500;
        ExecutorService threads = Executors.newFixedThreadPool(2);
        List<Future<List<History.Outcome>>> results = new ArrayList<>();
        for (String writer : List.of("x", "y")) {
            results.add(threads.submit(() -> {
                List<History.Outcome> outcomes = new ArrayList<>();
                for (int i = 0; i < batches; i++) {
                    outcomes.add(history(200).append(List.of(writer + " " + i + " a\n", writer + " " + i + " b\n")));
                }
                return outcomes;
            }));
        }
        for (Future<List<History.Outcome>> result : results) {
            assertEquals(Set.of(FINE), new HashSet<>(result.get()));
        }
        threads.shutdown();
        Set<String> lines = new HashSet<>();
        for (String name : names()) {
            String before = "";
            for (String line : Files.readAllLines(files.directory().resolve(name))) {
                assertTrue(line.matches("[xy] \\d+ [ab]"), line);
                assertTrue(line.endsWith("a") || line.replace(" b", " a").equals(before), "torn apart: " + line);
                before = line;
                lines.add(line);
            }
        }
        assertEquals(4 * batches, lines.size());
        assertTrue(names().size() > 100, "it was put aside " + names().size() + " times");
    }
}
