package gpuspool.parallel;

import gpuspool.job.JobId;
import gpuspool.posix.FailureText;
import gpuspool.posix.RandomId;
import gpuspool.posix.Spawn;
import gpuspool.spool.Cancellation;
import gpuspool.spool.Fs;
import gpuspool.spool.JobDir;
import gpuspool.spool.JobRefs;
import gpuspool.spool.Layout;
import gpuspool.spool.Submission;
import gpuspool.spool.Where;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Brings jobs into the queue of a spool, and takes them out again. */
final class Desk {
    private static final int PART_OF_ID = 6;
    static final String JOB = ".job";

    private final Layout places;
    private final Consumer<String> submitted;
    private final Consumer<String> withdrawn;
    private final Submission submission;
    private final Cancellation cancellation;
    private final String prefix;

    /**
     * @param host this host's name in ids
     * @param submitted told the stem of each job that lies in the queue
     * @param withdrawn told the stem of each job that was taken out of it
     */
    Desk(Layout places, String host, Fs fs, Consumer<String> submitted, Consumer<String> withdrawn) throws IOException {
        prefix = "parallel-" + RandomId.next().substring(0, PART_OF_ID) + "-";
        this.places = places;
        this.submitted = submitted;
        this.withdrawn = withdrawn;
        submission = new Submission(places, fs);
        cancellation = new Cancellation(places, host, fs);
    }

    /** What the jobs of this one are called, all of them and nobody else's; in the order of their numbers, also by name. */
    String stem(long seq, int attempt) {
        return prefix + String.format("%06d", seq) + (attempt == 1 ? "" : "-try" + attempt);
    }

    /**
     * Puts a job into the queue. After an error it may lie there all the same, and is then as good as submitted: its name is
     * nobody else's, and once more it would run twice.
     */
    void submit(String stem, byte[] content) throws IOException {
        try {
            Spawn.apart(() -> put(stem, content));
        } catch (IOException e) {
            if (new JobRefs(places).find(stem).isEmpty()) {
                throw e;
            }
        }
        submitted.accept(stem);
    }

    private void put(String stem, byte[] content) throws IOException {
        if (!submission.put(stem, JOB, content).equals(stem)) {
            throw new IOException("somebody else has a job named " + stem + " in " + places.incoming());
        }
    }

    /** Takes a job out of the queue; false when it is not there any more. */
    boolean withdraw(String stem) throws IOException {
        for (JobRefs.Job job : new JobRefs(places).find(stem)) {
            if (job instanceof JobRefs.Queued queued
                    && cancellation.fileQueued(queued).isPresent()) {
                withdrawn.accept(stem);
                return true;
            }
        }
        return false;
    }

    /** What is said of a job that ended in another way than by itself, in one line; empty where nothing is. */
    Optional<String> reason(JobId id, boolean done) {
        Path file =
                (done ? places.done() : places.failed()).resolve(id.toString()).resolve(JobDir.REASON);
        try {
            return Optional.of(Files.readString(file).strip().replace("\n", "; "))
                    .filter(text -> !text.isEmpty());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("cannot read " + file + ": " + FailureText.of(e));
        }
    }

    /** Asks for a job that has left the queue to be stopped. */
    void stop(String stem) throws IOException {
        for (JobRefs.Job job : new JobRefs(places).find(stem)) {
            if (job instanceof JobRefs.Run run && run.where() == Where.RUNNING) {
                Cancellation.Asked unused = cancellation.askToStop(run);
            }
        }
    }
}
