package gpuspool.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LinuxProcessesTest {
    private static final int SIGTERM = 15;

    @TempDir
    private Path temp;

    private final Children children = new Children();
    private LockDirectory locks;
    private LinuxProcesses processes;
    private String cookie;

    @BeforeEach
    void open() throws IOException {
        locks = LockDirectory.open(temp.resolve("locks"));
        processes = new LinuxProcesses(locks.path());
        cookie = RandomId.next();
    }

    @AfterEach
    void killChildren() {
        children.close();
    }

    private Map<String, String> marked() {
        return Map.of("GPUSPOOL_COOKIE", cookie);
    }

    /** Starts a shell line that prints a process id first, and waits for that. */
    private int start(Map<String, String> environment, String line) throws IOException {
        Process shell = children.start(environment, "sh", "-c", line);
        return Integer.parseInt(
                new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8)).readLine());
    }

    /**
     * A marked process with a session of its own, as a job's always has one: the session of these tests may have been
     * begun outside of their container, whose number in here is 0, and there nobody looks for jobs.
     */
    private Process inOwnSession(String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of("setsid"));
        line.addAll(List.of(command));
        return children.start(marked(), line.toArray(String[]::new));
    }

    private Set<Integer> ofJob(int session) throws IOException {
        return pids(processes.ofJob(cookie, session));
    }

    private static Set<Integer> pids(List<JobProcess> found) {
        Set<Integer> pids = new TreeSet<>();
        found.forEach(process -> pids.add(process.pid()));
        return pids;
    }

    @Test
    void cookieInTheEnvironment_isFoundAlsoInAnotherSession() throws Exception {
        int pid = start(marked(), "setsid sh -c 'echo $$; exec sleep 60'");
        Children.await(
                "exec",
                () -> Files.readString(Path.of("/proc/" + pid + "/comm")).equals("sleep\n"));
        assertTrue(ofJob(0).contains(pid));
        JobProcess process = processes.ofJob(cookie, 0).stream()
                .filter(found -> found.pid() == pid)
                .findFirst()
                .orElseThrow();
        assertEquals("sleep", process.name());
        assertEquals(pid, process.session());
        assertEquals('S', process.state());
        assertEquals(ProcFiles.startTicks(pid).orElseThrow(), process.startTicks());
    }

    @Test
    void otherCookies_areNotTakenForOurs() throws Exception {
        int longer = start(Map.of("GPUSPOOL_COOKIE", cookie + "0"), "echo $$; exec sleep 60");
        int otherName = start(Map.of("MY_GPUSPOOL_COOKIE", cookie), "echo $$; exec sleep 60");
        int inValue = start(Map.of("X", "a GPUSPOOL_COOKIE=" + cookie), "echo $$; exec sleep 60");
        assertEquals(Set.of(), ofJob(0));
        assertTrue(longer + otherName + inValue > 0);
    }

    @Test
    void clearedEnvironmentInTheSession_isFoundBySession() throws Exception {
        int session = start(Map.of(), "exec env -i setsid sh -c 'echo $$; sleep 60 & wait'");
        Children.await("both are found", () -> ofJob(session).size() == 2);
        assertTrue(ofJob(session).contains(session));
        assertEquals(Set.of(), ofJob(0));
    }

    @Test
    void clearedEnvironmentInAnotherSession_isFoundByTheLockItHolds() throws Exception {
        Lock lock = locks.tryLock("job-1.lock").orElseThrow();
        Path pidFile = temp.resolve("pid");
        int shell;
        try (Spawn spawn = new Spawn()) {
            shell = spawn.openRead(0, "/dev/null")
                    .openAppend(1, "/dev/null")
                    .dup(lock.fd(), 3)
                    .closeFrom(4)
                    .start(
                            List.of("/bin/sh", "-c", "env -i setsid sh -c 'echo $$ >" + pidFile + "; exec sleep 60' &"),
                            List.of("GPUSPOOL_COOKIE=" + cookie, "PATH=" + System.getenv("PATH")));
        }
        int stray = Integer.parseInt(Children.awaitLine(pidFile));
        Children.await("the shell is gone", () -> processes.ofJob(cookie, shell).isEmpty());
        Spawn.reap(shell);
        assertEquals(Set.of(stray), pids(processes.holding("job-1.lock")), "and not we, who hold it too");
        assertEquals(List.of(), processes.holding("job-2.lock"));
        lock.close();
        assertEquals(Set.of(stray), pids(processes.holding("job-1.lock")));
        Children.kill(stray);
        Children.await("nobody holds it", () -> processes.holding("job-1.lock").isEmpty());
    }

    @Test
    void lockDirectoryReachedByASymbolicLink_holdersAreFound() throws Exception {
        Path link = Files.createSymbolicLink(temp.resolve("by-link"), locks.path());
        LockDirectory byLink = LockDirectory.open(link);
        Lock lock = byLink.tryLock("job-1.lock").orElseThrow();
        int holder;
        try (Spawn spawn = new Spawn()) {
            holder = spawn.openRead(0, "/dev/null")
                    .openAppend(1, "/dev/null")
                    .dup(lock.fd(), 3)
                    .closeFrom(4)
                    .start(List.of("/bin/sleep", "60"), List.of());
        }
        lock.close();
        assertEquals(Set.of(holder), pids(new LinuxProcesses(byLink.path()).holding("job-1.lock")));
        Children.kill(holder);
        Children.await("it ends", () -> processes.holding("job-1.lock").isEmpty());
        Spawn.reap(holder);
    }

    @Test
    void holderThatOpensAndClosesFilesAllTheTime_isFoundEveryTime() throws Exception {
        Path lock = Files.createFile(locks.path().resolve("job-1.lock"));
        // Descriptors below the lock's come and go while we list them.
        Process busy = children.start("python3", "-c", """
                import os, sys
                f = os.open(sys.argv[1], os.O_RDWR)
                os.dup2(f, 200)
                os.close(f)
                print('up', flush=True)
                while True:
                    for i in range(40):
                        os.open('/dev/null', os.O_RDONLY)
                    os.closerange(3, 200)
                """, lock.toString());
        assertEquals('u', busy.getInputStream().read());
        int missed = 0;
        for (int i = 0; i < 200; i++) {
            missed += processes.holding("job-1.lock").isEmpty() ? 1 : 0;
        }
        assertEquals(0, missed, "of 200 looks");
    }

    @Test
    void nameWithBracketsAndBlanks_isReadRight() throws Exception {
        Path program = temp.resolve("a) R (b c");
        Files.copy(Path.of("/bin/sleep"), program);
        Process process = inOwnSession(program.toString(), "60");
        Children.await("it is loaded", () -> ofJob(0).contains((int) process.pid()));
        Children.await("it sleeps", () -> processes.ofJob(cookie, 0).get(0).state() == 'S');
        assertEquals("a) R (b c", processes.ofJob(cookie, 0).get(0).name());
        assertTrue(ProcFiles.startTicks(process.pid()).isPresent());
    }

    @Test
    void zombie_isNotAmongTheLiving() throws Exception {
        int pid;
        try (Spawn spawn = new Spawn()) {
            pid = spawn.start(List.of("/bin/true"), List.of("GPUSPOOL_COOKIE=" + cookie));
        }
        Children.await(
                "it is a zombie", () -> ProcFiles.stat(pid).orElseThrow()[0].equals("Z"));
        assertEquals(Set.of(), ofJob(pid));
        assertFalse(ProcFiles.isAlive(pid, ProcFiles.startTicks(pid).orElseThrow()));
        Spawn.reap(pid);
    }

    @Test
    void signal_reachesTheProcess() throws Exception {
        Process process = inOwnSession("sleep", "60");
        Children.await("it is loaded", () -> !ofJob(0).isEmpty());
        processes.signal(processes.ofJob(cookie, 0).get(0), SIGTERM);
        assertEquals(128 + SIGTERM, process.waitFor());
    }

    @Test
    void idThatPassedToAStranger_isNotSignalled() throws Exception {
        Process stranger = children.start("sleep", "60");
        long ticks = ProcFiles.startTicks(stranger.pid()).orElseThrow();
        processes.signal(new JobProcess((int) stranger.pid(), ticks - 1, 0, 'S', "old"), SIGTERM);
        processes.signal(new JobProcess((int) stranger.pid(), ticks + 1, 0, 'S', "old"), 9);
        assertFalse(stranger.waitFor(100, java.util.concurrent.TimeUnit.MILLISECONDS));
        assertEquals("S", ProcFiles.stat(stranger.pid()).orElseThrow()[0]);
    }

    @Test
    void processThatIsGone_isNoErrorToSignal() throws Exception {
        Process process = children.start("sleep", "60");
        JobProcess gone = new JobProcess(
                (int) process.pid(), ProcFiles.startTicks(process.pid()).orElseThrow(), 0, 'S', "sleep");
        process.destroyForcibly().waitFor();
        processes.signal(gone, SIGTERM);
    }
}
