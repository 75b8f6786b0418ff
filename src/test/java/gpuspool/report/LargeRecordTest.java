package gpuspool.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.posix.QuickStart;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A record of years in the memory that the program gives itself: {@code -Dgpuspool.report.lines=1000000} for a million lines, a
 * part of that by default.
 */
class LargeRecordTest {
    private static final long HOUR = 3_600_000;
    private static final int LINES = Integer.getInteger("gpuspool.report.lines", 9_000);

    @TempDir
    private Path temp;

    @Test
    void record_isReadInLittleMemory() throws Exception {
        Path spool = temp.resolve("spool");
        gpuspool.spool.SpoolMaker.make(spool, new gpuspool.spool.DiskFs());
        Path host = Files.createDirectories(spool.resolve("hosts/box"));
        long now = System.currentTimeMillis();
        new Past(1, "box", 8).write(host.resolve("history.jsonl"), now - LINES * HOUR / 6, now);
        long lines;
        try (BufferedReader in = Files.newBufferedReader(host.resolve("history.jsonl"))) {
            lines = in.lines().count();
        }
        Path page = temp.resolve("page.html");
        // A small share of the 64 MiB there are, as the lines are a small share of those.
        String heap = LINES < 1_000_000 ? "-Xmx20m" : "-Xmx64m";
        Process report = new ProcessBuilder(QuickStart.program(
                        List.of("-XX:+UseSerialGC", heap),
                        List.of("report", "--since", "all", "--spool", spool.toString(), "--html", page.toString())))
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("said").toFile())
                .start();
        try {
            assertTrue(report.waitFor(120, TimeUnit.SECONDS), "it does not end");
        } finally {
            report.destroyForcibly();
        }
        assertEquals(0, report.exitValue(), Files.readString(temp.resolve("said")));
        String written = Files.readString(page);
        assertTrue(
                written.contains("From " + gpuspool.view.Words.count(lines, "line") + " of hosts"),
                "not all were read");
        assertTrue(written.length() < 3_000_000, written.length() + " characters");
    }
}
