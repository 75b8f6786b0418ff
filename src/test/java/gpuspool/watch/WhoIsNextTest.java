package gpuspool.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who passes whom, and whose limit keeps whom back, by the real watcher. */
@Timeout(90)
final class WhoIsNextTest {
    private static final String UNTIL_TOLD = "echo on\nwhile [ ! -e $GPUSPOOL_JOB.go ]; do sleep 0.1; done\n";
    private static final int SOMEBODY_ELSE = 12_345;

    @TempDir
    private Path temp;

    private WatcherBed bed;
    private Path settings;

    @BeforeEach
    void open() throws IOException {
        bed = new WatcherBed(temp);
        settings = Files.createDirectory(bed.spool).resolve("spool.toml");
    }

    @AfterEach
    void close() throws IOException {
        bed.close();
    }

    private void set(String text) throws IOException {
        Files.move(Files.writeString(temp.resolve("draft.toml"), text), settings, StandardCopyOption.ATOMIC_MOVE);
    }

    private void runs(String name, String keys) throws IOException {
        bed.drop(name + ".job", "#GPUSPOOL " + keys + "\n" + UNTIL_TOLD);
        bed.awaitOutput(name + ".1", "on\n");
    }

    private void end(String name) throws IOException {
        Files.createFile(bed.spool.resolveSibling(name + ".go"));
        bed.awaitFiled(name + ".1");
    }

    private void awaitWhy(String name, String pattern) {
        Pattern line = Pattern.compile("(?m)^" + name + "\\.job\t" + pattern + "$");
        bed.await(name + " waits: " + pattern, () -> line.matcher(bed.waiting()).find());
    }

    private static final String SINCE = "which runs since \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";

    @Test
    void jobThatGathers_isPassedOnlyByOneWhoseTimeProvesNoDelay() throws Exception {
        bed.watch("sim:2");
        runs("old", "time=1h");
        bed.drop("pair.job", "#GPUSPOOL gpus=2\necho paired\n");
        awaitWhy("pair", "needs 2 GPUs, 1 kept for it, 0 free; GPU 0: used by old.1 since [-0-9TZ:]+");
        bed.drop("endless.job", "echo never before pair\n");
        awaitWhy("endless", "behind pair\\.job, which gathers 2 GPUs; a job without time does not pass it");
        bed.drop("longer.job", "#GPUSPOOL time=2h\ntrue\n");
        awaitWhy(
                "longer",
                "behind pair\\.job, which gathers 2 GPUs; with its time and grace, 2h30s, this one might run longer than until it has them");
        bed.drop("brief.job", "#GPUSPOOL time=10s\necho $GPUSPOOL_GPUS\n");
        assertEquals("1\n", WatcherBed.output(bed.awaitFiled("brief.1")), "the card that was kept for pair");
        awaitWhy("pair", "needs 2 GPUs, 1 kept for it, 0 free; GPU 0: used by old.1 since [-0-9TZ:]+");
        end("old");
        Path pair = bed.awaitFiled("pair.1");
        Path endless = bed.awaitFiled("endless.1");
        assertTrue(
                WatcherBed.fact(pair, "started").compareTo(WatcherBed.fact(endless, "started")) < 0,
                "pair started first");
    }

    @Test
    void oneWithoutTimeRuns_nobodyPasses_untilMaxBypassLetsThem() throws Exception {
        bed.watch("sim:2");
        runs("old", "gpus=1");
        bed.drop("pair.job", "#GPUSPOOL gpus=2\ntrue\n");
        awaitWhy("pair", "needs 2 GPUs, 1 kept for it, .*");
        bed.drop("brief.job", "#GPUSPOOL time=10s\ntrue\n");
        awaitWhy(
                "brief",
                "behind pair\\.job, which gathers 2 GPUs; nobody knows when it has them, for old.1, " + SINCE
                        + " and nothing says how much longer");
        set("max_bypass = '1h'\n");
        bed.awaitFiled("brief.1");
        awaitWhy("pair", "needs 2 GPUs, 1 free; .*; others may pass it until it has waited 1h \\(max_bypass\\)");
    }

    @Test
    void maxBypassIsOver_itGathers() throws Exception {
        set("max_bypass = '3s'\n");
        bed.watch("sim:2");
        runs("old", "gpus=1");
        bed.drop("pair.job", "#GPUSPOOL gpus=2\ntrue\n");
        awaitWhy("pair", "needs 2 GPUs, 1 kept for it, .*");
    }

    @Test
    void maxGpusPerUser_keepsTheOthersOfThatUserBack() throws Exception {
        set("max_gpus_per_user = 1\n");
        bed.watch("sim:3");
        runs("first", "gpus=1");
        bed.drop("second.job", "true\n");
        awaitWhy("second", "its owner has 1 GPU in use, max_gpus_per_user is 1; longest: first.1, " + SINCE);
        bed.drop("cpu.job", "#GPUSPOOL gpus=0\ntrue\n");
        bed.awaitFiled("cpu.1");
        assertEquals(1, bed.names("incoming").size(), "second waits still");
        set("max_gpus_per_user = 2\n");
        bed.awaitFiled("second.1");
    }

    @Test
    void maxGpusPerUser_leavesOtherUsersAlone() throws Exception {
        assumeTrue(
                (int) Files.getAttribute(temp, "unix:uid") == 0
                        && System.getProperty("user.name").equals("root"),
                "only root can drop a file that is another's");
        set("max_gpus_per_user = 1\n");
        bed.watch("sim:2");
        runs("first", "gpus=1");
        bed.drop("second.job", "true\n");
        awaitWhy("second", "its owner has 1 GPU in use, .*");
        Path draft = Files.writeString(temp.resolve("others"), "true\n");
        Files.setAttribute(draft, "unix:uid", SOMEBODY_ELSE);
        Files.move(draft, bed.incoming("other.job"));
        assertEquals(Integer.toString(SOMEBODY_ELSE), WatcherBed.fact(bed.awaitFiled("other.1"), "owner"));
        assertEquals(1, bed.names("incoming").size(), "second waits still");
    }

    @Test
    void maxJobsPerUser_countsJobsWithoutGpuToo() throws Exception {
        set("max_jobs_per_user = 1\n");
        bed.watch("sim:2");
        runs("first", "gpus=0");
        bed.drop("second.job", "true\n");
        bed.drop("cpu.job", "#GPUSPOOL gpus=0\ntrue\n");
        awaitWhy("second", "its owner has 1 job running, max_jobs_per_user is 1; longest: first.1, " + SINCE);
        awaitWhy("cpu", "its owner has 1 job running, max_jobs_per_user is 1; longest: first.1, " + SINCE);
        end("first");
        bed.awaitFiled("second.1");
        bed.awaitFiled("cpu.1");
    }
}
