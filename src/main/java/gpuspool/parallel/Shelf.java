package gpuspool.parallel;

import gpuspool.job.JobId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Where lies what jobs print, and what becomes of it when it was shown. */
interface Shelf {
    /** The two files of one job. */
    record Prints(Path stdout, Path stderr) {}

    /** Keys of the job file that lead its output here. */
    Map<String, String> keys(Task task) throws IOException;

    /** While it runs. */
    Prints running(Task task, JobId id);

    /** @param done whether it lies in {@code done/} */
    Prints ended(Task task, JobId id, boolean done);

    /** All of it was shown, and nothing of it needs to stay. */
    void clear(Task task, JobId id, boolean done) throws IOException;
}
