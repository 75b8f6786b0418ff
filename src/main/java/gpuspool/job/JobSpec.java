package gpuspool.job;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a job file asks for, checked and with defaults filled in. Immutable, safe to share.
 *
 * @param interpreter the program and its options; the path of the file that holds {@code script} is appended as the
 *     last argument. The program is an absolute path, or a bare name to be found on {@code PATH}
 * @param script the exact bytes to run; of a sweep its whole file, from which its members are made
 * @param command one line for humans, at most 200 characters, nothing in it but printable ones
 * @param gpus how many GPUs, 0 to 1024; 0 is a job that sees none
 * @param cards which of them, where that matters
 * @param cwd absolute path of the directory to start in; empty: the spool's default
 * @param env variables to set, in the order of the file
 * @param output one log or two
 * @param telling where else its output goes, and who is told of its end
 * @param time the job is stopped when it has run that long; above zero; empty: no limit
 * @param grace time between the polite signal and the final one; zero or more
 * @param turn when its turn comes
 * @param runs what becomes of it when it fails
 * @param sweep that it is many; empty: one job
 * @param member of which sweep it is a part; empty: none
 * @param foreground the process that gets the cards, where it is there already; empty: the job is started by a watcher
 * @param slurm what else {@code #SBATCH} lines said; empty: it has none
 */
public record JobSpec(
        List<String> interpreter,
        Script script,
        String command,
        int gpus,
        CardWish cards,
        Optional<String> cwd,
        Map<String, String> env,
        Output output,
        Telling telling,
        Optional<Duration> time,
        Duration grace,
        Turn turn,
        Runs runs,
        Optional<Sweep> sweep,
        Optional<Member> member,
        Optional<Foreground> foreground,
        Optional<Slurm> slurm) {

    /** The most GPUs that a job can ask for. */
    public static final int MOST_GPUS = 1024;

    /** @throws IllegalArgumentException if a number is outside its range or there is no interpreter */
    public JobSpec {
        interpreter = List.copyOf(interpreter);
        env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
        if (interpreter.isEmpty()) {
            throw new IllegalArgumentException("no interpreter");
        }
        if (gpus < 0 || gpus > MOST_GPUS) {
            throw new IllegalArgumentException("gpus out of range: " + gpus);
        }
        if (grace.isNegative()
                || time.filter(limit -> limit.isNegative() || limit.isZero()).isPresent()) {
            throw new IllegalArgumentException("time " + time + " or grace " + grace + " out of range");
        }
    }
}
