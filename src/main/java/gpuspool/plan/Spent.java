package gpuspool.plan;

/**
 * GPUs that one owner's job had for a while.
 *
 * @param owner uid
 * @param gpus how many; 0 counts nothing
 * @param from milliseconds since 1970
 * @param to the same, when it ended, or now; not before {@code from}
 */
public record Spent(int owner, int gpus, long from, long to) {}
