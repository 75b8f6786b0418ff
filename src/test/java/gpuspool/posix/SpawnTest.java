package gpuspool.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpawnTest {
    @TempDir
    private Path temp;

    private final Children children = new Children();
    private final List<Integer> pids = new ArrayList<>();

    @AfterEach
    void killChildren() throws IOException {
        children.close();
        for (int pid : pids) {
            Spawn.reap(pid);
        }
    }

    private static final List<String> PATH = List.of("PATH=" + System.getenv("PATH"));

    /** Runs a shell line with its output in a file, and returns what it wrote. */
    private String run(String line) throws IOException {
        Path out = temp.resolve("out");
        try (Spawn spawn = new Spawn()) {
            start(
                    spawn.openRead(0, "/dev/null")
                            .create(1, out.toString())
                            .dup(1, 2)
                            .closeFrom(3),
                    line);
        }
        return Files.readString(out);
    }

    private int start(Spawn spawn, String line) throws IOException {
        int pid = spawn.start(List.of("/bin/sh", "-c", line), PATH);
        pids.add(pid);
        awaitEnd(pid);
        return pid;
    }

    private static void awaitEnd(int pid) {
        long ticks = ProcFiles.startTicks(pid).orElse(-1);
        Children.await("process " + pid + " ends", () -> !ProcFiles.isAlive(pid, ticks));
    }

    @Test
    void child_leadsASessionOfItsOwn() throws Exception {
        String[] stat = run("cat /proc/$$/stat").split(" ");
        assertEquals(stat[0], stat[5], "session");
        assertEquals(stat[0], stat[4], "process group");
        assertEquals(Long.toString(ProcessHandle.current().pid()), stat[3], "parent");
    }

    @Test
    void child_hasNoDescriptorButThoseNamed() throws Exception {
        try (FileInputStream leak = new FileInputStream("/etc/passwd")) {
            assertTrue(leak.getFD().valid());
            assertEquals("0\n1\n2\n", run("ls /proc/$$/fd"));
        }
    }

    @Test
    void descriptorsHandedDown_areTheFilesNamed() throws Exception {
        Files.writeString(temp.resolve("read-me"), "hello\n");
        Files.writeString(temp.resolve("mark"), "........\n");
        Files.writeString(temp.resolve("log"), "first\n");
        try (Spawn spawn = new Spawn()) {
            spawn.chdir(temp)
                    .openRead(0, "read-me")
                    .openWrite(3, "mark")
                    .openAppend(4, "log")
                    .closeFrom(5)
                    .create(1, "out");
            start(spawn, "cat; printf 'ab\\n' >&3; echo second >&4");
        }
        assertEquals("hello\n", Files.readString(temp.resolve("out")));
        assertEquals("ab\n.....\n", Files.readString(temp.resolve("mark")));
        assertEquals("first\nsecond\n", Files.readString(temp.resolve("log")));
    }

    @Test
    void child_hasAllSignalsAtDefaultAndNoneBlocked() throws Exception {
        // Not asked of a shell, which blocks signals for a moment whenever it forks.
        Path out = temp.resolve("out");
        try (Spawn spawn = new Spawn()) {
            spawn.openRead(0, "/dev/null").create(1, out.toString()).closeFrom(3);
            int pid = spawn.start(List.of("/bin/cat", "/proc/self/status"), PATH);
            pids.add(pid);
            awaitEnd(pid);
        }
        String status = Files.readString(out);
        assertEquals(0, mask(status, "SigBlk"), "blocked");
        assertEquals(0, mask(status, "SigIgn") & 0x7fffffffL, "ignored");
    }

    /** As under nohup(1), whose ignored SIGHUP a job must not inherit. */
    @Test
    void jvmThatIgnoresSignals_childHasThemAtDefault() throws Exception {
        Path out = temp.resolve("out");
        List<String> java = new ArrayList<>(List.of(
                "sh",
                "-c",
                "trap '' HUP INT QUIT TERM USR1 PIPE; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xrs",
                "-cp",
                System.getProperty("java.class.path"),
                "--enable-native-access=ALL-UNNAMED",
                SpawnOne.class.getName(),
                out.toString()));
        Process jvm = children.start(java.toArray(String[]::new));
        assertEquals("", new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, jvm.waitFor());
        String status = Children.awaitLine(out);
        assertEquals(0, mask(status, "SigBlk"), "blocked");
        assertEquals(0, mask(status, "SigIgn") & 0x7fffffffL, "ignored");
    }

    static final class SpawnOne {
        private SpawnOne() {}

        public static void main(String[] args) throws IOException {
            try (Spawn spawn = new Spawn()) {
                spawn.openRead(0, "/dev/null")
                        .create(1, args[0])
                        .closeFrom(3)
                        .start(List.of("/bin/cat", "/proc/self/status"), List.of());
            }
        }
    }

    private static long mask(String status, String name) {
        String line = status.lines()
                .filter(text -> text.startsWith(name + ":"))
                .findFirst()
                .orElseThrow();
        return Long.parseUnsignedLong(line.substring(name.length() + 1).strip(), 16);
    }

    @Test
    void missingProgram_isAnErrorAndLeavesNoChild() throws Exception {
        long before = ProcessHandle.current().children().count();
        try (Spawn spawn = new Spawn()) {
            PosixException e = assertThrows(PosixException.class, () -> spawn.start(List.of("/no/such/program"), PATH));
            assertEquals(Errno.ENOENT, e.errno());
            assertEquals("start /no/such/program: No such file or directory (errno 2)", e.getMessage());
        }
        assertEquals(before, ProcessHandle.current().children().count());
    }

    @Test
    void missingDirectory_isAnErrorAndNothingIsCreated() throws Exception {
        try (Spawn spawn = new Spawn()) {
            spawn.chdir(temp.resolve("no")).create(1, temp.resolve("out").toString());
            PosixException e = assertThrows(PosixException.class, () -> spawn.start(List.of("/bin/true"), PATH));
            assertEquals(Errno.ENOENT, e.errno());
        }
        assertFalse(Files.exists(temp.resolve("out")));
    }

    @Test
    void secondStartWithTheSameStartMark_failsAndRunsNothing() throws Exception {
        Path ran = temp.resolve("ran");
        for (int i = 0; i < 2; i++) {
            try (Spawn spawn = new Spawn()) {
                spawn.chdir(temp).openRead(0, "/dev/null").closeFrom(3).create(1, "output.log");
                if (i == 0) {
                    start(spawn, "echo once >>" + ran);
                } else {
                    PosixException e = assertThrows(PosixException.class, () -> start(spawn, "echo twice >>" + ran));
                    assertEquals(Errno.EEXIST, e.errno());
                }
            }
        }
        assertEquals("once\n", Files.readString(ran));
    }

    @Test
    void manyStartsAtOnceWithOneStartMark_exactlyOneRuns() throws Exception {
        Path ran = temp.resolve("ran");
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                try (Spawn spawn = new Spawn()) {
                    spawn.chdir(temp).openRead(0, "/dev/null").closeFrom(3).create(1, "output.log");
                    int pid = spawn.start(List.of("/bin/sh", "-c", "echo once >>" + ran), PATH);
                    awaitEnd(pid);
                    Spawn.reap(pid);
                } catch (IOException e) {
                    assertEquals(Errno.EEXIST, ((PosixException) e).errno());
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals("once\n", Files.readString(ran));
    }

    @Test
    void argumentsAndEnvironment_areTheirUtf8BytesWhateverTheyHold() throws Exception {
        List<String> odd = List.of("größe €𝄞", "", "a b", "line\nfeed", "'\"$\\", "\u0001", "\u00e9");
        Path out = temp.resolve("out");
        List<String> arguments = new ArrayList<>(
                List.of("/bin/sh", "-c", "printf '%s\\0' \"$@\"; printf '%s\\0' \"$ODD\"; env -0 | grep -zc .", "sh"));
        arguments.addAll(odd);
        List<String> environment = new ArrayList<>(PATH);
        environment.add("ODD=größe\n€𝄞=");
        int pid;
        try (Spawn spawn = new Spawn()) {
            pid = spawn.openRead(0, "/dev/null")
                    .create(1, out.toString())
                    .closeFrom(3)
                    .start(arguments, environment);
        }
        pids.add(pid);
        awaitEnd(pid);
        byte[] expected = odd.stream()
                .map(text -> text + "\0")
                .collect(Collectors.joining("", "", "größe\n€𝄞=\0"))
                .getBytes(StandardCharsets.UTF_8);
        byte[] written = Files.readAllBytes(out);
        assertArrayEquals(expected, java.util.Arrays.copyOf(written, expected.length));
        // PATH, ODD, and the PWD (and with some shells SHLVL and _) that the shell itself adds.
        String count = new String(written, expected.length, written.length - expected.length, StandardCharsets.UTF_8);
        assertTrue(Integer.parseInt(count.strip()) <= 5, count);
    }

    @Test
    void directoryWithOddBytes_isEntered() throws Exception {
        String name = children.output(
                "sh", "-c", "cd \"$1\"; d=$(printf 'caf\\351'); mkdir \"$d\"; echo ok", "sh", temp.toString());
        assertEquals("ok\n", name);
        Path odd;
        try (var entries = Files.newDirectoryStream(temp)) {
            odd = entries.iterator().next();
        }
        try (Spawn spawn = new Spawn()) {
            start(spawn.chdir(odd).openRead(0, "/dev/null").closeFrom(3).create(1, "here"), "true");
        }
        assertEquals("here\n", children.output("sh", "-c", "ls \"$1\"/caf*", "sh", temp.toString()));
    }

    @Test
    void tooMuchEnvironment_isE2big() throws Exception {
        try (Spawn spawn = new Spawn()) {
            PosixException e = assertThrows(
                    PosixException.class,
                    () -> spawn.start(List.of("/bin/true"), List.of("BIG=" + "x".repeat(200_000))));
            assertEquals(Errno.E2BIG, e.errno());
        }
    }

    @Test
    void endedChild_isAZombieUntilItIsReaped() throws Exception {
        try (Spawn spawn = new Spawn()) {
            int pid = start(spawn, "exit 3");
            assertEquals("Z", ProcFiles.stat(pid).orElseThrow()[0]);
            Spawn.reap(pid);
            assertTrue(ProcFiles.stat(pid).isEmpty());
            Spawn.reap(pid);
        }
    }

    @Test
    void environment_isExactlyWhatWasGiven() throws Exception {
        Path out = temp.resolve("out");
        try (Spawn spawn = new Spawn()) {
            int pid = spawn.openRead(0, "/dev/null")
                    .create(1, out.toString())
                    .start(List.of("/usr/bin/env"), List.of("A=1", "B="));
            pids.add(pid);
            awaitEnd(pid);
        }
        assertEquals(
                Map.of("A", "1", "B", ""),
                Files.readAllLines(out).stream()
                        .collect(Collectors.toMap(line -> line.substring(0, 1), line -> line.substring(2))));
    }
}
