package gpuspool.cli;

import gpuspool.job.JobId;
import gpuspool.spool.Cancellation;
import gpuspool.spool.HostNote;
import gpuspool.spool.JobRefs;
import gpuspool.spool.Spool;
import gpuspool.spool.Where;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Parameters;

/** {@code gpuspool cancel}: takes jobs out of the queue, or asks the watcher to stop them. */
final class CancelVerb extends Verb {
    /** A job that moves on at each of our looks moves at most from the queue to running, and from there to its end. */
    private static final int MOST_LOOKS = 4;

    @Parameters(paramLabel = "JOB", arity = "1..*", description = "exp1, exp1.2, a full id, or a queued file's name")
    private List<String> jobs;

    private Spool spool;
    private Cancellation cancellation;

    CancelVerb(Invocation call) {
        super(call);
    }

    @Override
    Set<Where> jobsMeant() {
        return Set.of(Where.INCOMING, Where.HELD, Where.RUNNING);
    }

    @Override
    public Integer call() throws IOException {
        spool = open();
        cancellation = new Cancellation(spool.places(), looker().host(), fs);
        int status = ExitStatus.OK.code;
        for (String job : jobs) {
            status = cancel(job) ? status : ExitStatus.FAILED.code;
        }
        return status;
    }

    private boolean cancel(String reference) throws IOException {
        for (int look = 0; look < MOST_LOOKS; look++) {
            List<JobRefs.Job> all = new JobRefs(spool.places()).find(reference);
            List<JobRefs.Job> living =
                    all.stream().filter(job -> !job.where().isEnd()).toList();
            if (all.isEmpty()) {
                sayNoSuchJob(reference);
                return false;
            }
            if (living.isEmpty()) {
                say(all.get(0).name() + " has ended already; see: gpuspool show "
                        + all.get(0).name() + spoolOption());
                return false;
            }
            // One that is claimed while we list is seen twice; the next look tells it from two jobs of one name.
            if (living.size() > 1 && look > 0) {
                sayAmbiguous(reference, living);
                return false;
            }
            if (living.size() == 1 && cancel(living.get(0))) {
                return true;
            }
        }
        say(reference + " moves too fast to be cancelled; try again");
        return false;
    }

    /** Whether that was it; if not, the job is somewhere else by now. */
    private boolean cancel(JobRefs.Job job) throws IOException {
        if (job instanceof JobRefs.Queued queued) {
            Optional<JobId> filed = cancellation.fileQueued(queued);
            filed.ifPresent(id -> {
                out(job.name() + ": cancelled before it started; filed as failed/" + id);
                cancellation
                        .record(id)
                        .ifPresent(why ->
                                say("note: it is not in the record: " + why.getMessage() + "; the cancel stands"));
            });
            return filed.isPresent();
        }
        Cancellation.Asked asked = cancellation.askToStop((JobRefs.Run) job);
        if (asked == Cancellation.Asked.ENDED) {
            return false;
        }
        out(job.name() + ": asked to stop" + (asked == Cancellation.Asked.BEFORE ? " before; still stopping" : ""));
        sayIfNobodyWatches(((JobRefs.Run) job).id().host());
        return true;
    }

    private void sayIfNobodyWatches(String host) throws IOException {
        boolean gone = HostNote.readAll(spool.places(), looker()).stream()
                .noneMatch(note -> note.host().equals(host) && note.mayLive());
        if (gone) {
            say("note: no watcher runs on " + host + "; it is stopped when one does: gpuspool watch" + spoolOption());
        }
    }
}
