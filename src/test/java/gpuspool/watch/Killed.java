package gpuspool.watch;

/** What an engine feels of kill -9: nothing that it could catch and act upon. */
final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed() {
        super("killed", null, false, false);
    }
}
