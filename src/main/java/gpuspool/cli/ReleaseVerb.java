package gpuspool.cli;

import gpuspool.spool.JobRefs;
import gpuspool.spool.QueuedFile;
import gpuspool.spool.Where;
import java.io.IOException;

/** {@code gpuspool release}: puts held jobs back, at the end of the queue. */
final class ReleaseVerb extends QueueVerb {
    ReleaseVerb(Invocation call) {
        super(call);
    }

    @Override
    Where from() {
        return Where.HELD;
    }

    @Override
    QueuedFile.Outcome carryOut(QueuedFile file) throws IOException {
        return file.moveTo(Where.INCOMING);
    }

    @Override
    String done(JobRefs.Queued job) {
        return "back in the queue, at its end";
    }

    @Override
    boolean elsewhere(JobRefs.Queued job) {
        out(job.fileName() + " is in the queue already");
        return true;
    }
}
