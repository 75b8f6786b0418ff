package gpuspool.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code gpuspool show} of a job whose cards were looked at while it ran. */
class ShowUsageTest {
    private static final long GIB = 1L << 30;

    @TempDir
    private Path directory;

    private CliSpool spool;

    @BeforeEach
    void makeSpool() throws IOException {
        spool = new CliSpool(directory);
    }

    private static String samples() {
        String total = "\t" + 80 * GIB;
        return "total" + total + total + "\n2\t0\t0\t0\t0\n10\t100\t" + 40 * GIB + "\t100\t" + 10 * GIB + "\n";
    }

    @Test
    void endedJob_isDrawn_andComparedWithWhatItAskedFor() throws IOException {
        Files.writeString(spool.done("exp.1").resolve("usage"), samples());
        String page = spool.run("show", "exp").out();
        assertTrue(
                page.contains("asked for 2 whole 80 GiB cards, used 40 GiB of one at most, 80 % busy on average\n"),
                page);
        assertTrue(page.contains("|##| of 100 %\n"), page);
        assertTrue(page.contains("|==| of 80 GiB\n"), page);
    }

    @Test
    void json_hasTheNumbers_andNullWhereThereAreNone() throws IOException {
        Files.writeString(spool.done("exp.1").resolve("usage"), samples());
        String json = spool.run("show", "--json", "exp").out();
        assertTrue(
                json.contains("\"gpu_util\":80,\"gpu_mem_peak\":" + 40 * GIB + ",\"gpu_mem_total\":" + 80 * GIB
                        + ",\"samples\":[{\"seconds\":2,\"cards\":[{\"utilisation_percent\":0,\"memory_bytes\":0}"),
                json);
        spool.done("other.1");
        assertTrue(spool.run("show", "--json", "other").out().contains("\"usage\":null"));
        assertFalse(spool.run("show", "other").out().contains("asked for"));
    }

    @Test
    void somebodyElsesFile_isNotShown() throws IOException {
        Files.writeString(spool.done("exp.1").resolve("usage"), "usage: exp [--help]\n10\t5\t6\n");
        assertFalse(spool.run("show", "exp").out().contains("asked for"));
    }
}
