package gpuspool.cli;

import gpuspool.spool.JobRefs;
import gpuspool.spool.QueuedFile;
import gpuspool.spool.Where;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** {@code gpuspool first}: sends queued jobs to the front. */
final class FirstVerb extends QueueVerb {
    FirstVerb(Invocation call) {
        super(call);
    }

    @Override
    Where from() {
        return Where.INCOMING;
    }

    /** Whoever is asked for last comes first. */
    @Override
    List<String> inOrder(List<String> named) {
        List<String> reversed = new ArrayList<>(named);
        Collections.reverse(reversed);
        return reversed;
    }

    @Override
    QueuedFile.Outcome carryOut(QueuedFile file) throws IOException {
        return file.toFront();
    }

    @Override
    String done(JobRefs.Queued job) {
        return "comes first now";
    }

    @Override
    boolean elsewhere(JobRefs.Queued job) {
        return sayHeld(job);
    }
}
