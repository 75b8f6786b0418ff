package gpuspool.cli;

import gpuspool.spool.JobRefs;
import gpuspool.spool.QueuedFile;
import gpuspool.spool.Where;
import java.io.IOException;

/** {@code gpuspool hold}: takes queued jobs out of the queue without losing them. */
final class HoldVerb extends QueueVerb {
    HoldVerb(Invocation call) {
        super(call);
    }

    @Override
    Where from() {
        return Where.INCOMING;
    }

    @Override
    QueuedFile.Outcome carryOut(QueuedFile file) throws IOException {
        return file.moveTo(Where.HELD);
    }

    @Override
    String done(JobRefs.Queued job) {
        return "held; to put it back: gpuspool release " + job.name() + spoolOption();
    }

    @Override
    String instead(JobRefs.Job running) {
        return "; to stop it: gpuspool cancel " + running.name() + spoolOption();
    }

    @Override
    boolean elsewhere(JobRefs.Queued job) {
        out(job.fileName() + " is held already");
        return true;
    }
}
