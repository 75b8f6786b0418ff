package gpuspool.job;

/**
 * Which run of a job one is, among those that follow each other by themselves.
 *
 * @param retry how many retries there were so far, this run included; 0 to {@link Runs#MOST_RETRIES}
 * @param interruption how many runs before it were interrupted and did not count as retries
 */
public record Attempt(int retry, int interruption) {
    /** The run that somebody asked for. */
    public static final Attempt FIRST = new Attempt(0, 0);

    /** The run that follows this one. */
    public Attempt then(AgainFor why) {
        return switch (why) {
            case STOP -> this;
            case RETRY -> new Attempt(retry + 1, interruption);
            case INTERRUPTION -> new Attempt(retry, interruption + 1);
        };
    }
}
