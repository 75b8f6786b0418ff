package gpuspool.plan;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/**
 * What else a plan goes by: settings, and what runs.
 *
 * @param cpuSlots how many jobs without a GPU may run at once
 * @param mostStarts how many starts at most: each round costs one shared fsync batch
 * @param maxBypass how long the first job that lacks cards may be passed by others before these are kept for it
 * @param maxGpusPerUser cards that the jobs of one owner may have at once; empty: any number
 * @param maxJobsPerUser jobs of one owner that may run at once; empty: any number
 * @param running all jobs that run
 * @param now monotonic time, nanoseconds
 */
public record Rules(
        int cpuSlots,
        int mostStarts,
        Duration maxBypass,
        OptionalInt maxGpusPerUser,
        OptionalInt maxJobsPerUser,
        List<Running> running,
        long now) {}
