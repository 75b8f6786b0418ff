package gpuspool.spool;

import java.util.ArrayList;
import java.util.List;

/** Which of the jobs that a text can mean is to be run again; none where that is not clear. */
public sealed interface RetryChoice {
    /** This run, which has ended. */
    record Again(JobRefs.Run run) implements RetryChoice {}

    /** It is queued, held or running now. */
    record Living(JobRefs.Job job) implements RetryChoice {}

    /** Any of these could be meant. */
    record Several(List<JobRefs.Job> jobs) implements RetryChoice {}

    record NotThere() implements RetryChoice {}

    /** @param found what {@link JobRefs#find} has for the text */
    static RetryChoice of(String text, List<JobRefs.Job> found) {
        List<JobRefs.Job> named = new ArrayList<>();
        List<JobRefs.Job> ofStem = new ArrayList<>();
        for (JobRefs.Job job : found) {
            boolean isNamed = job instanceof JobRefs.Run run
                    && (run.name().equals(text) || run.id().toString().equals(text));
            (isNamed ? named : ofStem).add(job);
        }
        if (found.isEmpty()) {
            return new NotThere();
        }
        if (named.isEmpty()) {
            return newest(ofStem);
        }
        // A stem may look like another's run.
        return found.size() > 1 ? new Several(found) : one(named.get(0));
    }

    private static RetryChoice newest(List<JobRefs.Job> jobs) {
        for (JobRefs.Job job : jobs) {
            if (!job.where().isEnd()) {
                return new Living(job);
            }
        }
        // All are runs now, the newest first; two hosts may each have one of that number.
        int highest = ((JobRefs.Run) jobs.get(0)).id().run();
        List<JobRefs.Job> newest = jobs.stream()
                .filter(job -> ((JobRefs.Run) job).id().run() == highest)
                .toList();
        return newest.size() > 1 ? new Several(newest) : one(newest.get(0));
    }

    private static RetryChoice one(JobRefs.Job job) {
        return job.where().isEnd() ? new Again((JobRefs.Run) job) : new Living(job);
    }
}
