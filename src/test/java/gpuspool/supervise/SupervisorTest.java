package gpuspool.supervise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.JobId;
import gpuspool.posix.JobProcess;
import gpuspool.posix.LinuxProcesses;
import gpuspool.posix.Lock;
import gpuspool.posix.LockDirectory;
import gpuspool.posix.PosixException;
import gpuspool.posix.ProcFiles;
import gpuspool.posix.RandomId;
import gpuspool.posix.Spawn;
import gpuspool.spool.DiskFs;
import gpuspool.spool.JobDir;
import gpuspool.spool.Mark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The supervisor's text, run for real: by the shell of this machine through the launcher, and by other shells. */
@Timeout(60)
final class SupervisorTest {
    private static final String DASH = "/bin/dash";
    private static final String BASH = "/bin/bash --posix";
    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;

    @TempDir
    private Path temp;

    private final String cookie = cookie();
    private LockDirectory locks;
    private Lock lock;
    private JobDir dir;
    private LinuxProcesses processes;
    private int supervisor;

    private static String cookie() {
        try {
            return RandomId.next();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void arm() throws IOException {
        locks = LockDirectory.open(temp.resolve("locks"));
        lock = locks.tryLock("job.lock").orElseThrow();
        processes = new LinuxProcesses(locks.path());
        dir = new JobDir(Files.createDirectory(temp.resolve("x.1.box")), new JobId("x", 1, "box"));
        Files.write(dir.file("started"), Mark.blank());
    }

    @AfterEach
    void killAll() throws IOException {
        for (JobProcess process : processes.ofJob(cookie, 0)) {
            processes.signal(process, SIGKILL);
        }
        for (JobProcess process : processes.holding("job.lock")) {
            processes.signal(process, SIGKILL);
        }
        Spawn.reap(supervisor);
    }

    private void script(String text) throws IOException {
        Files.writeString(dir.file("script"), text);
    }

    private List<String> environment() {
        return List.of("PATH=" + System.getenv("PATH"), "GPUSPOOL_COOKIE=" + cookie, "LC_ALL=C");
    }

    private void launch(boolean split, String cwd, String... interpreter) throws IOException {
        launch(split, Launcher.Logs.NONE, cwd, interpreter);
    }

    private void launch(boolean split, Launcher.Logs logs, String cwd, String... interpreter) throws IOException {
        List<String> command = new ArrayList<>(List.of(interpreter));
        command.add(dir.file("script").toString());
        supervisor = new PosixLauncher()
                .launch(new Launcher.Launch(dir, split, logs, cwd, command, environment(), List.of(lock)));
        lock.close();
    }

    private void launch() throws IOException {
        launch(false, temp.toString(), "/bin/sh");
    }

    /** As the launcher does, but by another shell. */
    private void launchBy(String shell) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(shell.split(" ")));
        List<String> usual = SupervisorText.arguments(
                false,
                Launcher.Logs.NONE,
                temp.toString(),
                List.of("/bin/sh", dir.file("script").toString()));
        arguments.addAll(usual.subList(1, usual.size()));
        try (Spawn spawn = new Spawn()) {
            supervisor = spawn.chdir(dir.path())
                    .openRead(0, "/dev/null")
                    .openWrite(3, "started")
                    .dup(lock.fd(), 4)
                    .closeFrom(5)
                    .dup(3, 2)
                    .create(1, "output.log")
                    .start(arguments, environment());
        }
        lock.close();
    }

    private static void await(String what, java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(condition);
    }

    private Mark mark() throws IOException {
        return dir.look(new DiskFs()).mark();
    }

    private Mark ended() throws IOException {
        long ticks = ProcFiles.startTicks(supervisor).orElse(0);
        await("the supervisor ends", () -> !ProcFiles.isAlive(supervisor, ticks));
        return mark();
    }

    private String output() throws IOException {
        return Files.readString(dir.file("output.log"));
    }

    private static Stream<Arguments> endings() {
        return Stream.of(DASH, BASH)
                .flatMap(shell -> Stream.of(
                        Arguments.of(shell, "exit 0", 0),
                        Arguments.of(shell, "exit 3", 3),
                        Arguments.of(shell, "exit 255", 255),
                        Arguments.of(shell, "exec /no/such/program", 127),
                        Arguments.of(shell, "exec /etc/passwd", 126),
                        Arguments.of(shell, "kill -KILL $$", 137),
                        Arguments.of(shell, "kill -TERM $$; sleep 5", 143),
                        Arguments.of(shell, "kill -SEGV $$; sleep 5", 139),
                        Arguments.of(shell, "kill -PIPE $$; sleep 5", 141),
                        Arguments.of(shell, "kill -INT $$; sleep 5", 130),
                        Arguments.of(shell, "kill -TERM 0; sleep 5", 143),
                        Arguments.of(shell, "kill -KILL 0; sleep 5", 137),
                        Arguments.of(shell, "exec 0<&- 1>&- 2>&- 3>&- 4>&- 5>&-; exit 4", 4),
                        Arguments.of(
                                shell,
                                "for s in TERM INT HUP QUIT USR1 USR2 ALRM; do kill -$s $PPID; kill -$s -$PPID; done; "
                                        + "sleep 0.1; for s in TERM INT HUP; do kill -$s $PPID; done; exit 5",
                                5),
                        Arguments.of(shell, "sleep 0.1 & kill -TERM $PPID; exit 6", 6)));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void howeverItEnds_itsCodeIsWrittenDown(String shell, String script, int code) throws Exception {
        script(script + "\n");
        launchBy(shell);
        Mark mark = ended();
        assertEquals(OptionalInt.of(code), mark.exitCode());
        assertEquals(OptionalInt.of(supervisor), mark.pid());
        assertTrue(mark.begun());
        assertEquals(Mark.Kind.STARTED, mark.kind());
    }

    @Test
    void launched_goNamesTheLeaderOfTheJobsSession() throws Exception {
        script("echo $$ $PPID; cat /proc/$$/stat\n");
        launch();
        Mark mark = ended();
        String[] lines = output().split("\n");
        int job = mark.jobPid().orElseThrow();
        assertEquals(job + " " + supervisor, lines[0]);
        String[] stat = lines[1].split(" ");
        assertEquals(Integer.toString(job), stat[5], "session");
        assertNotEquals(supervisor, job);
    }

    @Test
    void jobsSignals_areAtTheirDefaults() throws Exception {
        script("");
        launch(false, temp.toString(), "/bin/cat", "/proc/self/status");
        ended();
        List<String> masks = output().lines()
                .filter(line -> line.startsWith("SigBlk:") || line.startsWith("SigIgn:"))
                .toList();
        assertEquals(2, masks.size());
        for (String line : masks) {
            assertEquals(0, Long.parseUnsignedLong(line.substring(7).strip(), 16) & 0x7fffffffL, line);
        }
    }

    /** What the job has open: number, then file. A program that lists its own descriptors has its directory as well. */
    private Map<String, String> descriptors(boolean split) throws IOException {
        script("");
        launch(split, temp.toString(), "/bin/ls", "-l", "/proc/self/fd");
        assertEquals(OptionalInt.of(0), ended().exitCode());
        Map<String, String> found = new TreeMap<>();
        for (String line : Files.readAllLines(dir.file(split ? "stdout.log" : "output.log"))) {
            if (line.contains(" -> ") && !line.endsWith("/fd")) {
                String[] sides = line.split(" -> ");
                found.put(sides[0].substring(sides[0].lastIndexOf(' ') + 1), sides[1]);
            }
        }
        return found;
    }

    @Test
    void jobsDescriptors_areTheThreeAndTheLocks() throws Exception {
        String log = dir.file("output.log").toString();
        String held = locks.path().resolve("job.lock").toString();
        assertEquals(Map.of("0", "/dev/null", "1", log, "2", log, "4", held), descriptors(false));
    }

    @Test
    void jobsDescriptorsWithSplitOutput_areTheThreeAndTheLocks() throws Exception {
        String out = dir.file("stdout.log").toString();
        String err = dir.file("stderr.log").toString();
        String held = locks.path().resolve("job.lock").toString();
        assertEquals(Map.of("0", "/dev/null", "1", out, "2", err, "5", held), descriptors(true));
    }

    @Test
    void outputOfAnyBytes_isUntouched() throws Exception {
        byte[] all = new byte[256 * 40];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        Files.write(temp.resolve("bytes"), all);
        script("cat bytes; printf 'no line feed at the end'\n");
        launch();
        ended();
        byte[] written = Files.readAllBytes(dir.file("output.log"));
        assertArrayEquals(all, java.util.Arrays.copyOf(written, all.length));
        assertTrue(output(written).endsWith("no line feed at the end"));
    }

    private static String output(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void bothStreams_areMergedInOrder() throws Exception {
        script("echo 1; echo 2 >&2; echo 3\n");
        launch();
        ended();
        assertEquals("1\n2\n3\n", output());
    }

    @Test
    void splitOutput_goesToTwoFiles() throws Exception {
        script("echo out; echo err >&2\n");
        launch(true, dir.path().toString(), "/bin/sh");
        assertEquals(OptionalInt.of(0), ended().exitCode());
        assertEquals("out\n", Files.readString(dir.file("stdout.log")));
        assertEquals("err\n", Files.readString(dir.file("stderr.log")));
        assertFalse(Files.exists(dir.file("output.log")));
    }

    @Test
    void largeScript_runsToItsEnd() throws Exception {
        script("# " + "x".repeat(200_000) + "\n".repeat(3) + "echo done\nexit 7\n");
        launch();
        assertEquals(OptionalInt.of(7), ended().exitCode());
        assertEquals("done\n", output());
    }

    @ParameterizedTest
    @ValueSource(strings = {DASH, BASH})
    void directoryGone_is126AndNothingRuns(String shell) throws Exception {
        script("echo ran >" + temp.resolve("ran") + "\n");
        List<String> arguments = new ArrayList<>(List.of(shell.split(" ")));
        List<String> usual = SupervisorText.arguments(
                false,
                Launcher.Logs.NONE,
                temp.resolve("no").toString(),
                List.of("/bin/sh", dir.file("script").toString()));
        arguments.addAll(usual.subList(1, usual.size()));
        try (Spawn spawn = new Spawn()) {
            supervisor = spawn.chdir(dir.path())
                    .openRead(0, "/dev/null")
                    .openWrite(3, "started")
                    .closeFrom(4)
                    .dup(3, 2)
                    .create(1, "output.log")
                    .start(arguments, environment());
        }
        assertEquals(OptionalInt.of(126), ended().exitCode());
        assertFalse(Files.exists(temp.resolve("ran")));
    }

    @Test
    void oddDirectory_isEntered() throws Exception {
        Path odd = Files.createDirectory(temp.resolve("-P größe $(x) 'a\n\"b"));
        script("pwd -P >where; echo ${OLDPWD-unset}\n");
        launch(false, odd.toString(), "/bin/sh");
        assertEquals(OptionalInt.of(0), ended().exitCode());
        assertEquals(odd.toRealPath() + "\n", Files.readString(odd.resolve("where")));
        assertEquals("unset\n", output());
    }

    @Test
    void interpreterMissing_is127() throws Exception {
        script("x\n");
        launch(false, temp.toString(), "/no/such/python");
        assertEquals(OptionalInt.of(127), ended().exitCode());
        assertTrue(output().contains("/no/such/python"), output());
    }

    @Test
    void secondLaunch_isRefusedByTheStartMark() throws Exception {
        script("echo once\n");
        launch();
        ended();
        PosixException e = assertThrows(
                PosixException.class,
                () -> new PosixLauncher()
                        .launch(new Launcher.Launch(
                                dir,
                                false,
                                Launcher.Logs.NONE,
                                temp.toString(),
                                List.of("/bin/sh", "x"),
                                environment(),
                                List.of())));
        assertEquals(17, e.errno());
        assertEquals("once\n", output());
    }

    /** The words go into the mark's own 512 bytes; where even that fails, the name alone tells the code. */
    @ParameterizedTest
    @ValueSource(strings = {DASH, BASH})
    void endingCannotBeWritten_theMarksNameTellsIt(String shell) throws Exception {
        script("exit 9\n");
        List<String> arguments = new ArrayList<>(List.of(shell.split(" ")));
        List<String> usual = SupervisorText.arguments(
                false,
                Launcher.Logs.NONE,
                temp.toString(),
                List.of("/bin/sh", dir.file("script").toString()));
        arguments.addAll(usual.subList(1, usual.size()));
        // `go` must be written or nothing runs, so the mark breaks only afterwards: by a limit on file sizes.
        String text = arguments.get(arguments.indexOf("-c") + 1);
        arguments.set(arguments.indexOf("-c") + 1, text.replace("code=$?", "code=$?; exec 3>/dev/full"));
        assertNotEquals(text, arguments.get(arguments.indexOf("-c") + 1));
        try (Spawn spawn = new Spawn()) {
            supervisor = spawn.chdir(dir.path())
                    .openRead(0, "/dev/null")
                    .openWrite(3, "started")
                    .closeFrom(4)
                    .dup(3, 2)
                    .create(1, "output.log")
                    .start(arguments, environment());
        }
        Mark mark = ended();
        assertEquals(Mark.Kind.EXIT, mark.kind());
        assertEquals(OptionalInt.of(9), mark.exitCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {DASH, BASH})
    void goCannotBeWritten_nothingRunsAndNoEndingIsClaimed(String shell) throws Exception {
        script("echo ran >" + temp.resolve("ran") + "\n");
        List<String> arguments = new ArrayList<>(List.of(shell.split(" ")));
        List<String> usual = SupervisorText.arguments(
                false,
                Launcher.Logs.NONE,
                temp.toString(),
                List.of("/bin/sh", dir.file("script").toString()));
        arguments.addAll(usual.subList(1, usual.size()));
        try (Spawn spawn = new Spawn()) {
            supervisor = spawn.chdir(dir.path())
                    .openRead(0, "/dev/null")
                    .openWrite(3, "/dev/full")
                    .closeFrom(4)
                    .dup(3, 2)
                    .create(1, "output.log")
                    .start(arguments, environment());
        }
        Mark mark = ended();
        assertEquals(OptionalInt.empty(), mark.exitCode());
        assertFalse(mark.begun());
        assertFalse(Files.exists(temp.resolve("ran")));
    }

    @Test
    void supervisorKilled_jobRunsOnAndHoldsTheLockUntilItEnds() throws Exception {
        script("while [ ! -e stop ]; do sleep 0.02; done\n");
        launch();
        await("it has begun", () -> mark().begun());
        int job = mark().jobPid().orElseThrow();
        processes.signal(
                processes.ofJob(cookie, 0).stream()
                        .filter(process -> process.pid() == supervisor)
                        .findFirst()
                        .orElseThrow(),
                SIGKILL);
        assertEquals(OptionalInt.empty(), ended().exitCode());
        assertTrue(locks.tryLock("job.lock").isEmpty());
        assertTrue(processes.ofJob(cookie, job).stream().anyMatch(process -> process.pid() == job));
        Files.createFile(temp.resolve("stop"));
        await("the lock is free", () -> locks.tryLock("job.lock").isPresent());
    }

    @Test
    void endingWritten_onlyAfterTheJobsFirstProcessEnded() throws Exception {
        script("sleep 60 & echo $!; exit 0\n");
        launch();
        assertEquals(OptionalInt.of(0), ended().exitCode());
        assertTrue(locks.tryLock("job.lock").isEmpty(), "what it left behind holds the lock");
    }

    @Test
    void ownPathInTheJobsEnvironment_stillRunsAndIsRecorded() throws Exception {
        script("echo $PATH\n");
        supervisor = new PosixLauncher()
                .launch(new Launcher.Launch(
                        dir,
                        false,
                        Launcher.Logs.NONE,
                        temp.toString(),
                        List.of("/bin/sh", dir.file("script").toString()),
                        List.of("PATH=/opt/nothing", "GPUSPOOL_COOKIE=" + cookie),
                        List.of(lock)));
        assertEquals(OptionalInt.of(0), ended().exitCode(), output());
        assertEquals("/opt/nothing\n", output());
    }

    // ---- Stopping
    // -----------------------------------------------------------------------------------------------------

    /** Steps until all are gone and nobody holds the lock, as the watcher does; says how long that took. */
    private Duration stop(Duration grace) {
        JobProcesses job = new JobProcesses(cookie, jobPid(), "job.lock", processes);
        Stopping stopping = new Stopping(job, () -> withoutSupervisor(job), grace);
        long begun = System.nanoTime();
        await("all are gone", () -> stopping.step(System.nanoTime()).isGone() && onlySupervisorHolds(job));
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private List<JobProcess> withoutSupervisor(JobProcesses job) throws IOException {
        return job.living().stream()
                .filter(process -> process.pid() != supervisor)
                .toList();
    }

    /** A process on its way through exec(2) shows no environment for a moment; the lock it holds tells of it. */
    private boolean onlySupervisorHolds(JobProcesses job) throws IOException {
        return job.lockHolders().stream().allMatch(process -> process.pid() == supervisor)
                && (mark().exitCode().isEmpty()
                        || locks.tryLock("job.lock").map(SupervisorTest::close).orElse(false));
    }

    private static boolean close(Lock lock) {
        lock.close();
        return true;
    }

    private int jobPid() {
        try {
            return mark().jobPid().orElse(0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void awaitOutput(String text) {
        await("the job says " + text, () -> output().contains(text));
    }

    @Test
    void termHonoured_endsBeforeItsGraceAndTheSupervisorRecordsTheCode() throws Exception {
        script("trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.01; done\n");
        launch();
        awaitOutput("up");
        Duration took = stop(Duration.ofSeconds(30));
        assertTrue(took.toSeconds() < 20, took.toString());
        assertEquals(OptionalInt.of(5), ended().exitCode());
        assertTrue(output().endsWith("bye\n"), output());
    }

    @Test
    void termIgnored_isKilledAfterItsGrace() throws Exception {
        script("trap '' TERM; echo up; while :; do sleep 0.05; done\n");
        launch();
        awaitOutput("up");
        Duration took = stop(Duration.ofMillis(200));
        assertTrue(took.toMillis() >= 200, took.toString());
        assertEquals(OptionalInt.of(137), ended().exitCode());
    }

    @Test
    void stoppedProcess_stillGetsItsTerm() throws Exception {
        script("trap 'exit 6' TERM; echo up; kill -STOP $$; while :; do sleep 0.01; done\n");
        launch();
        awaitOutput("up");
        await("it is stopped", () -> processes.ofJob(cookie, 0).stream().anyMatch(process -> process.state() == 'T'));
        stop(Duration.ofSeconds(30));
        assertEquals(OptionalInt.of(6), ended().exitCode());
    }

    @Test
    void strayInASessionOfItsOwn_isFoundAndKilled() throws Exception {
        script("setsid sh -c 'trap \"\" TERM HUP; echo up; while :; do sleep 0.05; done' & wait\n");
        launch();
        awaitOutput("up");
        stop(Duration.ofMillis(100));
        ended();
        assertEquals(List.of(), processes.ofJob(cookie, 0));
        assertTrue(locks.tryLock("job.lock").isPresent());
    }

    @Test
    void processesThatForkOnTerm_areAllGoneInTheEnd() throws Exception {
        script("""
                trap 'setsid sh -c "trap : TERM; while :; do sleep 0.05; done" & ' TERM
                echo up
                while :; do sleep 0.02; done
                """);
        launch();
        awaitOutput("up");
        stop(Duration.ofMillis(300));
        ended();
        assertEquals(List.of(), processes.ofJob(cookie, 0));
    }

    @Test
    void forkBomb_isOutrun() throws Exception {
        // Each of some thirty lines replaces itself again and again, in ever new sessions and deaf to TERM. (Lines
        // whose
        // processes live no longer than one look at the process table takes are not outrun so surely.)
        script("""
                trap '' TERM
                cat >again <<'END'
                trap '' TERM
                sleep 0.5
                setsid sh "$0" &
                END
                i=0
                while [ $i -lt 30 ]; do i=$((i + 1)); setsid sh again & done
                echo up
                while :; do sleep 0.05; done
                """);
        launch();
        awaitOutput("up");
        stop(Duration.ofMillis(100));
        ended();
        assertEquals(List.of(), processes.ofJob(cookie, 0));
        assertTrue(locks.tryLock("job.lock").isPresent());
    }

    @Test
    void nothingAlive_isGoneAtOnce() throws Exception {
        JobProcesses job = new JobProcesses(cookie, 0, "none.lock", processes);
        assertTrue(
                new Stopping(job, job::living, Duration.ofSeconds(30)).step(0).isGone());
        assertEquals(List.of(), job.lockHolders());
    }

    /** A process table that tells a made-up story: what was signalled, and one process that nothing can kill. */
    @Test
    void processThatSurvivesKill_isShownAsStuckAndAskedMoreSeldom() throws Exception {
        List<String> sent = new ArrayList<>();
        JobProcess stuck = new JobProcess(4711, 1, 4711, 'D', "python");
        var table = new gpuspool.posix.Processes() {
            @Override
            public List<JobProcess> ofJob(String anyCookie, int session) {
                return List.of(stuck);
            }

            @Override
            public List<JobProcess> holding(String lockName) {
                return List.of();
            }

            @Override
            public Optional<JobProcess> process(int pid, long startTicks) {
                return Optional.of(stuck);
            }

            @Override
            public Optional<Belonging> belonging(int pid) {
                return Optional.empty();
            }

            @Override
            public void signal(JobProcess process, int signal) {
                sent.add(process.pid() + ":" + signal);
            }
        };
        JobProcesses job = new JobProcesses(cookie, 4711, "job.lock", table);
        Stopping stopping = new Stopping(job, job::living, Duration.ofSeconds(1));
        assertEquals(new Stopping.Rest(List.of(stuck), false, Duration.ofMillis(50)), stopping.step(0));
        assertEquals(List.of("4711:" + SIGTERM, "4711:18"), sent);
        stopping.step(999_999_999L);
        assertEquals(2, sent.size(), "TERM is sent once");
        Stopping.Rest rest = stopping.step(1_000_000_000L);
        assertEquals(List.of("4711:19", "4711:9"), sent.subList(2, 4));
        for (int i = 0; i < 20; i++) {
            rest = stopping.step(2_000_000_000L + i);
        }
        assertEquals(new Stopping.Rest(List.of(stuck), true, Duration.ofSeconds(1)), rest);
    }

    private static Launcher.Logs logs(Path stdout, Path stderr) {
        return new Launcher.Logs(Optional.ofNullable(stdout), Optional.ofNullable(stderr));
    }

    private String read(String name) throws IOException {
        return Files.readString(temp.resolve(name));
    }

    @Test
    void outputElsewhere_isBegunAnewAndSaidInTheLog() throws Exception {
        Files.writeString(temp.resolve("it's, 1.log"), "of an earlier run, and longer than what comes now");
        script("echo out; echo err >&2; echo more\nexit 4\n");
        launch(false, logs(temp.resolve("it's, 1.log"), null), temp.toString(), "/bin/sh");
        assertEquals(OptionalInt.of(4), ended().exitCode());
        assertEquals("out\nerr\nmore\n", read("it's, 1.log"));
        assertEquals("output goes to " + temp.resolve("it's, 1.log") + "\n", output());
    }

    @Test
    void errorsElsewhere_leaveTheOutputWhereItIs() throws Exception {
        script("echo out; echo err >&2\n");
        launch(false, logs(null, temp.resolve("e.log")), temp.toString(), "/bin/sh");
        assertEquals(OptionalInt.of(0), ended().exitCode());
        assertEquals("err\n", read("e.log"));
        assertEquals("errors go to " + temp.resolve("e.log") + "\nout\n", output());
    }

    @Test
    void bothInOneFile_areBothWhole() throws Exception {
        Path one = temp.resolve("one.log");
        script("echo out; echo err >&2; echo more\n");
        launch(false, logs(one, one), temp.toString(), "/bin/sh");
        assertEquals(OptionalInt.of(0), ended().exitCode());
        assertEquals("out\nerr\nmore\n", read("one.log"));
    }

    @Test
    void splitWithErrorsElsewhere_keepsStdoutLog() throws Exception {
        script("echo out; echo err >&2\n");
        launch(true, logs(null, temp.resolve("e.log")), temp.toString(), "/bin/sh");
        assertEquals(OptionalInt.of(0), ended().exitCode());
        assertEquals("err\n", read("e.log"));
        assertTrue(Files.readString(dir.file("stdout.log")).endsWith("\nout\n"));
    }

    @Test
    void outputThatCannotBeOpened_endsItBeforeTheScriptAndSaysWhy() throws Exception {
        script("echo ran >ran\n");
        launch(false, logs(temp.resolve("none/x.log"), null), temp.toString(), "/bin/sh");
        assertEquals(OptionalInt.of(126), ended().exitCode());
        assertTrue(output().contains("none/x.log"), output());
        assertTrue(Files.notExists(temp.resolve("ran")));
    }
}
