package gpuspool.job;

/** What became of a job that somebody names, at one look; the set is closed. */
public sealed interface Outcome {

    /** There is no job of that name: it was not dropped yet, or its record was cleaned away. */
    record NotHeardOf() implements Outcome {}

    /** Its file lies in {@code incoming/}. */
    record Queued() implements Outcome {}

    /** Its file lies in {@code held/}. */
    record Held() implements Outcome {}

    /** Its newest run was claimed and is not filed. */
    record Running(JobId id) implements Outcome {}

    /** Its newest run was to be queued again, and neither its file nor the next run is there. */
    record Returning(JobId id) implements Outcome {}

    /**
     * Its newest run is filed.
     *
     * @param done whether in {@code done/}
     * @param time when it ended, as its record says it; empty text where that does not say
     */
    record Ended(JobId id, boolean done, Ending ending, String time) implements Outcome {
        /** A run in somebody's terminal lies there too, and how that ended only the terminal was told. */
        public boolean succeeded() {
            return done && !(ending instanceof Ending.Released);
        }
    }
}
