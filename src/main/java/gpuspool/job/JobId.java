package gpuspool.job;

import java.util.Optional;

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

    private static final int LONGEST_HOST = 63;
    private static final int MOST_DIGITS = 9;

    /** @throws IllegalArgumentException if a part is outside its range */
    public JobId {
        if (!Stem.isValid(stem) || run < 1 || run > HIGHEST_RUN || !isHost(host)) {
            throw new IllegalArgumentException("not a job id: " + Printable.escape(stem + "." + run + "." + host));
        }
    }

    /** The id that a directory's name spells; empty for every name that {@link #toString()} could not have made. */
    public static Optional<JobId> parse(String name) {
        // Read from the right: host and number hold no dot, the stem takes the rest. By hand, for `status` is to start
        // fast.
        int hostDot = name.lastIndexOf('.');
        int runDot = hostDot < 1 ? -1 : name.lastIndexOf('.', hostDot - 1);
        if (runDot < 1) {
            return Optional.empty();
        }
        String stem = name.substring(0, runDot);
        String run = name.substring(runDot + 1, hostDot);
        String host = name.substring(hostDot + 1);
        if (!Stem.isValid(stem) || !isRun(run) || !isHost(host)) {
            return Optional.empty();
        }
        return Optional.of(new JobId(stem, Integer.parseInt(run), host));
    }

    /** What people say: {@code exp1.2}. */
    public String shortName() {
        return stem + "." + run;
    }

    @Override
    public String toString() {
        return shortName() + "." + host;
    }

    private static boolean isRun(String digits) {
        boolean canonical = !digits.isEmpty() && digits.length() <= MOST_DIGITS && digits.charAt(0) != '0';
        for (int i = 0; canonical && i < digits.length(); i++) {
            canonical = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        return canonical;
    }

    /** Whether a text can be the host of an id. */
    public static boolean isHost(String host) {
        boolean valid = !host.isEmpty() && host.length() <= LONGEST_HOST;
        for (int i = 0; valid && i < host.length(); i++) {
            valid = Stem.isLetterOrDigit(host.charAt(i)) || host.charAt(i) == '-';
        }
        return valid;
    }
}
