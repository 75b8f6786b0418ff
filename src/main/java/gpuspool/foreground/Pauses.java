package gpuspool.foreground;

/** How often a waiting process looks: a card that is granted stands idle until then. */
final class Pauses {
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;

    private Pauses() {}

    /** Milliseconds until the next look, after so many nanoseconds. */
    static long after(long waited) {
        if (waited < SECOND / 2) {
            return 2;
        }
        return waited < MINUTE ? 50 : 200;
    }
}
