package gpuspool.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import gpuspool.job.JobId;
import gpuspool.job.Slurm;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SlurmVariablesTest {
    private static final String COOKIE = "ffffffffffffffffffffffffffffffff";

    private static Map<String, String> of(Slurm slurm) {
        return SlurmVariables.of(slurm, new JobId("exp1", 2, "box"), COOKIE, Path.of("/data"), 2, "0,3");
    }

    @Test
    void facts_areAllThere() {
        Map<String, String> told = of(new Slurm(Optional.empty(), Map.of("SLURM_NTASKS", "4"), List.of()));
        String number = Long.toString(SlurmVariables.number(COOKIE));
        Map<String, String> some = Map.of(
                "SLURM_JOB_ID", number,
                "SLURM_JOBID", number,
                "SLURM_JOB_NAME", "exp1",
                "SLURM_SUBMIT_DIR", "/data",
                "SLURM_JOB_NODELIST", "box",
                "SLURM_JOB_NUM_NODES", "1",
                "SLURM_PROCID", "0",
                "SLURM_GPUS_ON_NODE", "2",
                "SLURM_JOB_GPUS", "0,3",
                "SLURM_NTASKS", "4");
        assertTrue(told.entrySet().containsAll(some.entrySet()), told.toString());
        assertTrue(Integer.parseInt(told.get("SLURM_CPUS_ON_NODE")) > 0, told.toString());
        assertTrue(told.keySet().stream().allMatch(name -> name.startsWith("SLURM")), told.toString());
    }

    @Test
    void nameOfItsOwn_isTheJobsName() {
        assertEquals(
                "mnist",
                of(new Slurm(Optional.of("mnist"), Map.of(), List.of())).get("SLURM_JOB_NAME"));
    }

    @Test
    void number_hasNineDigitsAndIsItsOwn() {
        assertTrue(Long.toString(SlurmVariables.number(COOKIE)).matches("[1-9]\\d{8}"));
        assertEquals(100_000_000, SlurmVariables.number("00000000000000000000000000000000"));
        assertNotEquals(
                SlurmVariables.number("0123456789abcdef0123456789abcdef"),
                SlurmVariables.number("1123456789abcdef0123456789abcdef"));
    }
}
