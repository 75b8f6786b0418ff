package gpuspool.spool;

import gpuspool.job.JobId;
import gpuspool.job.Stem;
import gpuspool.posix.RawNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The jobs whose newest run failed and that are neither queued, held nor running. */
public final class FailedJobs {
    private final Layout places;

    public FailedJobs(Layout places) {
        this.places = places;
    }

    /** Their newest runs, in no order. Memory is taken for jobs with a failed run only, however many others there are. */
    public List<JobRefs.Run> newestRuns() throws IOException {
        Set<String> stems = new HashSet<>();
        each(Where.FAILED, (path, id) -> stems.add(id.stem()));
        // In the order in which a job travels: one that moves on meanwhile is seen twice rather than not at all.
        for (Where where : List.of(Where.INCOMING, Where.HELD)) {
            for (Path file : Listing.jobFiles(where.in(places))) {
                stems.remove(Stem.of(RawNames.lastName(file)));
            }
        }
        each(Where.RUNNING, (path, id) -> stems.remove(id.stem()));
        Map<String, JobRefs.Run> newest = new HashMap<>();
        for (Where where : List.of(Where.DONE, Where.FAILED)) {
            each(where, (path, id) -> {
                if (stems.contains(id.stem())) {
                    newest.merge(id.stem(), new JobRefs.Run(path, id, where), FailedJobs::newer);
                }
            });
        }
        List<JobRefs.Run> failed = new ArrayList<>(newest.values());
        failed.removeIf(run -> run.where() != Where.FAILED);
        return failed;
    }

    /** Of two hosts' runs with one number, the one that is done counts: then there is nothing to run again. */
    static JobRefs.Run newer(JobRefs.Run known, JobRefs.Run other) {
        return other.id().run() > known.id().run() ? other : known;
    }

    private interface Taker {
        void take(Path path, JobId id);
    }

    private void each(Where where, Taker taker) throws IOException {
        Listing.select(where.in(places), entry -> {
            JobId.parse(entry.getFileName().toString()).ifPresent(id -> taker.take(entry, id));
            return false;
        });
    }
}
