package gpuspool.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user who may have too few open files or processes, from the start or, used up by other programs, later. */
class LimitsIT {
    private static final String SETPRIV = "/usr/bin/setpriv";
    /** All processes of a user count, so each test has one of its own that nobody else is. */
    private static long nextUser = 200_000 + 10 * (ProcessHandle.current().pid() % 100_000);

    @TempDir
    private Path temp;

    private final String user = Long.toString(nextUser++);
    private PackagedBed bed;

    @BeforeEach
    void makeBed() throws IOException {
        bed = new PackagedBed(temp, Path.of(System.getProperty("java.home")));
    }

    @AfterEach
    void endAll() throws IOException {
        bed.close();
    }

    @Test
    void tooFewOpenFiles_isSaidAtTheStart() throws Exception {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -n 60; exec \"$@\"", "sh"));
        command.addAll(bed.watchCommand("--once"));
        assertEquals(1, bed.run(command), bed.log());
        assertTrue(bed.log().contains("; raise the limit on open files (ulimit -n 1024)"), bed.log());
    }

    private List<String> asAnother(int processes, List<String> command) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                SETPRIV, "--reuid=" + user, "--regid=" + user, "--clear-groups", "prlimit", "--nproc=" + processes));
        all.addAll(command);
        Files.setPosixFilePermissions(bed.root, PosixFilePermissions.fromString("rwxrwxrwx"));
        return all;
    }

    private static void assumeOthers() {
        assumeTrue("root".equals(System.getProperty("user.name")), "not root");
        assumeTrue(Files.isExecutable(Path.of(SETPRIV)), "no setpriv");
    }

    @Test
    void tooFewThreads_isSaidAtTheStart() throws Exception {
        assumeOthers();
        // How many a Java machine needs for itself depends on the machine: enough for that, and for nothing more.
        int exit = 0;
        for (int threads = 26; exit == 0 && threads > 8; threads -= 2) {
            Files.deleteIfExists(bed.root.resolve("log"));
            exit = bed.run(asAnother(threads, bed.watchCommand("--once")));
        }
        assertEquals(75, exit, bed.log());
        assertTrue(bed.log().contains("(ulimit -u, or the limit of its container); end some"), bed.log());
    }

    @Test
    void processesUsedUpLater_runningJobsEndTrulyAndTheOthersStartWhenThereIsRoom() throws Exception {
        assumeOthers();
        Process watcher = bed.start(asAnother(60, bed.watchCommand()));
        bed.await("it watches", () -> watcher.isAlive() && bed.log().contains("watching "));
        bed.drop("runs.job", "while [ ! -e go ]; do :; done\nexit 7\n");
        bed.await("it runs", () -> bed.log().contains("launch runs.1"));
        // Threads that the watcher had at its start may still come to their end, and make room for one more.
        String last = "";
        for (int i = 1; !bed.log().contains("ulimit -u"); i++) {
            // Ends when it cannot begin one more.
            bed.run(asAnother(60, List.of("/bin/sh", "-c", "while :; do sleep 300 & done")));
            last = "next" + i + ".1";
            String id = last;
            bed.drop("next" + i + ".job", "exit 3\n");
            bed.await(
                    "it runs, or is put off",
                    () -> bed.log().contains("ulimit -u") || bed.log().contains("finished " + id));
        }
        Files.createFile(bed.root.resolve("go"));
        assertEquals("7", PackagedBed.fact(bed.awaitFiled("runs.1"), "exit"));
        bed.kill("sleep");
        // Another one need not wait until it is tried again.
        watcher.destroyForcibly().waitFor();
        bed.start(asAnother(60, bed.watchCommand()));
        assertEquals("3", PackagedBed.fact(bed.awaitFiled(last), "exit"));
    }
}
