package gpuspool.doctor;

import java.util.Optional;

/** Whether the watcher runs what others may put into its spool. */
final class Owners {
    private Owners() {}

    /** @param owner whose {@code incoming/} it is */
    static Optional<Finding> judge(long watcher, long owner) {
        if (watcher == owner || owner == 0) {
            return Optional.empty();
        }
        String what = "incoming/ belongs to user " + owner + ", and the watcher runs as user " + watcher;
        return Optional.of(
                watcher == 0
                        ? Finding.problem(
                                SpoolDirectories.CHECK,
                                what + ": whoever may write there can do anything on this machine",
                                "run the watcher as user " + owner + ", or: chown root incoming, with mode 755")
                        : Finding.note(SpoolDirectories.CHECK, what + ": it runs what that user drops"));
    }
}
