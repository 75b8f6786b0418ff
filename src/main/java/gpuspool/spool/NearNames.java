package gpuspool.spool;

import gpuspool.job.JobId;
import gpuspool.job.Stem;
import gpuspool.job.Suggestion;
import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Names of jobs that somebody may have meant who named one that is not there. */
public final class NearNames {
    private NearNames() {}

    /** The nearest one of all jobs in the tree: {@code exp1}, or {@code exp1.2} where a run was named. */
    public static Optional<String> of(Layout places, String reference) throws IOException {
        // Of 100,000 names only those are kept that will do.
        Set<String> near = new TreeSet<>();
        for (Where where : List.of(Where.INCOMING, Where.HELD)) {
            for (Path file : Listing.jobFiles(where.in(places))) {
                offer(reference, Stem.of(RawNames.lastName(file)), near);
            }
        }
        for (Where where : List.of(Where.RUNNING, Where.DONE, Where.FAILED)) {
            Listing.select(where.in(places), entry -> {
                Optional<JobId> id = JobId.parse(entry.getFileName().toString());
                if (id.isPresent()) {
                    offer(reference, id.get().stem(), near);
                    offer(reference, id.get().shortName(), near);
                }
                return false;
            });
        }
        return Suggestion.nearest(reference, near);
    }

    private static void offer(String reference, String name, Set<String> near) {
        if (Math.abs(name.length() - reference.length()) <= Suggestion.FARTHEST
                && Suggestion.nearest(reference, List.of(name)).isPresent()) {
            near.add(name);
        }
    }
}
