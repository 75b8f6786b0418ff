package gpuspool.job;

import java.time.Duration;
import java.util.List;

/**
 * What a job file may leave open, and the machine and the settings answer.
 *
 * @param shell the shell and its options, for files that name no interpreter: bash where there is one, else sh
 * @param output for files that do not say
 * @param grace for files that do not say
 * @param maxSweep the most jobs that one sweep may be
 */
public record JobDefaults(List<String> shell, Output output, Duration grace, int maxSweep) {
    private static final int COMMON_SWEEP = 10_000;

    /** @throws IllegalArgumentException if the shell is empty */
    public JobDefaults {
        shell = List.copyOf(shell);
        if (shell.isEmpty()) {
            throw new IllegalArgumentException("no shell");
        }
    }

    /** With the defaults of the table of keys. */
    public JobDefaults(List<String> shell) {
        this(shell, Output.MERGED, Durations.parse(JobKey.GRACE.byDefault()), COMMON_SWEEP);
    }

    /** The same for sweeps of any size: what was taken once is not refused later. */
    public JobDefaults withAnySweep() {
        return new JobDefaults(shell, output, grace, Integer.MAX_VALUE);
    }
}
