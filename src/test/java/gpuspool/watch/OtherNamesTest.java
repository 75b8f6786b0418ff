package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.posix.ProcFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A machine that is called something else now, and two that are called the same. */
class OtherNamesTest {
    private static final Optional<String> CAFE = Optional.of("cafe");
    private static final long MINUTE = 60_000_000_000L;

    private FaultBed bed;

    @BeforeEach
    void open() throws IOException {
        bed = FaultBed.simulated(1);
    }

    @AfterEach
    void close() throws IOException {
        bed.close();
    }

    private void host(String name, String file, String text) throws IOException {
        Path directory = Files.createDirectories(bed.spool().resolve("hosts").resolve(name));
        Files.writeString(directory.resolve(file), text);
    }

    private Path runningAs(String host) throws IOException {
        return Files.createDirectory(bed.spool().resolve("running/x.1." + host));
    }

    private List<String> look(String boot) {
        new OtherNames(bed.setup(), boot, CAFE).look(0);
        return bed.attention().lines();
    }

    @Test
    void machineRenamed_jobsOfItsOldNameAreToldOfUntilTheyAreGone() throws IOException {
        host("old", "machine", "cafe\n");
        Path job = runningAs("old");
        OtherNames names = new OtherNames(bed.setup(), FaultBed.BOOT, CAFE);
        names.look(0);
        assertEquals(1, bed.attention().lines().size());
        assertTrue(
                bed.attention()
                        .lines()
                        .get(0)
                        .startsWith("this machine watched here as old before, and jobs of that name lie"
                                + " in running/, which nobody looks after."),
                bed.attention().lines()::toString);
        assertTrue(bed.attention()
                .lines()
                .get(0)
                .contains("write [hosts.box] and, in the line below, host = \"old\" into spool.toml"));
        Files.delete(job);
        names.look(MINUTE / 2);
        assertEquals(1, bed.attention().lines().size());
        names.look(MINUTE);
        assertEquals(List.of(), bed.attention().lines());
        assertEquals(1, bed.log().size(), bed.log()::toString);
    }

    @Test
    void watcherThatWasKilled_namesItsMachineToo() throws IOException {
        host("old", "watcher", "pid = 1\nboot = another\nmachine = cafe\n");
        Path unused = runningAs("old");
        assertEquals(1, look(FaultBed.BOOT).size());
    }

    @Test
    void nothingIsSaid_whereNothingIsLeftBehind() throws IOException {
        host("old", "machine", "cafe\n");
        assertEquals(List.of(), look(FaultBed.BOOT), "no jobs");
        host("far", "machine", "beef\n");
        Path unused = runningAs("far");
        assertEquals(List.of(), look(FaultBed.BOOT), "another machine's");
        new OtherNames(bed.setup(), FaultBed.BOOT, Optional.empty()).look(0);
        assertEquals(List.of(), bed.attention().lines(), "no id");
        long pid = ProcessHandle.current().pid();
        host(
                "old",
                "watcher",
                "pid = " + pid + "\npid_start = " + ProcFiles.startTicks(pid).orElseThrow()
                        + "\nboot = here\nmachine = cafe\n");
        unused = runningAs("old");
        assertEquals(List.of(), look("here"), "it is watched under that name");
    }

    @Test
    void otherMachineOfTheSameName_isToldOf() throws IOException {
        host(FaultBed.HOST, "machine", "beef\n");
        List<String> lines = look(FaultBed.BOOT);
        assertTrue(lines.get(0).startsWith("another machine watched here as box before."), lines::toString);
        bed.attention().clear("same name");
        host(FaultBed.HOST, "machine", "cafe\n");
        assertEquals(List.of(), look(FaultBed.BOOT));
    }
}
