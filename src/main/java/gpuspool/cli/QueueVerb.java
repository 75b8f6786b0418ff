package gpuspool.cli;

import gpuspool.spool.JobRefs;
import gpuspool.spool.QueuedFile;
import gpuspool.spool.Spool;
import gpuspool.spool.Where;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Parameters;

/** What the verbs share that do something to files which nobody has claimed yet. */
abstract class QueueVerb extends Verb {
    /** A job that moves on at each of our looks moves at most from the queue to running, and from there to its end. */
    private static final int MOST_LOOKS = 4;

    /** Two changes within one tick of the kernel's clock get the same ctime, and then no order among each other. */
    private static final long TICK_MILLIS = 11;

    @Parameters(paramLabel = "JOB", arity = "1..*", description = "exp1, or the file's name, exp1.job")
    private List<String> jobs;

    private Spool spool;

    QueueVerb(Invocation call) {
        super(call);
    }

    /** Where the files lie that this verb is for. */
    abstract Where from();

    /** The order in which to go through the jobs named. */
    List<String> inOrder(List<String> named) {
        return named;
    }

    /** Does it; what is said of {@code DONE} is {@link #done}. */
    abstract QueuedFile.Outcome carryOut(QueuedFile file) throws IOException;

    abstract String done(JobRefs.Queued job);

    /** Says what there is to say of a file that lies in the other of {@code incoming/} and {@code held/}; whether all is well. */
    abstract boolean elsewhere(JobRefs.Queued job);

    /** For what is about the queue's order, which held files have no place in; that is not well. */
    boolean sayHeld(JobRefs.Queued job) {
        say(job.fileName() + " is held; put it back first: gpuspool release " + job.name() + spoolOption());
        return false;
    }

    /** What may help with a job that runs already, to follow these words. */
    String instead(JobRefs.Job running) {
        return "; see: gpuspool show " + running.name() + spoolOption();
    }

    @Override
    Set<Where> jobsMeant() {
        return Set.of(from());
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        spool = open();
        boolean all = true;
        boolean later = false;
        for (String job : inOrder(jobs)) {
            if (later) {
                Thread.sleep(TICK_MILLIS);
            }
            later = true;
            all &= carryOut(job);
        }
        return all ? ExitStatus.OK.code : ExitStatus.FAILED.code;
    }

    private boolean carryOut(String reference) throws IOException {
        for (int look = 0; look < MOST_LOOKS; look++) {
            List<JobRefs.Job> found = new JobRefs(spool.places()).find(reference);
            List<JobRefs.Queued> here = queued(found, true);
            if (here.size() > 1) {
                sayAmbiguous(reference, here);
                return false;
            }
            if (here.isEmpty()) {
                return notHere(reference, found);
            }
            JobRefs.Queued job = here.get(0);
            QueuedFile.Outcome outcome = carryOut(new QueuedFile(job, spool.places(), fs));
            if (outcome == QueuedFile.Outcome.DONE) {
                out(job.fileName() + ": " + done(job));
                return true;
            }
            if (outcome == QueuedFile.Outcome.TAKEN) {
                say(job.fileName() + " stays in " + job.where().word() + "/: another file has its name where it was to"
                        + " go; rename one of the two");
                return false;
            }
        }
        say(reference + " moves too fast; try again");
        return false;
    }

    private List<JobRefs.Queued> queued(List<JobRefs.Job> found, boolean here) {
        List<JobRefs.Queued> files = new ArrayList<>();
        for (JobRefs.Job job : found) {
            if (job instanceof JobRefs.Queued file && (file.where() == from()) == here) {
                files.add(file);
            }
        }
        return files;
    }

    private boolean notHere(String reference, List<JobRefs.Job> found) throws IOException {
        List<JobRefs.Queued> others = queued(found, false);
        if (!others.isEmpty()) {
            boolean well = true;
            for (JobRefs.Queued other : others) {
                well &= elsewhere(other);
            }
            return well;
        }
        if (found.isEmpty()) {
            sayNoSuchJob(reference);
        } else if (found.get(0).where() == Where.RUNNING) {
            say(found.get(0).name() + " runs already" + instead(found.get(0)));
        } else {
            say(found.get(0).name() + " has ended already; see: gpuspool show "
                    + found.get(0).name() + spoolOption());
        }
        return false;
    }
}
