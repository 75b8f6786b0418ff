package gpuspool.watch;

import static gpuspool.watch.WatcherBed.fact;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real watchers that grant cards to processes that are there already, and those take them over by themselves. */
@Timeout(60)
final class ForegroundTest {
    private static final String WORKS = "echo up $CUDA_VISIBLE_DEVICES; while [ ! -e go ]; do sleep 0.02; done; exit 3";

    @TempDir
    private Path temp;

    private WatcherBed bed;

    @BeforeEach
    void open() throws IOException {
        bed = new WatcherBed(temp);
        bed.environment.put("GPUSPOOL_HOST", Taker.HOST);
    }

    @AfterEach
    void close() throws IOException {
        bed.close();
    }

    private Taker works(String stem) throws IOException {
        return Taker.start(bed, stem, "", "sh", "-c", "cd '" + temp + "'; " + WORKS);
    }

    private void awaitSaid(Taker taker, String text) {
        bed.await("it says " + text, () -> taker.said().contains(text));
    }

    private void go() throws IOException {
        Files.createFile(temp.resolve("go"));
    }

    private Path running(String id) {
        return bed.spool.resolve("running").resolve(id + "." + Taker.HOST);
    }

    private void awaitRunning(String id) {
        bed.await(id + " is seen to run", () -> bed.log().contains("launch " + id));
    }

    private static boolean isDone(Path filed) {
        return filed.getParent().endsWith("done");
    }

    @Test
    void processTakesItsCards_isToldThemAndReleasesThemAtItsEnd() throws Exception {
        bed.watch("sim:2");
        Taker taker = Taker.start(bed, "x", "gpus = 2\nenv = { MINE = 'a \\ b' }", "sh", "-c", """
                echo $$; echo "$CUDA_VISIBLE_DEVICES|$CUDA_DEVICE_ORDER|$GPUSPOOL_GPUS|$GPUSPOOL_JOB|$GPUSPOOL_ID"
                echo "$GPUSPOOL_DIR|$GPUSPOOL_COOKIE|$MINE|${GPUSPOOL_GPU_MEM-unset}"
                exit 3""");
        assertEquals(3, taker.awaitExit());
        Path filed = bed.awaitFiled("x.1");
        assertTrue(isDone(filed), filed.toString());
        assertEquals(
                List.of(
                        Long.toString(taker.process.pid()),
                        "0,1|PCI_BUS_ID|0,1|x|x.1.here",
                        running("x.1") + "|" + fact(filed, "cookie") + "|a \\ b|unset"),
                taker.said().lines().toList());
        assertEquals("released", fact(filed, "ending"));
        assertEquals(null, fact(filed, "exit"));
        assertEquals("sim:0 sim:1", fact(filed, "devices"));
        assertTrue(
                WatcherBed.list(filed).contains("foreground"),
                WatcherBed.list(filed).toString());
        assertFalse(WatcherBed.list(filed).contains("output.log"), "its output went to its terminal");
        assertEquals("in the foreground", fact(filed, "command"));
        bed.await(
                "that is recorded",
                () -> Files.exists(bed.spool.resolve("hosts/here/history.jsonl"))
                        && WatcherBed.read(bed.spool.resolve("hosts/here/history.jsonl"))
                                .contains("\"ending\":\"released\""));
        bed.drop("next.job", "#GPUSPOOL gpus=2\ntrue\n");
        assertTrue(isDone(bed.awaitFiled("next.1")));
    }

    @Test
    void itRuns_nobodyElseHasItsCard() throws Exception {
        bed.watch("sim:1");
        Taker taker = works("x");
        awaitSaid(taker, "up 0");
        awaitRunning("x.1");
        bed.drop("next.job", "true\n");
        Taker other = works("y");
        bed.await(
                "that is shown",
                () -> bed.waiting().contains("next.job\t") && bed.waiting().contains("y.toml\t"));
        assertEquals(
                "foreground",
                WatcherBed.list(running("x.1")).stream()
                        .filter(name -> name.equals("foreground") || name.equals("token"))
                        .findFirst()
                        .orElse("none"));
        assertEquals("", other.said());
        assertEquals(null, bed.filed("next.1"));
        go();
        assertEquals(3, taker.awaitExit());
        assertEquals(3, other.awaitExit());
        assertTrue(isDone(bed.awaitFiled("x.1")));
        assertTrue(isDone(bed.awaitFiled("y.1")));
        assertTrue(isDone(bed.awaitFiled("next.1")));
    }

    @Test
    void killedWhileItRuns_releasedAndTheCardIsFree() throws Exception {
        bed.watch("sim:1");
        Taker taker = works("x");
        awaitSaid(taker, "up 0");
        taker.process.destroyForcibly();
        Path filed = bed.awaitFiled("x.1");
        assertEquals("released", fact(filed, "ending"));
        assertTrue(isDone(filed));
        bed.drop("next.job", "true\n");
        bed.awaitFiled("next.1");
    }

    @Test
    void killedWhileQueued_isGoneFromTheQueueAtOnce() throws Exception {
        bed.watch("sim:1");
        Taker first = works("x");
        awaitSaid(first, "up 0");
        Taker second = works("y");
        bed.await("it waits", () -> bed.waiting().contains("y.toml\t"));
        second.process.destroyForcibly();
        Path filed = bed.awaitFiled("y.1");
        assertEquals("cancelled", fact(filed, "ending"));
        assertEquals(
                "its process " + second.process.pid() + " ended before it had taken its cards\n",
                WatcherBed.read(filed.resolve("reason")));
        assertTrue(first.process.isAlive());
    }

    @Test
    void goneBeforeAWatcherCame_isCancelled() throws Exception {
        bed.once("sim:1");
        Taker taker = works("x");
        taker.process.destroyForcibly().waitFor();
        assertEquals(0, bed.once("sim:1"));
        assertEquals("cancelled", fact(bed.filed("x.1"), "ending"));
    }

    @Test
    void forAnotherHost_isLeftAlone() throws Exception {
        bed.watch("sim:1");
        bed.drop("x.toml", Taker.file(ProcessHandle.current().pid(), "", "there"));
        bed.await("that is shown", () -> bed.waiting().contains("for host there; this is here"));
        assertTrue(Files.exists(bed.incoming("x.toml")));
    }

    @Test
    void killedBetweenGrantAndTakeOver_cancelledAndTheCardIsFree() throws Exception {
        bed.watch("sim:1");
        Taker taker = Taker.start(bed, "x", "", List.of("HESITATE"), "true");
        bed.await("it is granted", () -> Files.exists(running("x.1").resolve("granted")));
        bed.drop("next.job", "true\n");
        bed.await("that is shown", () -> bed.waiting().contains("next.job\t"));
        assertEquals(null, bed.filed("next.1"), "the card is kept for it");
        taker.process.destroyForcibly();
        Path filed = bed.awaitFiled("x.1");
        assertEquals("cancelled", fact(filed, "ending"));
        assertTrue(isDone(bed.awaitFiled("next.1")));
    }

    @Test
    void cancelledBetweenGrantAndTakeOver_processFindsThatOut() throws Exception {
        bed.watch("sim:1");
        Taker taker = Taker.start(bed, "x", "", List.of("HESITATE"), "echo", "ran");
        bed.await("it is granted", () -> Files.exists(running("x.1").resolve("granted")));
        Files.createFile(running("x.1").resolve("cancel"));
        Path filed = bed.awaitFiled("x.1");
        assertEquals("cancelled", fact(filed, "ending"));
        Files.createFile(temp.resolve("hesitate"));
        assertEquals(75, taker.awaitExit());
        assertEquals("", taker.said());
    }

    @Test
    void cancelledAmidTakeOver_processIsTermed() throws Exception {
        bed.watch("sim:1");
        Taker taker = Taker.start(bed, "x", "", List.of("PAUSE"), "echo", "ran");
        bed.await("it is granted", () -> Files.exists(running("x.1").resolve("granted")));
        Path jobLock = temp.resolve("locks")
                .resolve(WatcherBed.list(temp.resolve("locks")).stream()
                        .filter(name -> name.startsWith("job-"))
                        .findFirst()
                        .orElseThrow());
        bed.await("it has the lock", () -> isLocked(jobLock));
        Files.createFile(running("x.1").resolve("cancel"));
        assertEquals(143, taker.awaitExit());
        assertEquals("cancelled", fact(bed.awaitFiled("x.1"), "ending"));
    }

    private static boolean isLocked(Path file) throws IOException, InterruptedException {
        return new ProcessBuilder("flock", "-n", file.toString(), "true")
                        .start()
                        .waitFor()
                != 0;
    }

    @Test
    void cancelledWhileItRuns_itAloneIsTermedAndAfterGraceKilled() throws Exception {
        bed.watch("sim:1");
        Taker taker = Taker.start(
                bed,
                "x",
                "grace = '300ms'",
                "sh",
                "-c",
                "trap 'echo term' TERM; sleep 1000 & echo $!; while :; do sleep 0.05; done");
        awaitSaid(taker, "\n");
        long child = Long.parseLong(taker.said().lines().findFirst().orElseThrow());
        Files.createFile(running("x.1").resolve("cancel"));
        assertEquals(137, taker.awaitExit());
        assertTrue(taker.said().contains("term"), taker.said());
        assertTrue(ProcessHandle.of(child).orElseThrow().isAlive(), "what it started is its own");
        bed.drop("next.job", "true\n");
        bed.await("that is shown", () -> bed.waiting().contains("what it started has its cards"));
        assertEquals(null, bed.filed("x.1"));
        assertEquals(null, bed.filed("next.1"));
        ProcessHandle.of(child).orElseThrow().destroyForcibly();
        Path filed = bed.awaitFiled("x.1");
        assertEquals("cancelled", fact(filed, "ending"));
        assertFalse(isDone(filed));
        assertTrue(isDone(bed.awaitFiled("next.1")));
    }

    @Test
    void timeIsOver_termed() throws Exception {
        bed.watch("sim:1");
        Taker taker = Taker.start(bed, "x", "time = '300ms'", "sleep", "1000");
        assertEquals(143, taker.awaitExit());
        Path filed = bed.awaitFiled("x.1");
        assertEquals("timed out", fact(filed, "ending"));
        assertFalse(isDone(filed));
    }

    @Test
    void leavesAChildBehind_hasItsCardsUntilThatEnds_andNothingIsSwept() throws Exception {
        bed.watch("sim:1");
        Taker taker = Taker.start(bed, "x", "", "sh", "-c", "cd '" + temp + "'; (" + WORKS + ") & exit 0");
        assertEquals(0, taker.awaitExit());
        awaitSaid(taker, "up 0");
        bed.drop("next.job", "true\n");
        bed.await("that is shown", () -> bed.waiting().contains("next.job\t"));
        assertTrue(Files.exists(running("x.1")));
        go();
        assertEquals("released", fact(bed.awaitFiled("x.1"), "ending"));
        bed.awaitFiled("next.1");
    }

    @Test
    void programClosesWhatItInherited_hasItsCardsWhileItLives() throws Exception {
        Process first = bed.watch("sim:1");
        Taker taker = Taker.start(
                bed,
                "x",
                "",
                "bash",
                "-c",
                "cd '" + temp + "'; for f in /proc/$$/fd/*; do f=${f##*/};"
                        + " [ $f -gt 2 ] && [ $f != 255 ] && eval \"exec $f>&-\"; done; " + WORKS);
        awaitSaid(taker, "up 0");
        awaitRunning("x.1");
        bed.drop("next.job", "true\n");
        bed.await("that is shown", () -> bed.waiting().contains("next.job\t"));
        WatcherBed.kill(first);
        bed.watch("sim:1");
        bed.await(
                "that is shown",
                () -> bed.waiting().contains("next.job\t") && !bed.waiting().contains("not looked"));
        assertEquals(null, bed.filed("next.1"));
        go();
        assertEquals(3, taker.awaitExit());
        assertEquals("released", fact(bed.awaitFiled("x.1"), "ending"));
        bed.awaitFiled("next.1");
    }

    @Test
    void watcherKilledAtEachStage_nextOneGoesOn() throws Exception {
        bed.once("sim:3");
        Files.createFile(bed.spool.resolve("control/pause"));
        Process watcher = bed.watch("sim:3");
        Taker queued = works("queued");
        bed.await("it waits", () -> bed.waiting().contains("queued.toml\t"));
        WatcherBed.kill(watcher);
        Files.delete(bed.spool.resolve("control/pause"));
        Taker granted = Taker.start(bed, "granted", "", List.of("HESITATE"), "sh", "-c", "cd '" + temp + "'; " + WORKS);
        Taker dies = Taker.start(bed, "dies", "", List.of("HESITATE"), "true");
        watcher = bed.watch("sim:3");
        awaitSaid(queued, "up ");
        bed.await(
                "they are granted",
                () -> Files.exists(running("granted.1").resolve("granted"))
                        && Files.exists(running("dies.1").resolve("granted")));
        WatcherBed.kill(watcher);
        dies.process.destroyForcibly().waitFor();
        watcher = bed.watch("sim:3");
        assertEquals("cancelled", fact(bed.awaitFiled("dies.1"), "ending"));
        Files.createFile(temp.resolve("hesitate"));
        awaitSaid(granted, "up ");
        awaitRunning("granted.1");
        WatcherBed.kill(watcher);
        go();
        assertEquals(3, queued.awaitExit());
        assertEquals(3, granted.awaitExit());
        assertEquals(0, bed.once("sim:3"));
        assertEquals("released", fact(bed.filed("queued.1"), "ending"));
        assertEquals("released", fact(bed.filed("granted.1"), "ending"));
        assertTrue(Long.parseLong(fact(bed.filed("queued.1"), "elapsed")) > 0);
    }

    @Test
    void sharedCard_isTakenTogetherWithOthers() throws Exception {
        bed.watch("sim:1");
        Taker one = Taker.start(
                bed, "x", "gpu_mem = '1GiB'", "sh", "-c", "cd '" + temp + "'; echo $GPUSPOOL_GPU_MEM; " + WORKS);
        awaitSaid(one, "1073741824\nup 0");
        Taker two = Taker.start(bed, "y", "gpu_mem = '1GiB'", "sh", "-c", "cd '" + temp + "'; " + WORKS);
        awaitSaid(two, "up 0");
        bed.drop("whole.job", "true\n");
        bed.await("that is shown", () -> bed.waiting().contains("whole.job\t"));
        go();
        assertEquals(3, one.awaitExit());
        assertEquals(3, two.awaitExit());
        assertTrue(isDone(bed.awaitFiled("whole.1")));
    }

    @Test
    void manyAtOnce_neverTwoOnOneCard() throws Exception {
        bed.watch("sim:2");
        List<Taker> takers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            takers.add(Taker.start(
                    bed,
                    "x" + i,
                    "",
                    "sh",
                    "-c",
                    "mkdir '" + temp + "'/on$CUDA_VISIBLE_DEVICES || exit 9;" + " sleep 0.1; rmdir '" + temp
                            + "'/on$CUDA_VISIBLE_DEVICES"));
        }
        for (Taker taker : takers) {
            assertEquals(0, taker.awaitExit(), taker.said());
        }
    }
}
