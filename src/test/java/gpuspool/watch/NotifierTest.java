package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody is told when a job has ended. */
class NotifierTest {
    @TempDir
    Path temp;

    private Path told() {
        return temp.resolve("told");
    }

    private List<String> toldLines() throws IOException {
        return Files.exists(told()) ? Files.readAllLines(told()) : List.of();
    }

    @Test
    void jobsOwnCommand_knowsHowItEnded() throws Exception {
        try (WatcherBed bed = new WatcherBed(temp)) {
            bed.environment.put("GPUSPOOL_RETRY_DELAY", "0s");
            Path script = Files.writeString(temp.resolve("tell"), """
                    echo "$GPUSPOOL_ID $GPUSPOOL_ENDING $GPUSPOOL_EXIT $GPUSPOOL_ELAPSED gpus=$GPUSPOOL_GPUS" >>"$TOLD"
                    echo "cuda=$CUDA_VISIBLE_DEVICES cookie=$GPUSPOOL_COOKIE $(basename "$PWD") $GPUSPOOL_DIR" >>"$TOLD"
                    printf '%s' "$GPUSPOOL_LOG_TAIL" | tail -c 9 >>"$TOLD"
                    echo ${#GPUSPOOL_LOG_TAIL} >>"$TOLD"
                    """);
            assertEquals(0, bed.once("sim:1"), "makes the spool");
            bed.drop("x.toml", """
                    command = "yes 123456789 | head -c 9000; echo; echo last one; exit 3"
                    retries = 1
                    notify = ["sh", "%s"]
                    env.TOLD = "%s"
                    """.formatted(script, told()));
            assertEquals(0, bed.once("sim:1"), "it waits for the command");
            Path filed = bed.filed("x.2").toRealPath();
            List<String> lines = toldLines();
            assertEquals(
                    List.of(
                            filed.getFileName() + " exited 3 0 gpus=0",
                            "cuda= cookie= " + filed.getFileName() + " " + filed,
                            "last one",
                            "4096"),
                    lines,
                    "of the last run alone");
        }
    }

    @Test
    void sweepAndRefusedDependant_areToldOfByTheirOwnCommands() throws Exception {
        try (WatcherBed bed = new WatcherBed(temp)) {
            Path script = Files.writeString(
                    temp.resolve("tell"), "echo \"$GPUSPOOL_JOB $GPUSPOOL_ENDING\" >>" + told() + "\n");
            assertEquals(0, bed.once("sim:1"), "makes the spool");
            bed.drop("s.toml", "command = \"exit 3\"\nnotify = [\"sh\", \"%s\"]\nsweep.n = [1]\n".formatted(script));
            assertEquals(0, bed.once("sim:1"));
            bed.drop("z.toml", "command = \"true\"\nafter = \"s\"\nnotify = [\"sh\", \"%s\"]\n".formatted(script));
            assertEquals(0, bed.once("sim:1"));
            assertEquals(
                    List.of("s some failed", "s-00001 exited", "z refused"),
                    toldLines().stream().sorted().toList());
        }
    }

    @Test
    void usersProgram_isRunForAllAndFailuresAreToldOnce() throws Exception {
        try (WatcherBed bed = new WatcherBed(temp)) {
            Path program = temp.resolve("home/.config/gpuspool/notify");
            Files.createDirectories(program.getParent());
            Files.writeString(
                    program,
                    "#!/bin/sh\necho $GPUSPOOL_JOB $GPUSPOOL_ENDING >>" + told() + "\necho no mail here >&2\nexit 4\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            bed.environment.put("HOME", temp.resolve("home").toString());
            assertEquals(0, bed.once("sim:1"));
            bed.drop("a.job", "true\n");
            bed.drop("b.job", "#GPUSPOOL gpus=none\n");
            bed.drop("c.job", "#GPUSPOOL notify=true\nfalse\n");
            assertEquals(0, bed.once("sim:1"));
            assertEquals(
                    List.of("a exited", "b refused"),
                    toldLines().stream().sorted().toList());
            long said = bed.log()
                    .lines()
                    .filter(line -> line.contains("its notify command failed: exit 4: no mail here."))
                    .count();
            assertEquals(1, said, bed.log());
            assertTrue(Files.exists(bed.filed("a.1").resolve("exit.0")));
        }
    }
}
