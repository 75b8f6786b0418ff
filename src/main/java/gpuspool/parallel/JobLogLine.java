package gpuspool.parallel;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** A line of a joblog, byte for byte as GNU parallel writes it. */
record JobLogLine(long seq, boolean succeeded) {
    static final String HEADER = "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\n";

    private static final int EXIT_VALUE = 6;
    private static final int SIGNAL = 7;
    private static final int COLUMNS = 9;

    /**
     * Writes one.
     *
     * @param received how many bytes it printed to its stdout
     * @return {@link Raw}
     */
    static String write(Task task, Instant started, Result result, long received) {
        int[] logged = result.logged();
        return String.format(
                Locale.ROOT,
                "%d\t:\t%d.%03d\t%10.3f\t0\t%d\t%d\t%d\t%s%n",
                task.seq(),
                started.getEpochSecond(),
                started.getNano() / 1_000_000,
                result.ran().orElse(Duration.ZERO).toMillis() / 1000.0,
                received,
                logged[0],
                logged[1],
                // One line for each command, whatever is in it.
                task.command().replace('\n', '\0'));
    }

    /** Reads one; empty for the header, and for what is no such line. */
    static Optional<JobLogLine> parse(String line) {
        String[] columns = line.split("\t", COLUMNS);
        if (columns.length < COLUMNS || !columns[0].matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        boolean succeeded = columns[EXIT_VALUE].equals("0") && columns[SIGNAL].equals("0");
        return Optional.of(new JobLogLine(Long.parseLong(columns[0]), succeeded));
    }
}
