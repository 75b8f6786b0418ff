package gpuspool.doctor;

import java.util.Locale;
import java.util.Optional;

/**
 * One thing that was looked at.
 *
 * @param check the group of checks it belongs to, such as {@code spool}
 * @param what what it is, and what the system answered
 * @param todo what to do about it
 */
public record Finding(String check, Level level, String what, Optional<String> todo) {
    public enum Level {
        OK,
        /** Fine, but worth knowing. */
        NOTE,
        PROBLEM;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding ok(String check, String what) {
        return new Finding(check, Level.OK, what, Optional.empty());
    }

    static Finding note(String check, String what) {
        return new Finding(check, Level.NOTE, what, Optional.empty());
    }

    static Finding note(String check, String what, String todo) {
        return new Finding(check, Level.NOTE, what, Optional.of(todo));
    }

    static Finding problem(String check, String what, String todo) {
        return new Finding(check, Level.PROBLEM, what, Optional.of(todo));
    }
}
