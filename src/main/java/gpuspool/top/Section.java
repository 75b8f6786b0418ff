package gpuspool.top;

/** The lists on the screen, from its top down. */
public enum Section {
    GPUS,
    RUNNING,
    QUEUED,
    HELD,
    ENDED;

    boolean isQueue() {
        return this == QUEUED || this == HELD;
    }
}
