package gpuspool.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.JobId;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JobEnvironmentTest {
    private static final Map<String, String> CARDS =
            Map.of("CUDA_VISIBLE_DEVICES", "0,3", "CUDA_DEVICE_ORDER", "PCI_BUS_ID", "GPUSPOOL_GPUS", "0,3");

    private static Map<String, String> of(Map<String, String> watcher, Map<String, String> own) {
        Map<String, String> all = new HashMap<>();
        for (String line : new JobEnvironment(watcher)
                .of(new JobId("exp1", 2, "box"), Path.of("/q/running/exp1.2.box"), "c0ffee", CARDS, own)) {
            String[] pair = line.split("=", 2);
            assertFalse(all.containsKey(pair[0]), "twice: " + pair[0]);
            all.put(pair[0], pair[1]);
        }
        return all;
    }

    @Test
    void droppedVariables_areTheWatchersAlone() {
        JobEnvironment environment =
                new JobEnvironment(Map.of("A", "1", "B_1", "2", "B_2", "3", "BC", "4", "GPUSPOOL_JOB", "outer"));
        List<String> lines = environment
                .without(List.of("A", "B_*", "GPUSPOOL_*", "NOT_THERE"))
                .of(new JobId("exp1", 2, "box"), Path.of("/q"), "c0ffee", Map.of(), Map.of("A", "own"));
        assertTrue(lines.containsAll(List.of("A=own", "BC=4", "GPUSPOOL_JOB=exp1")), lines.toString());
        assertFalse(lines.stream().anyMatch(line -> line.startsWith("B_")), lines.toString());
        assertTrue(environment
                .of(new JobId("exp1", 2, "box"), Path.of("/q"), "c0ffee", Map.of(), Map.of())
                .contains("B_1=2"));
    }

    private static Map<String, String> facts() {
        return new HashMap<>(Map.of(
                "PYTHONUNBUFFERED", "1",
                "CUDA_VISIBLE_DEVICES", "0,3",
                "CUDA_DEVICE_ORDER", "PCI_BUS_ID",
                "GPUSPOOL_JOB", "exp1",
                "GPUSPOOL_ID", "exp1.2.box",
                "GPUSPOOL_DIR", "/q/running/exp1.2.box",
                "GPUSPOOL_GPUS", "0,3",
                "GPUSPOOL_COOKIE", "c0ffee"));
    }

    @Test
    void facts_areAllThere() {
        assertEquals(facts(), of(Map.of(), Map.of()));
    }

    @Test
    void watchersOwn_isHandedDownButNotWhatConcernsTheServiceOnly() {
        Map<String, String> watcher = new HashMap<>(Map.of("HOME", "/home/ü", "ODD", "a=b\nc", "EMPTY", ""));
        for (String name :
                "NOTIFY_SOCKET LISTEN_PID LISTEN_FDS LISTEN_FDNAMES JOURNAL_STREAM INVOCATION_ID".split(" ")) {
            watcher.put(name, "x");
        }
        Map<String, String> expected = facts();
        expected.putAll(Map.of("HOME", "/home/ü", "ODD", "a=b\nc", "EMPTY", ""));
        assertEquals(expected, of(watcher, Map.of()));
    }

    @Test
    void changedByTheLauncher_isAsTheUserHadIt() {
        Map<String, String> watcher = Map.of(
                "GPUSPOOL_STUB_ENV", " LC_ALL MALLOC_ARENA_MAX JAVA_TOOL_OPTIONS",
                "LC_ALL", "C.UTF-8",
                "GPUSPOOL_USER_LC_ALL", "de_DE.UTF-8",
                "MALLOC_ARENA_MAX", "2",
                "GPUSPOOL_USER_MALLOC_ARENA_MAX", "-",
                "GPUSPOOL_USER_JAVA_TOOL_OPTIONS", "-Xmx1g",
                "LANG", "de_DE.UTF-8");
        Map<String, String> expected = facts();
        expected.putAll(Map.of("LC_ALL", "de_DE.UTF-8", "JAVA_TOOL_OPTIONS", "-Xmx1g", "LANG", "de_DE.UTF-8"));
        assertEquals(expected, of(watcher, Map.of()));
    }

    @Test
    void outerJobsFacts_areReplacedByThisOnes() {
        assertEquals(
                facts(),
                of(Map.of("CUDA_VISIBLE_DEVICES", "7", "GPUSPOOL_JOB", "outer", "GPUSPOOL_COOKIE", "old"), Map.of()));
    }

    @Test
    void jobsOwn_winsOverAllButTheCookie() {
        Map<String, String> own =
                Map.of("CUDA_VISIBLE_DEVICES", "1", "PYTHONUNBUFFERED", "", "HOME", "/x", "GPUSPOOL_COOKIE", "mine");
        Map<String, String> expected = facts();
        expected.putAll(own);
        expected.put("GPUSPOOL_COOKIE", "c0ffee");
        assertEquals(expected, of(Map.of("HOME", "/home/me"), own));
    }

    @Test
    void bufferingSetByTheUser_isLeftAlone() {
        assertEquals("0", of(Map.of("PYTHONUNBUFFERED", "0"), Map.of()).get("PYTHONUNBUFFERED"));
    }
}
