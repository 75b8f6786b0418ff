package gpuspool.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gpuspool.spool.DiskFs;
import gpuspool.spool.SpoolMaker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another user is told who may not read something. */
class DeniedIT {
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final String WHO = ": permission denied: you are nobody, and ";
    private static final String HELP = "; ask its owner or root for access, or be them (sudo -u USER gpuspool …)";

    @TempDir
    Path programs;

    @TempDir
    Path directory;

    private Path program;
    private Path spool;

    @BeforeAll
    static void needsAnotherUser() {
        assumeTrue("root".equals(System.getProperty("user.name")), "not root");
        assumeTrue(Files.isExecutable(SETPRIV), "no setpriv");
    }

    @BeforeEach
    void makeSpool() throws IOException {
        allow(programs, "rwxr-xr-x");
        allow(directory, "rwxr-xr-x");
        program = Files.copy(Path.of("target/gpuspool"), programs.resolve("gpuspool"));
        allow(program, "rwxr-xr-x");
        spool = SpoolMaker.make(directory.toRealPath().resolve("spool"), new DiskFs())
                .root();
    }

    private static void allow(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private String asNobody(int status, String... words) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(SETPRIV.toString(), "--reuid=65534", "--regid=65534", "--clear-groups", program.toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("--spool", spool.toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.getRoot().toFile())
                .redirectErrorStream(true);
        builder.environment().put("GPUSPOOL_JAVA", System.getProperty("java.home"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(status, process.exitValue(), said);
        return said;
    }

    @Test
    void logThatMayNotBeRead_isTold() throws Exception {
        Path job = Files.createDirectory(spool.resolve("done/exp1.1.box"));
        Files.writeString(job.resolve("exp1.job"), "true\n");
        Files.writeString(job.resolve("status"), "name = exp1.job\nending = exited\n");
        Files.createFile(job.resolve("exit.0"));
        Path log = Files.createFile(job.resolve("output.log"));
        allow(log, "rw-------");
        String why = log + WHO + "it belongs to root (rw-------)" + HELP;
        assertEquals("gpuspool log: " + why + "\n", asNobody(1, "log", "exp1"));
        String page = asNobody(0, "show", "exp1");
        assertTrue(page.endsWith("--- output.log\n(" + why + ")\n"), page);
    }

    @Test
    void spoolThatMayNotBeSeen_isNotSaidToBeMissing() throws Exception {
        allow(directory, "rwx------");
        String why = spool + WHO + directory.toRealPath() + " belongs to root (rwx------)" + HELP + "\n";
        assertEquals("gpuspool status: " + why, asNobody(1));
        assertEquals("gpuspool show: " + why, asNobody(1, "show", "x"));
        assertEquals("gpuspool status: " + why, asNobody(1, "status", "--json"));
    }

    @Test
    void spoolThatMayNotBeEntered_isToldToo() throws Exception {
        allow(spool, "rw-r--r--");
        String said = asNobody(1, "cancel", "x");
        assertTrue(said.startsWith("gpuspool cancel: " + spool), said);
        assertTrue(said.contains(WHO + spool + " belongs to root (rw-r--r--)"), said);
    }
}
