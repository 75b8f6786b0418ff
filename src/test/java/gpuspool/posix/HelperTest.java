package gpuspool.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HelperTest {
    private static final List<String> ENVIRONMENT = List.of("PATH=" + System.getenv("PATH"), "WHO=me");
    private static final String ECHO = "while read -r line; do echo \"got $line\"; done; echo over; exit 3";

    @TempDir
    private Path temp;

    private final Children children = new Children();
    private final List<Helper> helpers = new ArrayList<>();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();

    private final Helper.Listener ears = new Helper.Listener() {
        @Override
        public void said(String line) {
            heard.add(line);
        }

        @Override
        public void ended(String how) {
            heard.add("[" + how + "]");
        }
    };

    @AfterEach
    void endAll() throws IOException {
        for (Helper helper : helpers) {
            helper.kill();
        }
        children.close();
    }

    private Helper start(String line) {
        return start(List.of("/bin/sh", "-c", line));
    }

    private Helper start(List<String> command) {
        Helper helper = Helper.start(command, ENVIRONMENT, ears);
        helpers.add(helper);
        return helper;
    }

    private void awaitHeard(String... lines) {
        Children.await("it says " + List.of(lines), () -> List.copyOf(heard).equals(List.of(lines)));
    }

    @Test
    void linesGoBothWays_andItEndsWhenItsStdinDoes() {
        Helper helper = start(ECHO);
        helper.send("one");
        helper.send("two");
        awaitHeard("got one", "got two");
        helper.close();
        helper.send("lost");
        awaitHeard("got one", "got two", "over", "[ended with exit status 3]");
        int pid = helper.pid().orElseThrow();
        assertFalse(Files.exists(Path.of("/proc/" + pid)), "it was reaped");
    }

    @Test
    void closedBeforeItIsThere_hearsAllTheSame() {
        Helper helper = start(ECHO);
        helper.send("one");
        helper.close();
        awaitHeard("got one", "over", "[ended with exit status 3]");
    }

    @Test
    void stderrAndALastLineWithoutAnEnd_areHeard() {
        start("echo $WHO >&2; printf half");
        awaitHeard("me", "half", "[ended with exit status 0]");
    }

    @Test
    void hugeLine_isCut() {
        start("head -c 1000000 /dev/zero | tr '\\0' x; echo; echo after");
        Children.await("it has ended", () -> heard.size() == 3);
        assertEquals(4096, heard.remove().length());
        assertEquals("after", heard.remove());
    }

    @Test
    void programThatIsNotThere_isTold() {
        Helper helper = start(List.of(temp.resolve("none").toString()));
        awaitHeard("[could not be started: start " + temp.resolve("none") + ": No such file or directory (errno 2)]");
        assertTrue(helper.pid().isEmpty());
        helper.send("nobody hears");
        helper.close();
    }

    @Test
    void deafOne_isKilledAndHoldsNobodyUp() throws IOException {
        Helper helper = start("echo up; exec sleep 1000");
        awaitHeard("up");
        for (int i = 0; i < 100_000; i++) {
            helper.send("more than a pipe takes");
        }
        assertEquals(1, heard.size());
        helper.kill();
        awaitHeard("up", "[was ended by signal 9]");
        helper.kill();
    }

    @Test
    void itHasNoDescriptorOfOurs_andNobodyElseHasItsStdin() throws IOException {
        start("ls /proc/$$/fd; echo up; read -r line; echo over");
        awaitHeard("0", "1", "2", "up");
        try (Spawn spawn = new Spawn()) {
            // A job, which outlives us, would keep the stdin open.
            spawn.openRead(0, "/dev/null").openAppend(1, "/dev/null").dup(1, 2).closeFrom(3);
            int job = spawn.start(List.of("/bin/sleep", "1000"), ENVIRONMENT);
            try {
                helpers.get(0).close();
                awaitHeard("0", "1", "2", "up", "over", "[ended with exit status 0]");
            } finally {
                Children.kill(job);
                Spawn.awaitEnd(job);
            }
        }
    }

    /** A process with two helpers and a job; see the test below. */
    static final class Starter {
        private Starter() {}

        public static void main(String[] args) throws Exception {
            for (String name : List.of("one", "two")) {
                Helper unused = Helper.start(
                        List.of("/bin/sh", "-c", "echo $$ > " + args[0] + "/" + name + "; while read -r l; do :; done"),
                        ENVIRONMENT,
                        new Helper.Listener() {
                            @Override
                            public void said(String line) {}

                            @Override
                            public void ended(String how) {}
                        });
                Children.awaitLine(Path.of(args[0], name));
            }
            try (Spawn spawn = new Spawn()) {
                spawn.openRead(0, "/dev/null")
                        .openAppend(1, "/dev/null")
                        .dup(1, 2)
                        .closeFrom(3);
                int job = spawn.start(List.of("/bin/sleep", "1000"), ENVIRONMENT);
                Files.writeString(Path.of(args[0], "job"), job + "\n");
            }
            Thread.sleep(Long.MAX_VALUE);
        }
    }

    @Test
    void starterKilled_helpersEndAndItsJobLivesOn() throws IOException {
        Process starter = children.jvm(Map.of(), List.of(), Starter.class, temp.toString());
        long job = Long.parseLong(Children.awaitLine(temp.resolve("job")));
        try {
            List<Long> pids = List.of(
                    Long.parseLong(Children.awaitLine(temp.resolve("one"))),
                    Long.parseLong(Children.awaitLine(temp.resolve("two"))));
            for (long pid : pids) {
                assertTrue(Files.exists(Path.of("/proc/" + pid)));
            }
            Children.kill(starter.pid());
            for (long pid : pids) {
                Children.await(
                        "helper " + pid + " ends",
                        () -> ProcFiles.stat(pid)
                                .map(fields -> fields[0].equals("Z"))
                                .orElse(true));
            }
            assertTrue(ProcFiles.stat(job).isPresent());
        } finally {
            Children.kill(job);
        }
    }
}
