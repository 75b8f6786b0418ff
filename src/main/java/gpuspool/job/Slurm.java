package gpuspool.job;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What else the {@code #SBATCH} lines of a script said.
 *
 * @param name the job's name there; empty: it has none of its own
 * @param variables what the job is told of its options, as Slurm would: {@code SLURM_CPUS_PER_TASK}
 * @param ignored the options that have no effect here, as {@code --mem}, each once
 */
public record Slurm(Optional<String> name, Map<String, String> variables, List<String> ignored) {
    public Slurm {
        variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
        ignored = List.copyOf(ignored);
    }
}
