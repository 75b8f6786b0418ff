package gpuspool.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ExitWatchTest {
    private final Children children = new Children();
    private final List<Integer> ended = Collections.synchronizedList(new ArrayList<>());
    private ExitWatch watch;

    @BeforeEach
    void open() throws IOException {
        watch = new ExitWatch(ended::add);
    }

    @AfterEach
    void close() {
        watch.close();
        children.close();
    }

    private int sleeper() throws IOException {
        return (int) children.start("sleep", "60").pid();
    }

    private void awaitEnded(int pid) {
        Children.await("the end of " + pid + " is told", () -> ended.contains(pid));
    }

    @Test
    void childKilled_isTold() throws Exception {
        int pid = sleeper();
        watch.add(pid);
        assertFalse(ended.contains(pid));
        Children.kill(pid);
        awaitEnded(pid);
    }

    @Test
    void childThatEndsByItself_isToldBeforeItIsReaped() throws Exception {
        int pid;
        try (Spawn spawn = new Spawn()) {
            pid = spawn.start(List.of("/bin/true"), List.of());
        }
        watch.add(pid);
        awaitEnded(pid);
        assertEquals("Z", ProcFiles.stat(pid).orElseThrow()[0]);
        Spawn.reap(pid);
    }

    @Test
    void processThatIsNoChildOfOurs_isTold() throws Exception {
        Process shell = children.start("sh", "-c", "setsid sleep 60 >/dev/null 2>&1 & echo $!");
        int pid = Integer.parseInt(new java.io.BufferedReader(
                        new java.io.InputStreamReader(shell.getInputStream(), java.nio.charset.StandardCharsets.UTF_8))
                .readLine());
        assertEquals(0, shell.waitFor());
        watch.add(pid);
        Children.kill(pid);
        awaitEnded(pid);
    }

    @Test
    void processThatIsGone_isToldAtOnce() throws Exception {
        Process process = children.start("true");
        process.waitFor();
        watch.add((int) process.pid());
        assertEquals(List.of((int) process.pid()), ended);
    }

    @Test
    void watchedTwice_isToldOnce() throws Exception {
        int pid = sleeper();
        int other = sleeper();
        watch.add(pid);
        watch.add(pid);
        watch.add(other);
        Children.kill(pid);
        awaitEnded(pid);
        Children.kill(other);
        awaitEnded(other);
        assertEquals(List.of(pid, other), ended);
    }

    @Test
    void manyAtOnce_areAllTold() throws Exception {
        TreeSet<Integer> pids = new TreeSet<>();
        for (int i = 0; i < 50; i++) {
            int pid = (int) children.start("sleep", "0.0" + i).pid();
            pids.add(pid);
            watch.add(pid);
        }
        Children.await("all ends are told", () -> ended.size() >= 50);
        assertEquals(pids, new TreeSet<>(ended));
        assertEquals(50, ended.size());
    }

    @Test
    void endsTold_leaveNoDescriptorBehind() throws Exception {
        int before = Fds.allOpen().size();
        for (int i = 0; i < 20; i++) {
            int pid;
            try (Spawn spawn = new Spawn()) {
                pid = spawn.start(List.of("/bin/true"), List.of());
            }
            watch.add(pid);
            awaitEnded(pid);
            Spawn.reap(pid);
        }
        assertTrue(Fds.allOpen().size() <= before + 3, "grew from " + before + " to " + Fds.allOpen());
    }
}
