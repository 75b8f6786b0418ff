package gpuspool.parallel;

/**
 * One command to run.
 *
 * @param seq its number, from 1, in the order of the input
 * @param command shell text, {@link Raw}; {@code {gpu}} and {@code {%}} stand in it still
 * @param late whether they do, and are to be replaced when it starts
 */
public record Task(long seq, String command, boolean late) {}
