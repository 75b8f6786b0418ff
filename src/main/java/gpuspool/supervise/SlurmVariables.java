package gpuspool.supervise;

import gpuspool.job.JobId;
import gpuspool.job.Slurm;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What a script with {@code #SBATCH} lines finds in its environment as it would under Slurm, on a cluster of one node. */
public final class SlurmVariables {
    /** Whatever the watcher itself has of them is about another job. */
    public static final String ALL = "SLURM_*";

    /** Job numbers have nine digits: they fit wherever scripts put them, and none looks like a small number. */
    private static final long FEWEST = 100_000_000;

    private static final long NUMBERS = 900_000_000;
    private static final int COOKIE_DIGITS = 15;

    private SlurmVariables() {}

    /**
     * The number by which such a job may call itself, 100000000 to 999999999: as good as unique, since it comes from the
     * cookie, and the same as long as the job runs.
     */
    public static long number(String cookie) {
        String digits = cookie.substring(0, Math.min(COOKIE_DIGITS, cookie.length()));
        return FEWEST + Math.floorMod(Long.parseLong(digits, 16), NUMBERS);
    }

    /**
     * The variables.
     *
     * @param cookie of the run, in hex digits
     * @param directory in which it starts
     * @param gpus their indices, by commas; empty for none
     */
    public static Map<String, String> of(
            Slurm slurm, JobId id, String cookie, Path directory, int gpus, String indices) {
        Map<String, String> all = new TreeMap<>();
        String number = Long.toString(number(cookie));
        String processors = Integer.toString(Runtime.getRuntime().availableProcessors());
        all.put("SLURM_JOB_ID", number);
        all.put("SLURM_JOBID", number);
        all.put("SLURM_JOB_NAME", slurm.name().orElse(id.stem()));
        all.put("SLURM_SUBMIT_DIR", directory.toString());
        all.put("SLURM_SUBMIT_HOST", id.host());
        all.put("SLURM_JOB_NODELIST", id.host());
        all.put("SLURM_NODELIST", id.host());
        all.put("SLURMD_NODENAME", id.host());
        all.put("SLURM_JOB_NUM_NODES", "1");
        all.put("SLURM_NNODES", "1");
        all.put("SLURM_NODEID", "0");
        all.put("SLURM_PROCID", "0");
        all.put("SLURM_LOCALID", "0");
        all.put("SLURM_CPUS_ON_NODE", processors);
        all.put("SLURM_JOB_CPUS_PER_NODE", processors);
        all.put("SLURM_GPUS", Integer.toString(gpus));
        all.put("SLURM_GPUS_ON_NODE", Integer.toString(gpus));
        all.put("SLURM_JOB_GPUS", indices);
        all.putAll(slurm.variables());
        return all;
    }
}
