package gpuspool.job;

import java.util.List;
import java.util.Optional;

/**
 * Where else than in its directory a job tells what it does.
 *
 * @param stdout path of a file for its output, as written: patterns such as {@code %x} and what it is relative to are not
 *     resolved yet; empty: {@code output.log}
 * @param stderr the same for its errors; empty: where {@code output} puts them
 * @param tell program and arguments that are run when it has ended; empty: as the settings say
 */
public record Telling(Optional<String> stdout, Optional<String> stderr, Optional<List<String>> tell) {
    /** In its directory alone. */
    public static final Telling AT_HOME = new Telling(Optional.empty(), Optional.empty(), Optional.empty());
}
