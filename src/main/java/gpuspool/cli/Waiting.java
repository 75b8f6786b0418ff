package gpuspool.cli;

/** Pauses between looks: short, but never so short that looking takes more than a small part of the time. */
final class Waiting {
    private static final long SHORTEST_MILLIS = 250;
    private static final int PART = 10;

    private long lookBegan = System.nanoTime();

    /** Call it when a round of looks begins. */
    void looking() {
        lookBegan = System.nanoTime();
    }

    /** Sleeps until the next look, or until the deadline. */
    void pause(long deadlineNanos) throws InterruptedException {
        long took = (System.nanoTime() - lookBegan) / 1_000_000;
        long left = (deadlineNanos - System.nanoTime()) / 1_000_000 + 1;
        Thread.sleep(Math.max(1, Math.min(left, Math.max(SHORTEST_MILLIS, took * PART))));
    }
}
