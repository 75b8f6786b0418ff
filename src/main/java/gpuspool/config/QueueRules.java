package gpuspool.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Settings that say who goes first, who may have how much, and what becomes of jobs that fail.
 *
 * @param maxBypass how long others may still pass a job that waits for several cards, before these are kept for it
 * @param cpuSlots how many jobs without a GPU may run at once; empty: as many as the machine has processors
 * @param weights shares of users, by name or uid; whoever is not in it has 1
 * @param maxGpusPerUser cards that the jobs of one user may have at once; empty: any number
 * @param maxJobsPerUser jobs that one user may run at once; empty: any number
 * @param maxJobsPerGpu jobs that may share a card
 * @param retryDelay time before the first retry; doubled for each further one
 * @param longestRetryDelay the most that it becomes
 * @param maxSweep the most jobs that one sweep may be
 * @param tell program and arguments that are run when a job has ended that names none; empty: none
 */
public record QueueRules(
        Duration maxBypass,
        OptionalInt cpuSlots,
        Map<String, Double> weights,
        OptionalInt maxGpusPerUser,
        OptionalInt maxJobsPerUser,
        int maxJobsPerGpu,
        Duration retryDelay,
        Duration longestRetryDelay,
        int maxSweep,
        Optional<List<String>> tell) {

    /** What holds where nobody says anything. */
    public static final QueueRules DEFAULTS = new QueueRules(
            Duration.ZERO,
            OptionalInt.empty(),
            Map.of(),
            OptionalInt.empty(),
            OptionalInt.empty(),
            16,
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            10_000,
            Optional.empty());

    public QueueRules {
        weights = Map.copyOf(weights);
    }
}
