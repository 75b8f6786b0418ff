package gpuspool.job;

import java.time.Duration;
import java.util.List;

/**
 * What a job file may leave open, and the machine and the settings answer.
 *
 * @param shell the shell and its options, for files that name no interpreter: bash where there is one, else sh
 * @param output for files that do not say
 * @param grace for files that do not say
 */
public record JobDefaults(List<String> shell, Output output, Duration grace) {

    /** @throws IllegalArgumentException if the shell is empty */
    public JobDefaults {
        shell = List.copyOf(shell);
        if (shell.isEmpty()) {
            throw new IllegalArgumentException("no shell");
        }
    }

    /** With the defaults of the table of keys. */
    public JobDefaults(List<String> shell) {
        this(shell, Output.MERGED, Durations.parse(JobKey.GRACE.byDefault()));
    }
}
