package gpuspool.watch;

import static gpuspool.watch.WatcherBed.fact;
import static gpuspool.watch.WatcherBed.output;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The life of jobs and of the real watcher that looks after them: limits, cancelling, leaving, coming back. */
@Timeout(60)
final class JobLifeTest {
    /** A job with a stray in a session of its own, both deaf to TERM. */
    private static final String DEAF_TREE = """
            trap '' TERM
            setsid sh -c 'trap "" TERM; while :; do sleep 0.1; done' &
            echo up
            while :; do sleep 0.1; done
            """;

    @TempDir
    private Path temp;

    private WatcherBed bed;

    @BeforeEach
    void open() throws IOException {
        bed = new WatcherBed(temp);
    }

    @AfterEach
    void close() throws IOException {
        bed.close();
    }

    /** The job's own processes are all gone; watchers do not count. */
    private void awaitOnlyWatchers(int watchers) {
        bed.await("no process of a job is left", () -> bed.processes().size() == watchers);
    }

    @Test
    void timeIsOver_wholeTreeIsKilledAndTheCodeKept() throws Exception {
        bed.watch("sim:1");
        bed.drop("long.job", "#GPUSPOOL time=500ms grace=100ms\n" + DEAF_TREE);
        Path filed = bed.awaitFiled("long.1");
        assertEquals("timed out", fact(filed, "ending"));
        assertEquals("137", fact(filed, "exit"));
        assertTrue(filed.startsWith(bed.spool.resolve("failed")));
        awaitOnlyWatchers(1);
        assertTrue(bed.log().contains("stopping long.1: its time of 500ms is over"), bed.log());
    }

    @Test
    void status_tellsTheSupervisorsProcessAndTheJobsOwn() throws Exception {
        bed.watch("sim:2");
        bed.drop("short.job", "echo $$\n");
        Path filed = bed.awaitFiled("short.1");
        assertEquals(output(filed).strip(), fact(filed, "job_pid"));
        bed.drop("long.job", "echo $$ $PPID\nexec sleep 60\n");
        bed.awaitOutput("long.1", " ");
        Path running = bed.spool
                .resolve("running")
                .resolve(filed.getFileName().toString().replace("short", "long"));
        Awaitility.await("the job's own process in status")
                .until(() -> Files.readString(running.resolve("status")).contains("\njob_pid = "));
        assertEquals(output(running).strip(), fact(running, "job_pid") + " " + fact(running, "pid"));
    }

    @Test
    void timeIsOverAfterTheWatcherWasKilled_nextOneKillsTheTree() throws Exception {
        Process first = bed.watch("sim:1");
        bed.drop("long.job", "#GPUSPOOL time=2s grace=100ms\n" + DEAF_TREE);
        bed.awaitOutput("long.1", "up");
        WatcherBed.kill(first);
        bed.watch("sim:1");
        Path filed = bed.awaitFiled("long.1");
        assertEquals("timed out", fact(filed, "ending"));
        assertEquals("137", fact(filed, "exit"));
        long elapsed = Long.parseLong(fact(filed, "elapsed"));
        assertTrue(elapsed >= 2000 && elapsed < 6000, elapsed + " ms, counted from the first start");
        awaitOnlyWatchers(1);
        assertEquals("up\n", output(filed));
    }

    @Test
    void supervisorKilledThenTimeIsOver_treeIsKilledAndTheEndingStands() throws Exception {
        bed.watch("sim:1");
        bed.drop("orphan.job", "#GPUSPOOL time=500ms grace=100ms\n" + DEAF_TREE);
        Path running = bed.awaitOutput("orphan.1", "up");
        ProcessHandle.of(bed.supervisor(running)).orElseThrow().destroyForcibly();
        Path filed = bed.awaitFiled("orphan.1");
        assertEquals("timed out", fact(filed, "ending"));
        assertEquals(null, fact(filed, "exit"));
        awaitOnlyWatchers(1);
    }

    @Test
    void supervisorKilled_jobRunsOnAndIsFiledAsUnknown() throws Exception {
        bed.watch("sim:1");
        bed.drop("orphan.job", "echo up\nwhile [ ! -e go ]; do sleep 0.05; done\necho end\n");
        Path running = bed.awaitOutput("orphan.1", "up");
        ProcessHandle.of(bed.supervisor(running)).orElseThrow().destroyForcibly();
        bed.drop("next.job", "true\n");
        bed.await("that is shown", () -> bed.waiting().contains("its supervisor is gone, its processes live on"));
        assertEquals(null, bed.filed("next.1"), "the card is not free");
        Files.createFile(temp.resolve("go"));
        Path filed = bed.awaitFiled("orphan.1");
        assertEquals("unknown", fact(filed, "ending"));
        assertEquals("up\nend\n", output(filed));
        bed.awaitFiled("next.1");
    }

    @Test
    void cancelFile_stopsTheJobAndOnlyThat() throws Exception {
        bed.watch("sim:2");
        bed.drop("a.job", "trap 'echo bye; exit 5' TERM\necho up\nwhile :; do sleep 0.05; done\n");
        bed.drop("b.job", "echo up\nwhile [ ! -e go ]; do sleep 0.05; done\n");
        Path a = bed.awaitOutput("a.1", "up");
        bed.awaitOutput("b.1", "up");
        Files.createFile(a.resolve("cancel"));
        Path filed = bed.awaitFiled("a.1");
        assertEquals("cancelled", fact(filed, "ending"));
        assertEquals("5", fact(filed, "exit"));
        assertTrue(output(filed).endsWith("bye\n"), output(filed));
        Files.createFile(temp.resolve("go"));
        assertEquals("0", fact(bed.awaitFiled("b.1"), "exit"));
    }

    @Test
    void whatTheJobLeftBehind_isSweptBeforeItIsFiled() throws Exception {
        bed.watch("sim:1");
        bed.drop("leaves.job", "setsid sleep 300 &\nenv -i setsid sleep 300 &\nnohup sleep 300 &\nexit 3\n");
        Path filed = bed.awaitFiled("leaves.1");
        assertEquals("3", fact(filed, "exit"));
        awaitOnlyWatchers(1);
        // The next job gets the card: nothing of the first holds it, not even what cleared its environment.
        bed.drop("next.job", "true\n");
        bed.awaitFiled("next.1");
    }

    @Test
    void watcherToldToLeave_jobRunsOnAndTheNextFilesItsTrueCode() throws Exception {
        Process first = bed.watch("sim:1");
        bed.drop("job.job", "echo up\nwhile [ ! -e go ]; do sleep 0.05; done\nexit 7\n");
        bed.awaitOutput("job.1", "up");
        int status = bed.term(first);
        assertTrue(status == 143 || status == 0, "status " + status);
        assertTrue(bed.log().contains("leaving; 1 job runs on and will be looked after by the next gpuspool watch"));
        assertEquals(1, bed.names("running").size());
        Files.createFile(temp.resolve("go"));
        awaitOnlyWatchers(0);
        assertEquals(1, bed.names("running").size(), "nobody files while no watcher is there");
        bed.watch("sim:1");
        Path filed = bed.awaitFiled("job.1");
        assertEquals("exited", fact(filed, "ending"));
        assertEquals("7", fact(filed, "exit"));
    }

    @Test
    void watcherKilledAndBack_adoptsTheRunningJobAndItsCard() throws Exception {
        Process first = bed.watch("sim:1");
        bed.drop("job.job", "echo up\nwhile [ ! -e go ]; do sleep 0.05; done\nexit 8\n");
        bed.awaitOutput("job.1", "up");
        WatcherBed.kill(first);
        bed.drop("next.job", "echo next\n");
        bed.watch("sim:1");
        bed.await(
                "the next one waits for the card",
                () -> bed.waiting().contains("next.job\tneeds 1 GPU, 0 free; GPU 0: used by job.1"));
        Files.createFile(temp.resolve("go"));
        assertEquals("8", fact(bed.awaitFiled("job.1"), "exit"));
        assertEquals("next\n", output(bed.awaitFiled("next.1")));
    }

    @Test
    void toldToStopItsJobs_filesThemAsCancelledAndLeaves() throws Exception {
        Process watcher = bed.watch("sim:1", "--stop-jobs");
        bed.drop("job.job", "#GPUSPOOL grace=5s\ntrap 'exit 4' TERM\necho up\nwhile :; do sleep 0.05; done\n");
        bed.awaitOutput("job.1", "up");
        bed.drop("queued.job", "true\n");
        bed.term(watcher);
        Path filed = bed.filed("job.1");
        assertEquals("cancelled", fact(filed, "ending"));
        assertEquals("4", fact(filed, "exit"));
        assertEquals(List.of("queued.job"), bed.names("incoming"));
        assertEquals(List.of(), bed.names("running"));
        assertEquals(List.of(), bed.processes());
    }

    @Test
    void toldToStopItsJobsWithNoneRunning_leavesAtOnce() throws Exception {
        bed.term(bed.watch("sim:1", "--stop-jobs"));
        assertEquals(List.of(), bed.processes());
    }

    @Test
    void once_runsWhatIsThereAndEnds() throws Exception {
        assertEquals(0, bed.once("sim:1"));
        for (int i = 0; i < 5; i++) {
            bed.drop("j" + i + ".job", "exit " + i + "\n");
        }
        Files.createFile(bed.incoming("empty.job"));
        assertEquals(0, bed.once("sim:1"));
        assertEquals(1, bed.names("done").size());
        assertEquals(4, bed.names("failed").size());
        assertEquals(List.of("empty.job"), bed.names("incoming"));
    }

    @Test
    void secondWatcher_isToldWhoWatches() throws Exception {
        Process first = bed.watch("sim:1");
        // Told to stop jobs when it leaves, it would wait a day for its own; it has none.
        Process second = bed.start("sim:1", "--stop-jobs");
        assertEquals(75, WatcherBed.awaitExit(second));
        assertTrue(bed.log().contains("is already watched on this host by process " + first.pid()), bed.log());
    }

    @Test
    void output_canBeReadWhileItRuns() throws Exception {
        bed.watch("sim:1");
        bed.drop("talk.job", "echo one\nwhile [ ! -e go ]; do sleep 0.05; done\necho two\n");
        Path running = bed.awaitOutput("talk.1", "one");
        assertEquals("one\n", output(running));
        Files.createFile(temp.resolve("go"));
        assertEquals("one\ntwo\n", output(bed.awaitFiled("talk.1")));
    }

    @Test
    void pause_holdsBackAndRemovingItLetsGo() throws Exception {
        bed.watch("sim:1");
        Files.createFile(bed.spool.resolve("control/pause"));
        bed.drop("held.job", "true\n");
        bed.await(
                "that is shown",
                () -> bed.waiting().contains("held.job\tpaused: control/pause lies there; remove it to go on"));
        Files.delete(bed.spool.resolve("control/pause"));
        bed.awaitFiled("held.1");
    }

    @Test
    void drain_lastJobIsFiledAndTheWatcherLeaves_andTheNextOneLeavesAtOnce() throws Exception {
        Process watcher = bed.watch("sim:1");
        bed.drop("last.job", "echo up\nwhile [ ! -e go ]; do sleep 0.05; done\nexit 6\n");
        bed.awaitOutput("last.1", "up");
        bed.drop("next.job", "true\n");
        Files.createFile(bed.spool.resolve("control/drain"));
        bed.await("that is shown", () -> bed.waiting().contains("next.job\tdraining: "));
        assertTrue(watcher.isAlive(), "a job runs");
        Files.createFile(temp.resolve("go"));
        assertEquals(0, WatcherBed.awaitExit(watcher));
        assertEquals("6", fact(bed.filed("last.1"), "exit"));
        assertTrue(bed.log().contains("draining: control/drain lies there"), bed.log());
        String leaving = "leaving: control/drain lies there and no job of this host runs. To go on: gpuspool resume";
        assertTrue(bed.log().contains(leaving), bed.log());
        assertEquals(0, WatcherBed.awaitExit(bed.start("sim:1")));
        assertTrue(bed.log().contains(leaving), bed.log());
        assertEquals(List.of("next.job"), bed.names("incoming"));
        Files.delete(bed.spool.resolve("control/drain"));
        bed.watch("sim:1");
        bed.awaitFiled("next.1");
    }

    @Test
    void requestsMade_areSeenAtOnce() throws Exception {
        bed.watch("sim:1");
        Files.createFile(bed.spool.resolve("control/pause"));
        for (String name : List.of("a", "b", "c")) {
            bed.drop(name + ".job", "echo $(date +%s%N)\n");
        }
        // Complete, too: until then another may well come first.
        bed.await("all could start", () -> bed.waiting().split("job\tpaused: ", -1).length == 4);
        Files.createFile(bed.spool.resolve("control/c.job.first"));
        Files.createFile(bed.spool.resolve("control/nothing"));
        bed.await("it is refused", () -> Files.exists(bed.spool.resolve("control/nothing.refused")));
        Files.delete(bed.spool.resolve("control/pause"));
        long c = Long.parseLong(output(bed.awaitFiled("c.1")).strip());
        long a = Long.parseLong(output(bed.awaitFiled("a.1")).strip());
        assertTrue(c < a, "c came first");
        bed.awaitFiled("b.1");
        assertEquals(List.of("nothing.refused"), bed.names("control"));
    }

    @Test
    void pausedWhileAFileSettles_pauseIsWhatIsShown() throws Exception {
        bed.watch("sim:1");
        Files.createFile(bed.spool.resolve("control/pause"));
        // Written under its own name, so it has to lie still for a while before it counts as complete.
        Files.writeString(bed.incoming("x.job"), "true\n");
        bed.await("that is shown", () -> bed.waiting().contains("x.job\tpaused: "));
        assertEquals(null, bed.filed("x.1"));
    }

    @Test
    void heldFile_isNotReadUntilItIsMovedBack() throws Exception {
        bed.watch("sim:1");
        Path held = Files.writeString(bed.spool.resolve("held/x.job"), "true\n");
        bed.drop("other.job", "true\n");
        bed.awaitFiled("other.1");
        assertTrue(Files.exists(held));
        Files.move(held, bed.incoming("x.job"));
        bed.awaitFiled("x.1");
    }

    @Test
    void twoGpuJobsOnFourCards_neverShareACard() throws Exception {
        bed.watch("sim:4");
        String work = "echo start $(date +%s%N) $CUDA_VISIBLE_DEVICES\nsleep 0.2\necho end $(date +%s%N)\n";
        for (int i = 0; i < 6; i++) {
            bed.drop("two" + i + ".job", "#GPUSPOOL gpus=2\n" + work);
            bed.drop("one" + i + ".job", work);
        }
        Map<String, List<long[]>> byCard = new HashMap<>();
        for (int i = 0; i < 12; i++) {
            String id = (i < 6 ? "two" + i : "one" + (i - 6)) + ".1";
            String[] words = output(bed.awaitFiled(id)).split("\\s+");
            String[] cards = words[2].split(",");
            assertEquals(i < 6 ? 2 : 1, cards.length, id);
            for (String card : cards) {
                byCard.computeIfAbsent(card, c -> new ArrayList<>())
                        .add(new long[] {Long.parseLong(words[1]), Long.parseLong(words[4])});
            }
        }
        assertEquals(
                List.of("0", "1", "2", "3"), byCard.keySet().stream().sorted().toList());
        for (List<long[]> uses : byCard.values()) {
            uses.sort((a, b) -> Long.compare(a[0], b[0]));
            for (int i = 1; i < uses.size(); i++) {
                assertTrue(uses.get(i - 1)[1] <= uses.get(i)[0], "two jobs on one card at once");
            }
        }
    }

    @Test
    void moreJobsThanOneRoundStarts_allCardsAreUsedAtOnce() throws Exception {
        bed.watch("sim:40");
        Files.createFile(bed.spool.resolve("control/pause"));
        for (int i = 0; i < 40; i++) {
            bed.drop("j" + i + ".job", "echo $(date +%s%N)\nwhile [ ! -e go ]; do sleep 0.2; done\n");
        }
        bed.await("all are in the queue", () -> bed.waiting().lines().count() >= 41);
        Files.delete(bed.spool.resolve("control/pause"));
        bed.await("all run", () -> bed.names("running").size() == 40);
        for (int i = 0; i < 40; i++) {
            bed.awaitOutput("j" + i + ".1", "\n");
        }
        List<Long> starts = new ArrayList<>();
        for (String name : bed.names("running")) {
            starts.add(Long.parseLong(
                    output(bed.spool.resolve("running").resolve(name)).strip()));
        }
        Files.createFile(temp.resolve("go"));
        starts.sort(null);
        long longestGap = 0;
        for (int i = 1; i < starts.size(); i++) {
            longestGap = Math.max(longestGap, starts.get(i) - starts.get(i - 1));
        }
        assertTrue(longestGap < 700_000_000L, longestGap / 1_000_000 + " ms between two starts");
    }

    @Test
    void environmentAndDirectory_areAsTheLayoutSays() throws Exception {
        bed.environment.put("NOTIFY_SOCKET", "/run/x");
        bed.watch("0,GPU-5f0c2a1b");
        bed.drop(
                "env.job",
                "#GPUSPOOL gpus=2\npwd\nenv | grep -E '^(GPUSPOOL|CUDA|PYTHON|NOTIFY)' | grep -v MIN_FREE | sort\n");
        Path filed = bed.awaitFiled("env.1");
        String host = fact(filed, "host");
        Map<String, String> expected = Map.of(
                "CUDA_DEVICE_ORDER", "PCI_BUS_ID",
                "CUDA_VISIBLE_DEVICES", "0,GPU-5f0c2a1b",
                "GPUSPOOL_BED", bed.environment.get("GPUSPOOL_BED"),
                "GPUSPOOL_COOKIE", fact(filed, "cookie"),
                "GPUSPOOL_DIR", bed.spool.toRealPath() + "/running/env.1." + host,
                "GPUSPOOL_GPUS", "0,GPU-5f0c2a1b",
                "GPUSPOOL_GPU_UUIDS", "GPU-5f0c2a1b",
                "GPUSPOOL_ID", "env.1." + host,
                "GPUSPOOL_JOB", "env",
                "PYTHONUNBUFFERED", "1");
        List<String> lines = output(filed).lines().toList();
        assertEquals(temp.toRealPath().toString(), lines.get(0));
        assertEquals(
                expected,
                lines.subList(1, lines.size()).stream()
                        .map(line -> line.split("=", 2))
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
        assertEquals("0 GPU-5f0c2a1b", fact(filed, "devices"));
    }

    @Test
    void visibleDevicesSet_areTheCardsThereAre() throws Exception {
        bed.environment.put("CUDA_VISIBLE_DEVICES", "2,5");
        bed.watch(null);
        bed.drop("a.job", "#GPUSPOOL gpus=2\necho $CUDA_VISIBLE_DEVICES\n");
        assertEquals("2,5\n", output(bed.awaitFiled("a.1")));
        bed.drop("many.job", "#GPUSPOOL gpus=3\ntrue\n");
        Path refused = bed.awaitFiled("many.1");
        assertEquals("refused", fact(refused, "ending"));
        assertEquals(
                "many.job:1:1: it needs 3 GPUs; this watcher has 2 (2,5); ask for fewer\n",
                Files.readString(refused.resolve("reason")));
    }

    @Test
    void visibleDevicesEmpty_onlyJobsWithoutGpuRun() throws Exception {
        bed.environment.put("CUDA_VISIBLE_DEVICES", "");
        bed.watch(null);
        bed.drop("cpu.job", "#GPUSPOOL gpus=0\necho \"[$CUDA_VISIBLE_DEVICES]\"\n");
        assertEquals("[]\n", output(bed.awaitFiled("cpu.1")));
        bed.drop("gpu.job", "true\n");
        assertEquals("refused", fact(bed.awaitFiled("gpu.1"), "ending"));
    }

    @Test
    void deviceListNotUnderstood_endsWithTwoAndTouchesNothing() throws Exception {
        assertEquals(2, WatcherBed.awaitExit(bed.start("0,gpu1")));
        assertEquals(
                "gpuspool watch: --devices: \"gpu1\" in \"0,gpu1\" names no GPU; write indices (0,1), UUIDs (GPU-…, MIG-…) "
                        + "or sim:N for N simulated GPUs\n",
                bed.log());
        assertFalse(Files.exists(bed.spool));
        bed.environment.put("CUDA_VISIBLE_DEVICES", "all");
        assertEquals(2, WatcherBed.awaitExit(bed.start(null)));
        assertEquals(List.of(), Arrays.asList(temp.toFile().list((dir, name) -> name.equals("spool"))));
    }

    @Test
    void cardLockedElsewhere_isLeftAloneUntilItIsFree() throws Exception {
        assertEquals(0, bed.once("7"));
        Path card = temp.resolve("locks/gpu-index-7.lock");
        Process holder = new ProcessBuilder("flock", card.toString(), "sh", "-c", "echo up; read x").start();
        assertEquals('u', holder.getInputStream().read());
        bed.watch("7");
        bed.drop("x.job", "true\n");
        bed.await(
                "that is shown",
                () -> bed.waiting().contains("x.job\tneeds 1 GPU, 0 free; GPU 7: locked by another spool or user"));
        holder.getOutputStream().close();
        bed.awaitFiled("x.1");
    }
}
