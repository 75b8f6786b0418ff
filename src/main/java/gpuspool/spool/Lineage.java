package gpuspool.spool;

import gpuspool.job.AgainFor;
import gpuspool.job.Attempt;
import gpuspool.job.EarlySignal;
import gpuspool.job.JobId;
import gpuspool.job.RetryOn;
import gpuspool.job.Runs;
import gpuspool.posix.FileFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What {@code status} says of the runs of one job that follow each other: {@code spool-layout.md}, section 3.5. */
public final class Lineage {
    private static final String RETRIES = "retries";
    private static final String RETRY_ON = "retry_on";
    private static final String ON_INTERRUPT = "on_interrupt";
    private static final String REQUEUE = "requeue";
    private static final String SIGNAL = "signal";
    private static final String PREVIOUS = "previous";
    private static final String RETRY = "retry";
    private static final String INTERRUPTION = "interruption";

    private Lineage() {}

    /** What a job asks for when it fails or runs out of time, as far as that is not what all do. */
    public static StatusFile.Lines lines(Runs runs) {
        StatusFile.Lines lines = new StatusFile.Lines();
        if (runs.retries() > 0) {
            lines.add(RETRIES, runs.retries());
        }
        if (!runs.retryOn().isEmpty()) {
            lines.add(RETRY_ON, runs.retryOn().stream().map(RetryOn::word).collect(Collectors.joining(" ")));
        }
        if (runs.onInterrupt() == Runs.OnInterrupt.REQUEUE) {
            lines.add(ON_INTERRUPT, REQUEUE);
        }
        runs.signal()
                .ifPresent(signal -> lines.add(
                        SIGNAL, signal.number() + " " + signal.before().toMillis()));
        return lines;
    }

    /** The same, read back. What is not understood calls for no run. */
    public static Runs runs(StatusFile status) {
        int retries = (int) Math.min(status.number(RETRIES).orElse(0), Runs.MOST_RETRIES);
        List<RetryOn> endings = new ArrayList<>();
        String words = status.get(RETRY_ON).orElse("");
        for (String word : words.isEmpty() ? new String[0] : words.split(" ")) {
            RetryOn.parse(word).ifPresent(endings::add);
        }
        boolean understood = words.isEmpty() || !endings.isEmpty();
        boolean requeue = status.get(ON_INTERRUPT).orElse("").equals(REQUEUE);
        return new Runs(
                understood ? retries : 0,
                endings,
                requeue ? Runs.OnInterrupt.REQUEUE : Runs.OnInterrupt.FAIL,
                signal(status));
    }

    private static Optional<EarlySignal> signal(StatusFile status) {
        String[] words = status.get(SIGNAL).orElse("").split(" ");
        boolean whole = words.length == 2 && words[0].matches("[0-9]{1,2}") && words[1].matches("[0-9]{1,18}");
        return whole
                ? Optional.of(new EarlySignal(Integer.parseInt(words[0]), Duration.ofMillis(Long.parseLong(words[1]))))
                : Optional.empty();
    }

    /** Which run this is. */
    public static Attempt attempt(StatusFile status) {
        return new Attempt(count(status, RETRY), count(status, INTERRUPTION));
    }

    /** Which run follows it. */
    static Attempt next(StatusFile status) {
        return attempt(status).then(why(status));
    }

    static AgainFor why(StatusFile status) {
        return AgainFor.of(status.get(StatusFile.AGAIN_FOR).orElse(""));
    }

    private static int count(StatusFile status, String key) {
        long count = status.number(key).orElse(0);
        return (int) Math.max(0, Math.min(count, Runs.MOST_RETRIES));
    }

    /** The lines of the run that follows. */
    public static StatusFile.Lines lines(Predecessor previous) {
        StatusFile.Lines lines =
                new StatusFile.Lines().add(PREVIOUS, previous.id().toString());
        if (previous.next().retry() > 0) {
            lines.add(RETRY, previous.next().retry());
        }
        if (previous.next().interruption() > 0) {
            lines.add(INTERRUPTION, previous.next().interruption());
        }
        return lines;
    }

    /** Whether this run follows that one: it says so, or, cancelled in the queue, it has its file. */
    static boolean isNext(StatusFile status, JobId ended, StatusFile endedStatus) {
        String file = endedStatus.get(StatusFile.AGAIN_FILE).orElse("");
        return status.get(PREVIOUS).orElse("").equals(ended.toString())
                || file.startsWith(status.get("inode").orElse("none") + ":");
    }

    /** {@code device:inode:size:mtime}, all of which a rename keeps. */
    static String identity(FileFacts facts) {
        return facts.identity() + ":" + facts.size() + ":" + facts.modified().to(TimeUnit.NANOSECONDS);
    }

    /** Whether this is the copy that was made of the run's file. Devices are numbered anew when a machine starts. */
    static boolean isCopyOf(StatusFile status, FileFacts file) {
        String told = status.get(StatusFile.AGAIN_FILE).orElse("");
        return !told.isEmpty() && withoutDevice(told).equals(withoutDevice(identity(file)));
    }

    private static String withoutDevice(String identity) {
        return identity.substring(identity.indexOf(':') + 1);
    }
}
