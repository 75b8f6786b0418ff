package gpuspool.watch;

import gpuspool.plan.Running;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What runs, as far as it matters to what may start. */
final class RunningJobs {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final JobBook jobs;
    private final Clocks clocks;

    RunningJobs(JobBook jobs, Clocks clocks) {
        this.jobs = jobs;
        this.clocks = clocks;
    }

    /** All that run or have cards. Only of one that lives, and may not run longer than some time, is its end known. */
    List<Running> at(long now) throws IOException {
        List<Job> all = jobs.occupying();
        boolean anyTime = all.stream().anyMatch(RunningJobs::mayBeTimed);
        // The clock by which times are counted: it goes on while the machine sleeps.
        long uptime = anyTime ? clocks.uptimeMillis() : 0;
        List<Running> running = new ArrayList<>();
        for (Job job : all) {
            OptionalLong end = mayBeTimed(job)
                    ? OptionalLong.of(now + leftMillis(job, uptime) * NANOS_PER_MILLI)
                    : OptionalLong.empty();
            running.add(new Running(job.name(), job.owner(), job.cards.keySet(), end, job.since));
        }
        return running;
    }

    private static boolean mayBeTimed(Job job) {
        return job.phase == Job.Phase.LIVE && job.time.isPresent() && job.startedAt.isPresent() && !job.cards.isEmpty();
    }

    private static long leftMillis(Job job, long uptime) {
        return job.startedAt.getAsLong()
                + job.time.orElseThrow().plus(job.grace).toMillis()
                - uptime;
    }
}
