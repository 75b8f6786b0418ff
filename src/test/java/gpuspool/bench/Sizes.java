package gpuspool.bench;

import java.time.Duration;

/** How much of everything is measured. */
record Sizes(
        int warmUp,
        int drops,
        int chainRounds,
        int chainJobs,
        int throughputRounds,
        int throughputJobs,
        int backlog,
        int backlogRounds,
        int backlogJobs,
        int idleQueue,
        Duration idleBefore,
        Duration idleFor,
        int statusRuns,
        int planJobs,
        int planRounds,
        int sweep) {

    static final Sizes FULL = new Sizes(
            50,
            60,
            5,
            100,
            3,
            1000,
            50_000,
            3,
            300,
            1000,
            Duration.ofSeconds(22),
            Duration.ofSeconds(32),
            25,
            100_000,
            200,
            10_000);

    /** Says whether it runs at all, and nothing about time. */
    static final Sizes SMOKE =
            new Sizes(1, 2, 1, 3, 1, 4, 60, 1, 2, 3, Duration.ofMillis(100), Duration.ofMillis(200), 1, 100, 1, 3);
}
