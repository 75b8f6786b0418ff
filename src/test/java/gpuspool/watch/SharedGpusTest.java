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

/** The whole program and jobs that share a card of which a driver tells: the stand-in, asked by the real way. */
final class SharedGpusTest {
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
        driver = FakeDriver.in(Files.createDirectory(temp.resolve("driver")), 1);
        bed.environment.putAll(driver.environment());
    }

    @AfterEach
    void endAll() throws IOException {
        bed.close();
    }

    private static String hostFile(WatcherBed of, String name) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String host : of.names("hosts")) {
            Path file = of.spool.resolve("hosts").resolve(host).resolve(name);
            all.append(Files.exists(file) ? Files.readString(file) : "");
        }
        return all.toString();
    }

    /** A job that declares so much, prints its name and uses so much for ever. */
    private static void drop(WatcherBed to, String name, String declared, String used) throws IOException {
        to.drop(
                name + ".job",
                "#GPUSPOOL gpu_mem=" + declared + "\necho up $GPUSPOOL_GPU_MEM\nexec use-card " + used + " 600\n");
    }

    private void cancel(Path job, String id) throws IOException {
        Files.createFile(job.resolve("cancel"));
        bed.awaitFiled(id);
    }

    @Test
    void jobsThatShare_areOnOneCard_asFarAsItsMemoryGoes_andNobodyElseIs() throws Exception {
        bed.watch(null);
        drop(bed, "a", "30GiB", "1GiB");
        Path a = bed.awaitOutput("a.1", "up 32212254720");
        drop(bed, "b", "30GiB", "1GiB");
        Path b = bed.awaitOutput("b.1", "up");
        assertEquals("32212254720", fact(b, "gpu_mem"));
        drop(bed, "c", "30GiB", "1GiB");
        bed.await("it waits for room", () -> bed.waiting().contains("c.job\tneeds 1 GPU"));
        bed.drop("whole.job", "echo ran\n");
        bed.await(
                "it is told who has it",
                () -> hostFile(bed, "gpus").contains("\tused\tshared by a.1 (30 GiB), b.1 (30 GiB)\t"));
        bed.await(
                "it is told why",
                () -> bed.waiting()
                        .contains("c.job\tneeds 1 GPU with room for 30 GiB, 0 free; GPU 0: shared by a.1 (30 GiB)"));
        cancel(a, "a.1");
        Path c = bed.awaitOutput("c.1", "up");
        assertNull(bed.filed("whole.1"));
        assertNull(fact(b, "collision"), "those who share it are no strangers");
        cancel(b, "b.1");
        cancel(c, "c.1");
        bed.awaitFiled("whole.1");
    }

    @Test
    void jobThatUsesMoreThanItDeclared_isToldOf_andItsMemoryIsNotPromised() throws Exception {
        bed.watch(null);
        drop(bed, "a", "2GiB", "60GiB");
        Path a = bed.awaitOutput("a.1", "up");
        bed.await("it stands in its status", () -> fact(a, "overrun") != null);
        assertEquals("uses 60 GiB of GPU 0, and declared 2 GiB (gpu_mem)", fact(a, "overrun"));
        bed.await("it is shown", () -> hostFile(bed, "attention").contains("overrun a.1: it uses 60 GiB"));
        drop(bed, "large", "30GiB", "1GiB");
        bed.await("it waits for room", () -> bed.waiting().contains("large.job\tneeds 1 GPU"));
        cancel(a, "a.1");
        bed.await("it is shown no more", () -> !hostFile(bed, "attention").contains("overrun"));
        bed.awaitOutput("large.1", "up");
    }

    @Test
    void strangerOnASharedCard_nobodyElseIsPutThere() throws Exception {
        bed.watch(null);
        drop(bed, "a", "2GiB", "1GiB");
        Path a = bed.awaitOutput("a.1", "up");
        Process stranger = driver.stranger(0, "1GiB");
        try {
            bed.await("the collision is seen", () -> fact(a, "collision") != null);
            drop(bed, "b", "2GiB", "1GiB");
            bed.await("it waits", () -> bed.waiting().contains("b.job\tneeds 1 GPU"));
        } finally {
            stranger.destroyForcibly().waitFor();
        }
        Path b = bed.awaitOutput("b.1", "up");
        assertTrue(Files.exists(a.resolve("started")), "it ran on");
        assertNull(fact(b, "collision"));
    }

    @Test
    void watcherIsKilled_theNextKnowsWhatWasPromised() throws Exception {
        Process first = bed.watch(null);
        drop(bed, "a", "40GiB", "1GiB");
        drop(bed, "b", "30GiB", "1GiB");
        Path a = bed.awaitOutput("a.1", "up");
        bed.awaitOutput("b.1", "up");
        WatcherBed.kill(first);
        drop(bed, "large", "20GiB", "1GiB");
        bed.watch(null);
        bed.await("it waits for room", () -> bed.waiting().contains("large.job\tneeds 1 GPU"));
        cancel(a, "a.1");
        bed.awaitOutput("large.1", "up");
        drop(bed, "small", "8GiB", "1GiB");
        bed.awaitOutput("small.1", "up");
    }

    @Test
    void twoSpools_neverShareACard_whoeverIsKilled() throws Exception {
        Process first = bed.watch(null);
        drop(bed, "a", "2GiB", "1GiB");
        Path a = bed.awaitOutput("a.1", "up");
        try (WatcherBed other = new WatcherBed(Files.createDirectory(temp.resolve("other")))) {
            other.namesLocks = false;
            other.environment.putAll(driver.environment());
            other.environment.put("GPUSPOOL_LOCK_DIR", temp.resolve("locks").toString());
            other.watch(null);
            drop(other, "x", "2GiB", "1GiB");
            other.await("it is the others'", () -> other.waiting().contains("used by a.1 of " + bed.spool));
            WatcherBed.kill(first);
            drop(other, "y", "2GiB", "1GiB");
            other.await(
                    "they have it still",
                    () -> other.waiting().contains("y.job\t")
                            && !other.waiting().contains("has not changed"));
            assertTrue(other.names("running").isEmpty());
            bed.watch(null);
            drop(bed, "b", "2GiB", "1GiB");
            Path b = bed.awaitOutput("b.1", "up");
            cancel(a, "a.1");
            assertTrue(other.names("running").isEmpty());
            cancel(b, "b.1");
            other.awaitOutput("x.1", "up");
            other.awaitOutput("y.1", "up");
            drop(bed, "c", "2GiB", "1GiB");
            bed.await("now it is theirs", () -> bed.waiting().contains("x.1, y.1 of " + other.spool));
            assertFalse(bed.names("running").stream().anyMatch(name -> name.startsWith("c.1")));
        }
    }
}
