package gpuspool.watch;

import static gpuspool.watch.WatcherBed.fact;
import static gpuspool.watch.WatcherBed.output;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scripts for Slurm under the real watcher: what they find, and what is told of them. */
@Timeout(60)
final class SlurmScriptTest {
    @TempDir
    private Path temp;

    private WatcherBed bed;

    @BeforeEach
    void open() throws IOException {
        bed = new WatcherBed(temp);
    }

    @AfterEach
    void close() throws IOException {
        bed.close();
    }

    /** A program of this name that stands in for the real one. */
    private void standIn(String name, String script) throws IOException {
        Path bin = Files.createDirectories(temp.resolve("bin"));
        Path program = Files.writeString(bin.resolve(name), script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        bed.environment.put("PATH", bin + ":" + System.getenv("PATH"));
    }

    @Test
    void sample_runsUnchangedAndWhatIsIgnoredIsTold() throws Exception {
        standIn("python3", "#!/bin/sh\necho \"threads $OMP_NUM_THREADS in $PWD on $CUDA_VISIBLE_DEVICES\"\n");
        bed.environment.put("SLURM_JOB_ID", "7");
        bed.environment.put("SLURM_STEP_ID", "8");
        bed.watch("sim:2");
        bed.drop("slurm.job", Files.readString(Path.of("samples/slurm.job")) + "env | grep -c ^SLURM_STEP_ID\ntrue\n");
        Path filed = bed.awaitFiled("slurm.1");
        assertTrue(filed.startsWith(bed.spool.resolve("done")), output(filed));
        String host = filed.getFileName().toString().replace("slurm.1.", "");
        assertTrue(
                output(filed)
                        .matches("mnist: job [1-9]\\d{8} on " + host + ", 1 GPU, 4 threads\nthreads 4 in "
                                + bed.spool.getParent() + " on [01]\n0\n"),
                output(filed));
        assertEquals("--partition, --cpus-per-task, --mem", fact(filed, "ignored"));
        assertEquals("mnist", fact(filed, "job_name"));
        assertEquals("1800000", fact(filed, "time"));
        String line = "ignored #SBATCH options of slurm.1: --partition, --cpus-per-task, --mem";
        assertTrue(bed.log().contains(line), bed.log());
    }

    @Test
    void impossibleOption_isRefusedByItsPlace() throws Exception {
        bed.watch("sim:1");
        bed.drop("wide.job", "#!/bin/sh\n#SBATCH -G1 --nodes=2\ntrue\n");
        Path filed = bed.awaitFiled("wide.1");
        assertEquals("refused", fact(filed, "ending"));
        assertEquals(
                "wide.job:2:21: --nodes is \"2\"; write --nodes=1: a job runs on one host\n",
                Files.readString(filed.resolve("reason")));
    }

    @Test
    void scriptWithoutSbatchLines_isToldNothingOfIt() throws Exception {
        bed.watch("sim:1");
        bed.drop("plain.job", "env | grep ^SLURM_\ntrue\n");
        Path filed = bed.awaitFiled("plain.1");
        assertEquals("", output(filed));
    }

    @Test
    void srunByAFunction_runsTheCommand() throws Exception {
        String line = "srun() { \"$@\"; }";
        assertTrue(Files.readString(Path.of("README.md")).contains('`' + line + '`'), "as the README has it");
        bed.watch("sim:1");
        bed.drop("steps.job", "#SBATCH -n 1\n" + line + "\nsrun printf '%s|' 'a b' \"$SLURM_NTASKS\"\n");
        assertEquals("a b|1|", output(bed.awaitFiled("steps.1")));
    }
}
