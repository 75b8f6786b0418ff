package gpuspool.plan;

/**
 * Whether a job may have a card now, and if not why.
 *
 * @param why for people, to follow {@code GPU 3:}; empty text for a free card
 */
public record CardState(Kind kind, String why) {
    public static final CardState FREE = new CardState(Kind.FREE, "");

    /** In the words of {@code gpuspool gpus} and of {@code hosts/<host>/gpus}. */
    public enum Kind {
        FREE("free"),
        /** A job of this watcher has it. */
        USED("used"),
        /** Locked for a job that waits for more cards. */
        KEPT("kept"),
        /** Another spool or user has its lock. */
        LOCKED("locked"),
        /** A program that no gpuspool started uses it, or memory that nobody accounts for. */
        FOREIGN("foreign"),
        /** A stranger has just left. */
        SETTLING("settling"),
        /** What our own job left behind is not gone yet. */
        DRAINING("draining"),
        /** Left to people who do not use the queue. */
        LEFT_IDLE("left idle"),
        /** Broken, or to be reset before it is used. */
        SICK("sick"),
        /** Nobody knows. */
        UNKNOWN("unknown"),
        /** Permissions or its compute mode keep us out. */
        EXCLUDED("excluded");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    public boolean isFree() {
        return kind == Kind.FREE;
    }
}
