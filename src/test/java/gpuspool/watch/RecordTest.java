package gpuspool.watch;

import static gpuspool.watch.WatcherBed.fact;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gpuspool.spool.DiskFs;
import gpuspool.spool.HistoryRebuild;
import gpuspool.spool.JsonJudge;
import gpuspool.spool.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The record that a real watcher writes, and what may be done to it. */
@Timeout(90)
final class RecordTest {
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

    private String host() throws IOException {
        return bed.names("hosts").get(0);
    }

    private Path record() throws IOException {
        return bed.spool.resolve("hosts").resolve(host()).resolve("history.jsonl");
    }

    /** Each job's lines in their order: {@code done exited 0}. */
    private Map<String, List<String>> lives() throws IOException, InterruptedException {
        Map<String, List<String>> lives = new TreeMap<>();
        for (String line : JsonJudge.values(record(), "job", "state", "ending", "exit")) {
            String[] words = line.replace("\"", "").replace("null", "").split("\t");
            lives.computeIfAbsent(words[0], job -> new ArrayList<>())
                    .add(String.join(" ", List.of(words).subList(1, words.length))
                            .strip());
        }
        return lives;
    }

    private void awaitLines(String job, int count) {
        bed.await(
                job + " has " + count + " lines",
                () -> Files.exists(record())
                        && Files.readAllLines(record()).stream()
                                        .filter(line -> line.contains("\"job\":\"" + job + "\""))
                                        .count()
                                == count);
    }

    private List<String> sortedLines() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(record()));
        lines.sort(null);
        return lines;
    }

    private HistoryRebuild.Result rebuild() throws IOException {
        return new HistoryRebuild(new Layout(bed.spool), host(), new DiskFs()).run();
    }

    private static void killSupervisorAndJob(Path running) throws IOException {
        for (String who : List.of("pid", "job_pid")) {
            ProcessHandle.of(Long.parseLong(fact(running, who))).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static boolean tells(Path dir, String key) throws IOException {
        try {
            return fact(dir, key) != null;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private Path awaitRunning(String id) {
        Path[] found = new Path[1];
        bed.await(id + " has told its process", () -> {
            for (String name : bed.names("running")) {
                Path dir = bed.spool.resolve("running").resolve(name);
                // Its status is made after the directory, and moves with it.
                found[0] = name.startsWith(id + ".") && tells(dir, "job_pid") ? dir : found[0];
            }
            return found[0] != null;
        });
        return found[0];
    }

    @Test
    void everyEnding_hasItsLinesAndARebuildGivesTheSame() throws Exception {
        Process watcher = bed.watch("sim:6");
        bed.drop("ok.job", "true\n");
        bed.drop("three.job", "exit 3\n");
        bed.drop("bad.toml", "gpu = 1\n");
        bed.drop("wide.job", "#GPUSPOOL gpus=7\ntrue\n");
        bed.drop("lost.job", "#GPUSPOOL cwd=/nowhere/at/all\ntrue\n");
        bed.drop("late.job", "#GPUSPOOL time=100ms\necho \"no $end\"\nsleep 60\n");
        bed.drop("stop.job", "sleep 60\n");
        bed.drop("orphan.job", "#GPUSPOOL output=split\nexec sleep 60\n");
        bed.drop("a \"b\"\\\n\u202e.job", "echo 'é \\ \"'\n");
        for (int i = 0; i < 20; i++) {
            bed.drop("quick-" + i + ".job", "true\n");
        }
        Files.createFile(awaitRunning("stop.1").resolve("cancel"));
        killSupervisorAndJob(awaitRunning("orphan.1"));
        Map<String, List<String>> wanted = new TreeMap<>(Map.of(
                "ok.1", List.of("claimed", "running", "done exited 0"),
                "three.1", List.of("claimed", "running", "failed exited 3"),
                "bad.1", List.of("claimed", "failed refused"),
                "wide.1", List.of("claimed", "failed refused"),
                "lost.1", List.of("claimed", "failed refused"),
                "late.1", List.of("claimed", "running", "failed timed out 143"),
                "stop.1", List.of("claimed", "running", "failed cancelled 143"),
                "orphan.1", List.of("claimed", "running", "failed unknown"),
                "a__b______.1", List.of("claimed", "running", "done exited 0")));
        for (int i = 0; i < 20; i++) {
            wanted.put("quick-" + i + ".1", List.of("claimed", "running", "done exited 0"));
        }
        bed.await("all are told", () -> Files.readAllLines(record()).size() == 84);
        assertEquals(wanted, lives());
        bed.term(watcher);
        List<String> live = sortedLines();
        assertEquals(new HistoryRebuild.Result(84, 0, 0, 0), rebuild());
        assertEquals(live, sortedLines());
    }

    @Test
    void machineWentDown_eachWatcherTellsOnlyWhatItDid() throws Exception {
        bed.environment.put("GPUSPOOL_TEST_BOOT_ID", "00000000-0000-0000-0000-000000000001");
        Process first = bed.watch("sim:1");
        bed.drop("a.job", "exec sleep 60\n");
        Path running = awaitRunning("a.1");
        awaitLines("a.1", 2);
        WatcherBed.kill(first);
        killSupervisorAndJob(running);
        bed.environment.put("GPUSPOOL_TEST_BOOT_ID", "00000000-0000-0000-0000-000000000002");
        bed.watch("sim:1");
        awaitLines("a.1", 3);
        assertEquals(Map.of("a.1", List.of("claimed", "running", "failed interrupted")), lives());
    }

    @Test
    void jobAfterJob_linesAreInTheOrderOfTheirTimes() throws Exception {
        bed.watch("sim:1");
        bed.drop("holds.job", "while [ ! -e go ]; do sleep 0.05; done\n");
        bed.drop("next.job", "true\n");
        awaitLines("holds.1", 2);
        Files.createFile(temp.resolve("go"));
        awaitLines("next.1", 3);
        assertEquals(List.of("claimed", "running", "done exited 0"), lives().get("next.1"));
        List<String> times = JsonJudge.values(record(), "job", "time").stream()
                .filter(line -> line.contains("next.1"))
                .toList();
        assertEquals(times.stream().sorted().toList(), times);
    }

    @Test
    void recordIsInTheWay_isSaidOnceAndJobsGoOn() throws Exception {
        Process watcher = bed.watch("sim:1");
        bed.drop("first.job", "true\n");
        awaitLines("first.1", 3);
        List<List<String>> obstacles = List.of(
                List.of("mkdir", record().toString()),
                List.of("mkfifo", record().toString()),
                List.of("ln", "-s", temp.resolve("elsewhere").toString(), record().toString()));
        for (int i = 0; i < obstacles.size(); i++) {
            int times = i + 1;
            List<String> obstacle = obstacles.get(i);
            // A line that was just being written is written again, into a new file.
            bed.await("the obstacle lies there", () -> {
                Files.deleteIfExists(record());
                return new ProcessBuilder(obstacle).start().waitFor() == 0;
            });
            bed.drop("in" + i + ".job", "true\n");
            bed.awaitFiled("in" + i + ".1");
            bed.drop("more" + i + ".job", "true\n");
            bed.awaitFiled("more" + i + ".1");
            bed.await(
                    "it is said once for each obstacle",
                    () -> bed.log().split("attention: cannot add to ", -1).length == times + 1);
            assertFalse(Files.exists(temp.resolve("elsewhere")));
            Files.delete(record());
            bed.drop("after" + i + ".job", "true\n");
            awaitLines("after" + i + ".1", 3);
            assertEquals(times + 1, bed.log().split("the record can be written again; ", -1).length, bed.log());
        }
        for (String kind : List.of("a directory", "a named pipe", "a symbolic link")) {
            assertTrue(
                    bed.log()
                            .contains(record() + " is " + kind + ", not a regular file; move it away; jobs are not"
                                    + " affected"),
                    bed.log());
        }
        bed.term(watcher);
        rebuild();
        assertEquals(3 * 10, Files.readAllLines(record()).size());
    }

    @Test
    void diskFull_neverStopsAJob() throws Exception {
        Process first = bed.watch("sim:1");
        bed.term(first);
        Path directory = record().getParent();
        mountOrSkip("size=32k", directory);
        try {
            bed.watch("sim:1");
            bed.drop("small.job", "true\n");
            awaitLines("small.1", 3);
            bed.drop("large.job", "true\n" + "# 0123456789\n".repeat(5000));
            bed.awaitFiled("large.1");
            bed.drop("next.job", "true\n");
            bed.awaitFiled("next.1");
            bed.await("it is said", () -> bed.log().contains("attention: cannot add to " + record()));
            mountOrSkip("remount,size=1m", directory);
            bed.drop("after.job", "true\n");
            awaitLines("after.1", 3);
            assertTrue(bed.log().contains("the record can be written again; "), bed.log());
            assertTrue(Files.readAllLines(record()).stream()
                    .anyMatch(line -> line.contains("large.1") && !line.endsWith("}")));
            HistoryRebuild.Result result = rebuild();
            assertEquals(1, result.bad(), result::toString);
            assertEquals(12, result.fromTree());
            assertEquals(List.of("claimed", "running", "done exited 0"), lives().get("large.1"));
        } finally {
            bed.close();
            run("umount", directory.toString());
        }
    }

    private static void mountOrSkip(String options, Path directory) throws IOException, InterruptedException {
        String said = run("mount", "-t", "tmpfs", "-o", options, "none", directory.toString());
        assumeTrue(said.isEmpty(), "needs root and mount(8): " + said);
    }

    /** What it said; with the status where that is not 0. */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        return status == 0 ? said : "status " + status + ": " + said;
    }
}
