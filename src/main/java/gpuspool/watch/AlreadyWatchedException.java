package gpuspool.watch;

/** Another watcher of this host has the spool; the message names it. */
public final class AlreadyWatchedException extends Exception {
    private static final long serialVersionUID = 1;

    AlreadyWatchedException(String message) {
        super(message);
    }
}
