package gpuspool.job;

/** Why a run is followed by another: the words of {@code again_for} in {@code status}. */
public enum AgainFor {
    /** The watcher stopped it for something that is not the job's fault. */
    STOP(""),
    /** It failed, and has retries left. */
    RETRY("retry"),
    /** The machine went down, and it asked to be queued again then. */
    INTERRUPTION("interruption");

    private final String word;

    AgainFor(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    /** @param word what {@code status} says; what is none of these counts as nobody's fault */
    public static AgainFor of(String word) {
        for (AgainFor why : values()) {
            if (why.word.equals(word)) {
                return why;
            }
        }
        return STOP;
    }
}
