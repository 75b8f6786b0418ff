package gpuspool.supervise;

import gpuspool.posix.Lock;
import gpuspool.spool.JobDir;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Starts the supervisor of one armed job. */
public interface Launcher {
    /**
     * What to start.
     *
     * @param split whether stdout and stderr go to different files
     * @param logs where they go instead
     * @param command the job's program and its arguments
     * @param environment {@code NAME=value}, all of it
     * @param locks to be inherited: the job lock and the card locks
     */
    record Launch(
            JobDir dir,
            boolean split,
            Logs logs,
            String cwd,
            List<String> command,
            List<String> environment,
            List<Lock> locks) {}

    /**
     * Files outside the job's directory, begun anew; absolute paths.
     *
     * @param stdout empty: as {@code split} says; else for stderr too, unless that has a file of its own
     */
    record Logs(Optional<Path> stdout, Optional<Path> stderr) {
        public static final Logs NONE = new Logs(Optional.empty(), Optional.empty());

        boolean any() {
            return stdout.isPresent() || stderr.isPresent();
        }
    }

    /**
     * Starts it.
     *
     * @return the supervisor's process id
     * @throws IOException when no child came to be; a start mark may exist all the same
     */
    int launch(Launch launch) throws IOException;
}
