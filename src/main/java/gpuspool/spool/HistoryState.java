package gpuspool.spool;

import java.util.Locale;
import java.util.Optional;

/** The steps of a job that the record tells of, each in a line of its own. */
public enum HistoryState {
    CLAIMED,
    RUNNING,
    DONE,
    FAILED;

    /** As it stands in the record. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<HistoryState> parse(String word) {
        for (HistoryState state : values()) {
            if (state.word().equals(word)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }

    /** What a job's last line says that is filed there. */
    static HistoryState of(Where end) {
        return end == Where.DONE ? DONE : FAILED;
    }
}
