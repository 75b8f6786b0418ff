package gpuspool.watch;

/**
 * A part of the program could not be loaded, since its file, or the Java it runs on, is not what it was when this watcher was
 * started. What is left of it might do half of what it should, so it leaves.
 */
public final class ReplacedException extends Exception {
    private static final long serialVersionUID = 1;

    ReplacedException(LinkageError what) {
        super(
                "left, because a part of the program is gone (" + what
                        + "): gpuspool, or the Java it runs on, was replaced"
                        + " or removed under it. Running jobs run on; start it anew: gpuspool watch",
                what);
    }
}
