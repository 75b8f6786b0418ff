package gpuspool.cli;

import gpuspool.spool.JobRefs;
import gpuspool.spool.QueuedFile;
import gpuspool.spool.Where;
import java.io.IOException;

/** {@code gpuspool last}: sends queued jobs to the end. */
final class LastVerb extends QueueVerb {
    LastVerb(Invocation call) {
        super(call);
    }

    @Override
    Where from() {
        return Where.INCOMING;
    }

    @Override
    QueuedFile.Outcome carryOut(QueuedFile file) throws IOException {
        return file.toEnd();
    }

    @Override
    String done(JobRefs.Queued job) {
        return "comes last now";
    }

    @Override
    boolean elsewhere(JobRefs.Queued job) {
        return sayHeld(job);
    }
}
