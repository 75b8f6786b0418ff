package gpuspool.spool;

import gpuspool.job.JobId;

/** Names of the lock files that belong to a spool; {@code spool-layout.md}, section 2. */
public final class LockNames {
    private LockNames() {}

    public static String job(String spoolId, JobId id) {
        return "job-" + spoolId + "-" + id + ".lock";
    }

    public static String watcher(String spoolId) {
        return "watcher-" + spoolId + ".lock";
    }
}
