package gpuspool.job;

/** How far a job is that was stopped and is to be queued again: the words of {@code again} in {@code status}. */
public enum Again {
    NOT_ASKED(""),
    /** Decided; before the first signal. */
    WANTED("wanted"),
    /** The copy is whole. From here on its absence means that it was handed over. */
    MADE("made"),
    /** The copy is in the queue, or was. */
    HANDED("handed"),
    /** Somebody cancelled the job before the copy was handed over. */
    WITHDRAWN("withdrawn"),
    /** A word that is none of ours. */
    UNCLEAR("?");

    private final String word;

    Again(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    /** @param word what {@code status} says; empty where it says nothing */
    public static Again of(String word) {
        for (Again again : values()) {
            if (again.word.equals(word)) {
                return again;
            }
        }
        return UNCLEAR;
    }

    /** Whether something is still to be done before the job is filed. */
    public boolean isOpen() {
        return this == WANTED || this == MADE;
    }
}
