package gpuspool.spool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log that is put aside when it is large, and that nothing in its way can stop. */
@Timeout(30)
class RotatingLogTest {
    @TempDir
    private Path directory;

    private int keep = 2;

    private RotatingLog log(long size) {
        return new RotatingLog(
                directory.resolve("sub/watcher.log"), new DiskFs(), () -> new RotatingLog.Limits(size, keep));
    }

    private Path file(String name) {
        return directory.resolve("sub").resolve(name);
    }

    private List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        try (var files = Files.newDirectoryStream(directory.resolve("sub"))) {
            files.forEach(path -> names.add(path.getFileName().toString()));
        }
        names.sort(null);
        return names;
    }

    @Test
    void largeLog_isPutAsideAndTheOldestGoes() throws IOException {
        Files.createDirectory(directory.resolve("sub"));
        RotatingLog log = log(20);
        for (int i = 1; i <= 7; i++) {
            assertEquals(i % 2 == 1, log.add("line number " + i), "line " + i);
        }
        assertEquals("line number 7\n", Files.readString(file("watcher.log")));
        assertEquals("line number 5\nline number 6\n", Files.readString(file("watcher.log.1")));
        assertEquals("line number 3\nline number 4\n", Files.readString(file("watcher.log.2")));
        assertEquals(List.of("watcher.log", "watcher.log.1", "watcher.log.2"), names());
        keep = 1;
        boolean unused = log.add("line number 8");
        assertEquals(List.of("watcher.log.1"), names());
        assertEquals("line number 7\nline number 8\n", Files.readString(file("watcher.log.1")));
        keep = 0;
        unused = log.add("line number 9");
        unused = log.add("line number 10");
        assertEquals(List.of(), names(), "nothing is kept");
    }

    @Test
    void directoryGone_linesAreLostAndCounted() throws IOException {
        RotatingLog log = log(1000);
        assertFalse(log.add("one"));
        assertFalse(log.add("two"));
        assertFalse(Files.exists(directory.resolve("sub")), "nothing is made where the spool was");
        Files.createDirectory(directory.resolve("sub"));
        assertTrue(log.add("three"));
        assertFalse(log.add("four"));
        String text = Files.readString(file("watcher.log"));
        assertTrue(
                text.matches("2 lines before this one could not be written here: open .*watcher.log: No such file or"
                        + " directory \\(errno 2\\)\nthree\nfour\n"),
                text);
        Files.delete(file("watcher.log"));
        assertTrue(log.add("five"));
        assertEquals("five\n", Files.readString(file("watcher.log")), "removed by hand");
    }

    @Test
    void somethingElseAtItsPlace_isNotWaitedFor() throws Exception {
        Files.createDirectory(directory.resolve("sub"));
        RotatingLog log = log(1000);
        Process fifo = new ProcessBuilder("mkfifo", file("watcher.log").toString()).start();
        assertTrue(fifo.waitFor(10, TimeUnit.SECONDS));
        boolean unused = log.add("one");
        Files.delete(file("watcher.log"));
        Files.createDirectory(file("watcher.log"));
        unused = log.add("two");
        Files.delete(file("watcher.log"));
        unused = log.add("three");
        String text = Files.readString(file("watcher.log"));
        assertTrue(text.startsWith("2 lines before this one could not be written here: "), text);
        assertTrue(text.contains("is a directory, not a regular file"), text);
        assertTrue(text.endsWith("\nthree\n"), text);
    }

    @Test
    void cannotBePutAside_growsAndSaysSoOnce() throws IOException {
        Files.createDirectories(file("watcher.log.1").resolve("in the way"));
        keep = 1;
        RotatingLog log = log(10);
        for (int i = 1; i <= 5; i++) {
            boolean unused = log.add("line number " + i);
        }
        String text = Files.readString(file("watcher.log"));
        assertEquals(6, text.lines().count(), text);
        assertEquals(1, text.split("cannot be put aside", -1).length - 1, text);
    }
}
