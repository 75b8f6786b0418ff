package gpuspool.job;

/** An ending that calls for another run. */
public sealed interface RetryOn {
    /** An exit code, 1 to 255. */
    record Code(int code) implements RetryOn {}

    /** The job's own process was ended by this signal, 1 to 64. */
    record Signal(int number) implements RetryOn {}

    /** The machine went down while it ran. */
    record Interrupted() implements RetryOn {}
}
