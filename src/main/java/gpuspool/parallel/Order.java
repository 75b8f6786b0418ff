package gpuspool.parallel;

import gpuspool.spool.Fs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is asked for, apart from the commands.
 *
 * @param tries how often each is run at most, until it succeeds
 * @param resume whether commands that the joblog tells of are left out
 * @param resumeFailed whether of these only such as succeeded are left out
 * @param results where what they print goes, to stay
 * @param keys keys of the job files, the same for all
 * @param cwd where the commands run
 */
public record Order(
        int tries,
        Halt halt,
        OutputMode output,
        boolean keepOrder,
        boolean quiet,
        Optional<Path> jobLog,
        boolean resume,
        boolean resumeFailed,
        Optional<Path> results,
        Map<String, String> keys,
        String cwd) {

    Optional<JobLog> log(Fs fs) {
        return jobLog.map(file -> new JobLog(file, fs));
    }

    /** The numbers of those that are not to be run. */
    Set<Long> skip(Optional<JobLog> log) throws IOException {
        Set<Long> skip = new HashSet<>();
        if (log.isPresent() && (resume || resumeFailed)) {
            log.get().read().forEach((seq, succeeded) -> {
                if (resume && !resumeFailed || succeeded) {
                    skip.add(seq);
                }
            });
        }
        return skip;
    }
}
