package gpuspool.job;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run of one job on one host; {@code exp1.2.gpubox} is the name of its directory wherever in the spool it lies.
 *
 * @param stem see {@link Stem}; may itself contain dots and numbers
 * @param run 1 to 999,999,999; the second run of {@code exp1} is 2
 * @param host first label of the host's name, 1 to 63 of {@code [A-Za-z0-9-]}
 */
public record JobId(String stem, int run, String host) {

    /** No run can have a higher number. */
    public static final int HIGHEST_RUN = 999_999_999;

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9-]{1,63}");

    // Greedy from the left, hence read from the right: host and number hold no dot, the stem takes the rest.
    private static final Pattern ID = Pattern.compile("(.+)\\.([1-9][0-9]{0,8})\\.([^.]+)");

    /** @throws IllegalArgumentException if a part is outside its range */
    public JobId {
        if (!Stem.isValid(stem) || run < 1 || run > HIGHEST_RUN || !isHost(host)) {
            throw new IllegalArgumentException("not a job id: " + Printable.escape(stem + "." + run + "." + host));
        }
    }

    /** The id that a directory's name spells; empty for every name that {@link #toString()} could not have made. */
    public static Optional<JobId> parse(String name) {
        Matcher id = ID.matcher(name);
        if (!id.matches() || !Stem.isValid(id.group(1)) || !isHost(id.group(3))) {
            return Optional.empty();
        }
        return Optional.of(new JobId(id.group(1), Integer.parseInt(id.group(2)), id.group(3)));
    }

    /** What people say: {@code exp1.2}. */
    public String shortName() {
        return stem + "." + run;
    }

    @Override
    public String toString() {
        return shortName() + "." + host;
    }

    private static boolean isHost(String host) {
        return HOST.matcher(host).matches();
    }
}
