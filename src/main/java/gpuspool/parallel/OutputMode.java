package gpuspool.parallel;

import java.util.Locale;
import java.util.Optional;

/** How what jobs print is shown. */
public enum OutputMode {
    /** Of each job whole, when it has ended. */
    GROUP,
    /** Whole lines, as they come. */
    LINE,
    /** Not at all. */
    NONE;

    /** Empty for what is none of them. */
    public static Optional<OutputMode> parse(String word) {
        for (OutputMode mode : values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(word)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }
}
