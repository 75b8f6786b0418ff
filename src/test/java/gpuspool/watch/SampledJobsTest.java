package gpuspool.watch;

import static gpuspool.watch.WatcherBed.fact;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.fake.FakeDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program, and what jobs use of cards of which a driver tells: the stand-in, asked by the real way. */
final class SampledJobsTest {
    private static final long TOTAL = 80L << 30;

    @TempDir
    private Path temp;

    private WatcherBed bed;
    private FakeDriver driver;

    @BeforeAll
    static void compiler() {
        FakeDriver.needCompiler();
    }

    @BeforeEach
    void makeBed() throws IOException {
        bed = new WatcherBed(temp);
        driver = FakeDriver.in(Files.createDirectory(temp.resolve("driver")), 2);
        driver.gpu(0).figures(97, 60, 300_000, 400_000);
        driver.gpu(1).figures(3, 60, 300_000, 400_000);
        bed.environment.putAll(driver.environment());
    }

    @AfterEach
    void endAll() throws IOException {
        bed.close();
    }

    private static String usage(Path job) throws IOException {
        Path file = job.resolve("usage");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private Path cancel(Path job, String id) throws IOException {
        Files.createFile(job.resolve("cancel"));
        return bed.awaitFiled(id);
    }

    private String history() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String host : bed.names("hosts")) {
            Path file = bed.spool.resolve("hosts").resolve(host).resolve("history.jsonl");
            all.append(Files.exists(file) ? Files.readString(file) : "");
        }
        return all.toString();
    }

    @Test
    void usage_isSampledWhileItRuns_andSummedUpInItsRecord() throws Exception {
        bed.watch(null);
        bed.drop("none.job", "#GPUSPOOL gpus=0\necho up\nexec sleep 600\n");
        Path none = bed.awaitOutput("none.1", "up");
        bed.drop("two.job", "#GPUSPOOL gpus=2\necho up\nexec use-card 3GiB 600\n");
        Path two = bed.awaitOutput("two.1", "up");
        bed.await("a first sample", () -> usage(two).lines().count() == 2);
        String[] lines = usage(two).split("\n", -1);
        assertEquals("total\t" + TOTAL + "\t" + TOTAL, lines[0]);
        assertTrue(lines[1].matches("[0-9]+\t97\t" + (3L << 30) + "\t3\t[0-9]+"), lines[1]);
        assertEquals("", usage(none), "it has no card");
        assertFalse(Files.exists(cancel(none, "none.1").resolve("usage")));
        Path filed = cancel(two, "two.1");
        assertEquals("50", fact(filed, "gpu_util"));
        assertEquals(Long.toString(3L << 30), fact(filed, "gpu_mem_peak"));
        assertEquals(Long.toString(TOTAL), fact(filed, "gpu_mem_total"));
        bed.await(
                "the record has it",
                () -> history()
                        .contains("\"gpu_util\":50,\"gpu_mem_peak\":" + (3L << 30) + ",\"gpu_mem_total\":" + TOTAL));
    }

    @Test
    void jobsThatShareACard_eachHasItsOwn_andWhoIsNotToldOfIsUnknown() throws Exception {
        bed.watch(null);
        bed.drop("a.job", "#GPUSPOOL gpu_mem=4GiB devices=0\necho up\nexec use-card 1GiB 600\n");
        bed.drop("b.job", "#GPUSPOOL gpu_mem=4GiB devices=0\necho up\nexec sleep 600\n");
        Path a = bed.awaitOutput("a.1", "up");
        Path b = bed.awaitOutput("b.1", "up");
        bed.await(
                "both are sampled",
                () -> usage(a).lines().count() >= 2 && usage(b).lines().count() >= 2);
        assertTrue(usage(a).contains("\t97\t" + (1L << 30) + "\n"), usage(a));
        assertTrue(usage(b).endsWith("\t97\t-\n"), usage(b));
        assertEquals("97", fact(cancel(b, "b.1"), "gpu_util"));
        cancel(a, "a.1");
    }

    @Test
    void watcherIsKilled_theNextGoesOnWithTheFile() throws Exception {
        Process first = bed.watch(null);
        bed.drop("a.job", "echo up\nexec use-card 1GiB 600\n");
        Path a = bed.awaitOutput("a.1", "up");
        WatcherBed.kill(first);
        // Begun, and nothing in it that is new: the next look is due at once.
        Files.writeString(a.resolve("usage"), "total\t" + TOTAL + "\n1\t50\t5\n2\t5");
        bed.watch(null);
        bed.await("it goes on", () -> usage(a).lines().count() >= 4);
        assertTrue(
                usage(a).matches("total\t" + TOTAL + "\n1\t50\t5\n2\t5\n[0-9]+\t97\t" + (1L << 30) + "\n"), usage(a));
        cancel(a, "a.1");
    }

    @Test
    void fileOfTheJobsOwn_isLeftAlone() throws Exception {
        bed.watch(null);
        bed.drop("a.job", "echo mine > $GPUSPOOL_DIR/usage\necho up\nexec use-card 1GiB 600\n");
        Path a = bed.awaitOutput("a.1", "up");
        bed.await("it is said", () -> bed.log().contains("was not made by a watcher"));
        Path filed = cancel(a, "a.1");
        assertEquals("mine\n", usage(filed));
        assertNull(fact(filed, "gpu_util"));
    }

    @Test
    void jobThatWaited_saysForWhat() throws Exception {
        bed.watch(null);
        bed.drop("a.job", "#GPUSPOOL gpus=2\necho up\nexec use-card 1GiB 600\n");
        Path a = bed.awaitOutput("a.1", "up");
        assertNull(fact(a, "waited_for"));
        bed.drop("b.job", "true\n");
        bed.await("it is told why", () -> bed.waiting().contains("b.job\tneeds 1 GPU, 0 free"));
        cancel(a, "a.1");
        String told = fact(bed.awaitFiled("b.1"), "waited_for");
        assertTrue(told.startsWith("needs 1 GPU, 0 free"), told);
        bed.await("the record has it", () -> history().contains("\"waited_for\":\"needs 1 GPU, 0 free"));
    }
}
