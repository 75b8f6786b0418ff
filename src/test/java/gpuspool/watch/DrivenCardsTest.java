package gpuspool.watch;

import static gpuspool.watch.WatcherBed.fact;
import static gpuspool.watch.WatcherBed.output;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.gpu.fake.FakeDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program on cards that a driver tells of: the stand-in, asked by the real way. */
class DrivenCardsTest {
    private static final int NOT_LOADED = 9;
    private static final int MISMATCH = 18;

    @TempDir
    private Path temp;

    private WatcherBed bed;
    private FakeDriver driver;
    private final List<Process> strangers = new ArrayList<>();

    @BeforeAll
    static void compiler() {
        FakeDriver.needCompiler();
    }

    @BeforeEach
    void makeBed() throws IOException {
        bed = new WatcherBed(temp);
        driver = FakeDriver.in(Files.createDirectory(temp.resolve("driver")), 2);
        bed.environment.putAll(driver.environment());
    }

    @AfterEach
    void endAll() throws IOException {
        strangers.forEach(Process::destroyForcibly);
        driver.slow(0);
        bed.close();
    }

    private Process stranger(int card, String bytes) {
        Process process = driver.stranger(card, bytes);
        strangers.add(process);
        return process;
    }

    private void awaitWaiting(String words) {
        try {
            bed.await("it waits for: " + words, () -> bed.waiting().contains(words));
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError("waiting: " + waitingNow(), e);
        }
    }

    private String waitingNow() {
        try {
            return bed.waiting() + "\n" + bed.log();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String hostFile(String name) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String host : bed.names("hosts")) {
            Path file = bed.spool.resolve("hosts").resolve(host).resolve(name);
            all.append(Files.exists(file) ? Files.readString(file) : "");
        }
        return all.toString();
    }

    private Path awaitRunning(String id) throws IOException {
        bed.await(id + " runs", () -> running(id) != null && begun(running(id)));
        return running(id);
    }

    private static boolean begun(Path directory) throws IOException {
        return Files.exists(directory.resolve("status")) && fact(directory, "pid") != null;
    }

    private Path running(String id) throws IOException {
        return bed.names("running").stream()
                .filter(name -> name.startsWith(id + "."))
                .map(name -> bed.spool.resolve("running").resolve(name))
                .findFirst()
                .orElse(null);
    }

    @Test
    void cardsAreFound_andJobsAreToldTheirWholeNames() throws Exception {
        driver.gpu(0).name("NVIDIA H200");
        bed.watch(null);
        bed.drop(
                "two.job",
                "#GPUSPOOL gpus=2\necho $CUDA_VISIBLE_DEVICES $CUDA_DEVICE_ORDER $GPUSPOOL_GPUS $GPUSPOOL_GPU_UUIDS\n");
        Path two = bed.awaitFiled("two.1");
        String uuids = driver.gpu(0).uuid() + "," + driver.gpu(1).uuid();
        assertEquals(uuids + " PCI_BUS_ID 0,1 " + uuids + "\n", output(two));
        assertEquals(uuids.replace(',', ' '), fact(two, "devices"));
        assertEquals("0 1", fact(two, "indices"));
        assertTrue(fact(two, "gpu.0").matches("0; [0-9A-Fa-f:.]+; NVIDIA [0-9.]+; NVIDIA H200"), fact(two, "gpu.0"));
        bed.drop("index.job", "#GPUSPOOL pin=index devices=1\necho $CUDA_VISIBLE_DEVICES\n");
        assertEquals("1\n", output(bed.awaitFiled("index.1")));
        bed.drop("none.job", "#GPUSPOOL gpus=0\necho [$CUDA_VISIBLE_DEVICES]\n");
        assertEquals("[]\n", output(bed.awaitFiled("none.1")));
        bed.drop("alien.job", "#GPUSPOOL gpu_type=A100\ntrue\n");
        String reason = Files.readString(bed.awaitFiled("alien.1").resolve("reason"));
        assertTrue(reason.contains("A100") && reason.contains("NVIDIA H200"), reason);
    }

    @Test
    void strangerOnACard_itIsLeftAloneAndNamedUntilHeIsGone() throws Exception {
        Process stranger = stranger(0, "9GiB");
        bed.watch(null);
        bed.drop("a.job", "#GPUSPOOL devices=0\necho ran\n");
        awaitWaiting("used outside by pid " + stranger.pid());
        assertTrue(bed.waiting().contains("use-card"), bed.waiting());
        bed.drop("b.job", "#GPUSPOOL devices=0\necho ran\n");
        stranger.destroyForcibly().waitFor();
        bed.awaitFiled("a.1");
        bed.awaitFiled("b.1");
        assertTrue(bed.log().contains("launch a.1 on GPU 0"), bed.log());
    }

    @Test
    void memoryThatNobodyAccountsFor_keepsTheCardBusy() throws Exception {
        driver.gpu(0).hidden("9GiB");
        bed.watch("0");
        bed.drop("a.job", "echo ran\n");
        awaitWaiting("that no process here accounts for");
        driver.gpu(0).hidden("0GiB");
        bed.awaitFiled("a.1");
    }

    @Test
    void lostCard_isPutAsideAndTheOthersWorkOn() throws Exception {
        bed.watch(null);
        bed.drop("first.job", "#GPUSPOOL devices=0\necho ran\n");
        bed.awaitFiled("first.1");
        driver.lose(0);
        bed.drop("a.job", "echo $GPUSPOOL_GPUS\n");
        assertEquals("1\n", output(bed.awaitFiled("a.1")));
        bed.drop("b.job", "#GPUSPOOL devices=0\necho ran\n");
        awaitWaiting("GPU 0: ");
        bed.await(
                "it is in quarantine",
                () -> hostFile("quarantine").contains(driver.gpu(0).uuid()));
        driver.gpu(0).error(0);
        Files.createFile(bed.spool.resolve("control").resolve(driver.gpu(0).uuid() + ".ok"));
        bed.awaitFiled("b.1");
        assertEquals("", hostFile("quarantine"));
    }

    @Test
    void driverThatDoesNotFit_nothingStartsOnCards_untilItDoes() throws Exception {
        driver.initError(MISMATCH);
        bed.watch(null);
        bed.drop("gpu.job", "echo ran\n");
        bed.drop("cpu.job", "#GPUSPOOL gpus=0\necho ran\n");
        bed.awaitFiled("cpu.1");
        awaitWaiting("18");
        assertNull(bed.filed("gpu.1"));
        driver.initError(0);
        bed.awaitFiled("gpu.1");
    }

    @Test
    void driverThatHangs_holdsUpNobodyElse() throws Exception {
        bed.watch("0");
        bed.drop("first.job", "echo ran\n");
        bed.awaitFiled("first.1");
        driver.slow(45_000);
        bed.drop("gpu.job", "echo ran\n");
        awaitWaiting("has not answered for");
        bed.drop("cpu.job", "#GPUSPOOL gpus=0\necho ran\n");
        bed.awaitFiled("cpu.1");
        assertNull(bed.filed("gpu.1"));
        driver.slow(0);
        bed.awaitFiled("gpu.1");
    }

    @Test
    void strangerOnAJobsCard_isReported_andTheJobRunsOn() throws Exception {
        bed.watch("0");
        bed.drop("a.job", "use-card 2GiB 600\n");
        Path job = awaitRunning("a.1");
        Process stranger = stranger(0, "1GiB");
        bed.await("the collision stands in status", () -> fact(job, "collision") != null);
        assertTrue(fact(job, "collision").contains("pid " + stranger.pid()), fact(job, "collision"));
        bed.await("it is shown", () -> hostFile("attention").contains("collision a.1"));
        assertTrue(Files.exists(job), "it runs on");
        Files.createFile(job.resolve("cancel"));
        bed.awaitFiled("a.1");
        bed.await("it is shown no more", () -> !hostFile("attention").contains("collision a.1"));
    }

    @Test
    void strangerOnAJobsCard_theJobIsQueuedAgain_whereThatIsWanted() throws Exception {
        bed.environment.put("GPUSPOOL_COLLISION", "requeue");
        bed.watch("0");
        bed.drop("a.job", "[ $GPUSPOOL_ID = ${GPUSPOOL_ID#a.2} ] && exec use-card 2GiB 600\necho again\n");
        Path job = awaitRunning("a.1");
        Process stranger = stranger(0, "1GiB");
        bed.await("its first run is filed", () -> bed.filed("a.1") != null);
        assertEquals("interrupted", fact(bed.filed("a.1"), "ending"));
        assertEquals("failed", bed.filed("a.1").getParent().getFileName().toString());
        assertFalse(Files.exists(job));
        assertTrue(stranger.isAlive(), "strangers are never touched");
        stranger.destroyForcibly().waitFor();
        assertEquals("again\n", output(bed.awaitFiled("a.2")));
    }

    @Test
    void jobThatNeedsMore_keepsWhatItCanHave_fromOtherSpoolsToo() throws Exception {
        bed.watch(null);
        bed.drop("one.job", "#GPUSPOOL devices=0\nuse-card 1GiB 600\n");
        Path one = awaitRunning("one.1");
        bed.drop("two.job", "#GPUSPOOL gpus=2\necho $GPUSPOOL_GPUS\n");
        bed.await("GPU 1 is kept", () -> hostFile("gpus").contains("kept"));
        try (WatcherBed other = new WatcherBed(Files.createDirectory(temp.resolve("other")))) {
            other.namesLocks = false;
            other.environment.putAll(driver.environment());
            other.environment.put("GPUSPOOL_LOCK_DIR", temp.resolve("locks").toString());
            other.watch("1");
            other.drop("x.job", "echo ran\n");
            other.await("it is locked for the other", () -> other.waiting().contains("GPU 1: "));
            Files.createFile(one.resolve("cancel"));
            assertEquals("0,1\n", output(bed.awaitFiled("two.1")));
            other.awaitFiled("x.1");
        }
    }

    @Test
    void cardIsHeldByAContext_untilItsJobIsThere() throws Exception {
        bed.environment.put("GPUSPOOL_HOLD", "fraction");
        bed.watch("0,1");
        bed.drop("one.job", "#GPUSPOOL devices=0\nuse-card 1GiB 600\n");
        Path one = awaitRunning("one.1");
        bed.drop("two.job", "#GPUSPOOL gpus=2\nuse-card 1GiB 600 0 &\nuse-card 1GiB 600 1\n");
        bed.await("somebody is on GPU 1", () -> holders().size() == 1);
        Files.createFile(one.resolve("cancel"));
        Path two = awaitRunning("two.1");
        bed.await("it is held no longer", () -> holders().isEmpty());
        Files.createFile(two.resolve("cancel"));
        bed.awaitFiled("two.1");
    }

    private Set<Long> holders() throws IOException {
        Set<Long> holders = new TreeSet<>();
        for (long pid : bed.processes()) {
            if (isHolder(pid) && driver.uses(pid)) {
                holders.add(pid);
            }
        }
        return holders;
    }

    private static boolean isHolder(long pid) {
        try {
            return WatcherBed.read(Path.of("/proc/" + pid + "/cmdline")).contains("hold-card");
        } catch (IOException e) {
            // It has ended since it was listed.
            return false;
        }
    }

    @Test
    void driverNotLoaded_isToldInItsWords() throws Exception {
        driver.initError(NOT_LOADED);
        bed.watch(null);
        bed.await(
                "it is told",
                () -> hostFile("attention").contains("GPUs not known")
                        || bed.log().contains("GPUs not known"));
    }
}
