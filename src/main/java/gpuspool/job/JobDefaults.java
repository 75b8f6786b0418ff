package gpuspool.job;

import java.util.List;

/**
 * What a job file may leave open and only the machine can answer.
 *
 * @param shell the shell, as an absolute path, and its options, for files that name no interpreter: bash where there is
 *     one, else sh
 */
public record JobDefaults(List<String> shell) {

    /** @throws IllegalArgumentException if the shell is empty */
    public JobDefaults {
        shell = List.copyOf(shell);
        if (shell.isEmpty()) {
            throw new IllegalArgumentException("no shell");
        }
    }
}
